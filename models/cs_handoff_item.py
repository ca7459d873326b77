from odoo import fields, models


class CsHandoffItem(models.Model):
    """A point of the handoff's checklist, from the standard list or added by hand."""

    _name = "cs.handoff.item"
    _inherit = "cs.handoff.part"
    _description = "Handoff Checklist Item"

    name = fields.Char(required=True)
    done = fields.Boolean()
    note = fields.Char()
