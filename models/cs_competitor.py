from odoo import fields, models


class CsCompetitor(models.Model):
    """A vendor that customers come from."""

    _name = "cs.competitor"
    _description = "Competitor"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
