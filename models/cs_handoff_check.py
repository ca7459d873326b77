from odoo import fields, models


class CsHandoffCheck(models.Model):
    """A point that every new handoff's checklist starts with."""

    _name = "cs.handoff.check"
    _description = "Handoff Checklist"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
