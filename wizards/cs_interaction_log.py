from odoo import api, fields, models

from ..models.cs_account import MOODS
from ..models.cs_interaction import INTERACTION_KINDS


class CsInteractionLog(models.TransientModel):
    """Asks how an interaction went, and concludes its task."""

    _name = "cs.interaction.log"
    _description = "Log an Interaction"

    task_id = fields.Many2one(comodel_name="cs.task", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="task_id.account_id")
    kind = fields.Selection(
        selection=INTERACTION_KINDS,
        compute="_compute_kind",
        store=True,
        readonly=False,
        required=True,
    )
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    minutes = fields.Integer(string="Duration (minutes)")
    mood = fields.Selection(selection=MOODS)
    contact_ids = fields.Many2many(
        comodel_name="cs.contact",
        string="With",
        domain="[('account_id', '=', account_id)]",
    )
    notes = fields.Html()
    next_step = fields.Char(string="Next step")

    @api.depends("task_id")
    def _compute_kind(self):
        for log in self:
            log.kind = log.task_id.interaction_kind or "meeting"

    def action_conclude(self):
        """Conclude the task, leaving what was written in the customer's history."""
        self.ensure_one()
        self.task_id._conclude(
            {
                "kind": self.kind,
                "date": self.date,
                "minutes": self.minutes,
                "mood": self.mood,
                "contact_ids": [fields.Command.set(self.contact_ids.ids)],
                "notes": self.notes,
                "next_step": self.next_step,
            }
        )
        return {"type": "ir.actions.act_window_close"}
