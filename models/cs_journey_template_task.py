from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsJourneyTemplateTask(models.Model):
    """A task as the template has it; journeys work on copies."""

    _name = "cs.journey.template.task"
    _description = "Journey Template Task"
    _inherit = ["cs.task.definition"]
    _order = "position, id"

    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        required=True,
        ondelete="cascade",
        index=True,
    )
    template_id = fields.Many2one(
        related="stage_id.template_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(related="stage_id.company_id", store=True, index=True)

    @api.constrains("responsible", "user_id")
    def _check_fixed_person(self):
        for task in self:
            if task.responsible == "user" and not task.user_id:
                raise ValidationError(
                    self.env._(
                        "Say which person is responsible for %(task)s, or give it to "
                        "the customer's CSM.",
                        task=task.name,
                    )
                )

    @api.constrains("kind", "metric_id")
    def _check_indicator_has_a_metric(self):
        for task in self:
            if task.kind == "indicator" and not task.metric_id:
                raise ValidationError(
                    self.env._(
                        "Choose the metric that %(task)s looks at, and the value that "
                        "is expected.",
                        task=task.name,
                    )
                )
