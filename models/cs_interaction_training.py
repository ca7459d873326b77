from odoo import api, fields, models

#: How far those who were trained came, from the first look to working alone.
AUTONOMY = [
    ("seen", "Has seen it"),
    ("helped", "Does it with help"),
    ("alone", "Does it alone"),
]


class CsInteraction(models.Model):
    """A training: what it was about, who took part, and how far they came."""

    _inherit = "cs.interaction"

    topic_ids = fields.Many2many(
        comodel_name="cs.training.topic",
        relation="cs_interaction_topic_rel",
        string="Topics",
        help="What was trained.",
    )
    attendee_names = fields.Text(
        string="Other attendees",
        help="One person a line: who took part and is no contact of the customer.",
    )
    autonomy = fields.Selection(
        selection=AUTONOMY,
        string="Autonomy reached",
        help="What those who were trained can do now, as seen at the end.",
    )
    hours = fields.Float(
        string="Duration (hours)", compute="_compute_hours", aggregator="sum"
    )

    @api.depends("minutes")
    def _compute_hours(self):
        for interaction in self:
            interaction.hours = interaction.minutes / 60

    @api.model_create_multi
    def create(self, vals_list):
        """Let a training be about what its task says, where nothing else is said."""
        for vals in vals_list:
            task = self.env["cs.task"].browse(vals.get("task_id"))
            if vals.get("kind") == "training" and "topic_ids" not in vals and task:
                topics = task._training_topics()
                vals["topic_ids"] = [fields.Command.set(topics.ids)]
        return super().create(vals_list)

    def _attendees(self):
        """Return who took part, those who are known first.

        :return: list of ``{"name", "role"}``; the role may be empty
        """
        self.ensure_one()
        known = [
            {"name": contact.name, "role": contact.function or contact.role_id.name}
            for contact in self.contact_ids
        ]
        written = (self.attendee_names or "").splitlines()
        return known + [
            {"name": name.strip(), "role": ""} for name in written if name.strip()
        ]
