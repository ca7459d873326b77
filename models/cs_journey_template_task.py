from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..journeys.titles import begins_with_verb


class CsJourneyTemplateTask(models.Model):
    """A task as the template has it; journeys work on copies."""

    _name = "cs.journey.template.task"
    _description = "Journey Template Task"
    _inherit = ["cs.task.blueprint"]
    _order = "position, sequence, id"

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
    title_hint = fields.Char(
        compute="_compute_title_hint",
        help="What could be better about the title; nobody is held by it.",
    )

    @api.depends("name", "kind")
    @api.depends_context("lang")
    def _compute_title_hint(self):
        lang = self.env.lang or "en_US"
        for task in self:
            has_verb = begins_with_verb(task.name, lang)
            task.title_hint = False
            if not task.name:
                continue
            if task.kind == "indicator" and has_verb:
                task.title_hint = self.env._(
                    "An indicator is a quantity, so its name is no action: "
                    '"Weekly active users" rather than "Measure the active users".'
                )
            elif task.kind != "indicator" and not has_verb:
                task.title_hint = self.env._(
                    "Begin with a verb, so that everybody knows what is to be done: "
                    '"Send the list of users" rather than "List of users".'
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
