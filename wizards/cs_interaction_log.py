from odoo import api, fields, models

from ..models.cs_account import MOODS
from ..models.cs_interaction import INTERACTION_KINDS
from ..models.cs_interaction_training import AUTONOMY


class CsInteractionLog(models.TransientModel):
    """Asks how an interaction went, and concludes its task."""

    _name = "cs.interaction.log"
    _description = "Log an Interaction"

    task_id = fields.Many2one(comodel_name="cs.task", required=True, ondelete="cascade")
    account_id = fields.Many2one(related="task_id.account_id", related_sudo=False)
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
    topic_ids = fields.Many2many(
        comodel_name="cs.training.topic",
        string="Topics",
        compute="_compute_kind",
        store=True,
        readonly=False,
    )
    attendee_names = fields.Text(string="Other attendees")
    autonomy = fields.Selection(selection=AUTONOMY, string="Autonomy reached")

    @api.depends("task_id")
    def _compute_kind(self):
        for log in self:
            log.kind = log.task_id.interaction_kind or "meeting"
            log.topic_ids = log.task_id._training_topics()

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
                **(self._prepare_training() if self.kind == "training" else {}),
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_training(self):
        return {
            "topic_ids": [fields.Command.set(self.topic_ids.ids)],
            "attendee_names": self.attendee_names,
            "autonomy": self.autonomy,
        }
