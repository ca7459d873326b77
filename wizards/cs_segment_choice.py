from odoo import fields, models


class CsSegmentChoice(models.TransientModel):
    """Puts customers in a segment by hand: which, why, until when."""

    _name = "cs.segment.choice"
    _description = "Choose a Segment by Hand"

    account_ids = fields.Many2many(
        comodel_name="cs.account",
        string="Customers",
        default=lambda self: self.env.context.get("active_ids"),
    )
    segment_id = fields.Many2one(comodel_name="cs.segment", required=True)
    reason = fields.Text(required=True)
    until = fields.Date(help="The last day of the choice. Empty: until released.")

    def action_confirm(self):
        """Put them in the segment."""
        self.ensure_one()
        self.account_ids.action_set_segment(self.segment_id, self.reason, self.until)
        return {"type": "ir.actions.act_window_close"}
