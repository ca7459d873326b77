from odoo import api, fields, models


class CsTrainingTopic(models.Model):
    """A subject that customers are trained in; a plan makes it a training to hold."""

    _name = "cs.training.topic"
    _description = "Training Topic"
    _inherit = ["cs.task.definition"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(default="interaction")
    interaction_kind = fields.Selection(default="training")
    duration_days = fields.Integer(default=7)
    action_ids = fields.Many2many(
        comodel_name="cs.diagnostic.action",
        relation="cs_diagnostic_action_topic_rel",
        string="Actions that ask for it",
    )
    journey_task_ids = fields.Many2many(
        comodel_name="cs.journey.template.task",
        relation="cs_training_topic_journey_rel",
        string="Tasks of the journey",
        help="What the journey asks for in general: a plan takes its place.",
    )
    action_count = fields.Integer(string="Asked for by", compute="_compute_counts")

    @api.depends("action_ids")
    def _compute_counts(self):
        for topic in self:
            topic.action_count = len(topic.action_ids)
