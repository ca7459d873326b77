from odoo import fields, models

DECISIONS = [
    ("task_skip", "Skip the task"),
    ("journey_advance", "Advance to the next stage"),
    ("journey_return", "Return to the stage before"),
    ("journey_continue", "Go on in this stage"),
    ("journey_release_gate", "Release the gate"),
    ("journey_pause", "Pause the journey"),
    ("journey_cancel", "Cancel the journey"),
    ("handoff_send_back", "Send the handoff back"),
    ("alert_close", "Close the alert"),
]


class CsReason(models.TransientModel):
    """Asks why, before something is decided by hand."""

    _name = "cs.reason"
    _description = "Reason of a Decision"

    decision = fields.Selection(selection=DECISIONS, required=True, readonly=True)
    task_ids = fields.Many2many(comodel_name="cs.task", string="Tasks")
    journey_ids = fields.Many2many(comodel_name="cs.journey", string="Journeys")
    handoff_ids = fields.Many2many(comodel_name="cs.handoff", string="Handoffs")
    alert_ids = fields.Many2many(comodel_name="cs.alert", string="Alerts")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Carry out the decision with the reason given."""
        self.ensure_one()
        subject, action = self.decision.split("_", 1)
        records = self[f"{subject}_ids"]
        getattr(records, f"action_{action}")(self.reason)
        return {"type": "ir.actions.act_window_close"}
