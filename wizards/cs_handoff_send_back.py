from odoo import fields, models


class CsHandoffSendBack(models.TransientModel):
    """Asks why a handoff goes back to sales."""

    _name = "cs.handoff.send.back"
    _description = "Send a Handoff Back"

    handoff_id = fields.Many2one(
        comodel_name="cs.handoff", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Send the handoff back with the reason given."""
        self.ensure_one()
        return self.handoff_id.action_send_back(self.reason)
