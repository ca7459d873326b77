from odoo import fields, models


class CsIndustry(models.Model):
    """The market that a customer works in (market segment)."""

    _name = "cs.industry"
    _description = "Customer Industry"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
