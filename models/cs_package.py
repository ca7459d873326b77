from odoo import fields, models


class CsPackage(models.Model):
    """A service package that the company sells."""

    _name = "cs.package"
    _description = "Service Package"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
