from odoo import fields, models


class CsHandoffItem(models.Model):
    """A point of the handoff's checklist, from the standard list or added by hand."""

    _name = "cs.handoff.item"
    _description = "Handoff Checklist Item"
    _order = "handoff_id, sequence, id"

    handoff_id = fields.Many2one(
        comodel_name="cs.handoff", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    done = fields.Boolean()
    note = fields.Char()
