from odoo import fields, models

PULSES = [
    ("1", "1 – I expect to lose them"),
    ("2", "2 – Worried"),
    ("3", "3 – Nothing special"),
    ("4", "4 – Good"),
    ("5", "5 – They would fight for us"),
]


class CsPulseNote(models.TransientModel):
    """Asks the CSM how they feel about a customer: a fact like others."""

    _name = "cs.pulse.note"
    _description = "Note the Pulse of a Customer"

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    pulse = fields.Selection(selection=PULSES, required=True)
    note = fields.Text(help="What makes you feel so; it stays in the customer's log.")

    def action_confirm(self):
        """Record the pulse."""
        self.ensure_one()
        self.account_id.action_note_pulse(int(self.pulse), self.note)
        return {"type": "ir.actions.act_window_close"}
