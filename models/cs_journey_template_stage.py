from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CsJourneyTemplateStage(models.Model):
    """A moment of a journey: when it is late, when it may end, what is done in it."""

    _name = "cs.journey.template.stage"
    _description = "Journey Template Stage"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        comodel_name="cs.journey.template",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    template_kind = fields.Selection(related="template_id.kind")
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    phase_id = fields.Many2one(
        comodel_name="cs.phase",
        ondelete="restrict",
        index=True,
        help="Column that the customer is in during this stage. Only the lifecycle "
        "journey moves customers.",
    )
    expected_days = fields.Integer(
        string="Expected days",
        help="Days after which the customer counts as behind. 0: never.",
    )
    stuck_days = fields.Integer(
        string="Stuck after (days)",
        help="Days after which the customer counts as stuck. 0: never.",
    )
    stuck_late_days = fields.Integer(
        string="Stuck when late (days)",
        default=15,
        help="Days that a mandatory task may be late before the customer counts as "
        "stuck. 0: never.",
    )
    min_days = fields.Integer(
        string="Minimum days",
        help="The stage does not end before these days have passed, even with all "
        "its tasks done.",
    )
    endless = fields.Boolean(
        help="The customer stays in this stage, with its recurring tasks, until "
        "somebody moves it."
    )
    visible_to_customer = fields.Boolean(
        string="Shown to the customer",
        help="The customer sees this stage on its portal: the name, and when.",
    )
    description = fields.Html(translate=True)
    task_ids = fields.One2many(
        comodel_name="cs.journey.template.task",
        inverse_name="stage_id",
        string="Tasks",
        copy=True,
    )
    task_count = fields.Integer(string="Number of tasks", compute="_compute_task_count")

    _days_positive = models.Constraint(
        "CHECK (expected_days >= 0 AND stuck_days >= 0 AND stuck_late_days >= 0"
        " AND min_days >= 0)",
        "Days cannot be negative.",
    )

    @api.depends("name", "template_id.name")
    @api.depends_context("cs_stage_with_template")
    def _compute_display_name(self):
        """Tell stages of the same name apart where those of all templates meet."""
        for stage in self:
            stage.display_name = stage.name
            if self.env.context.get("cs_stage_with_template") and stage.template_id:
                stage.display_name = f"{stage.name} ({stage.template_id.name})"

    @api.depends("task_ids")
    def _compute_task_count(self):
        for stage in self:
            stage.task_count = len(stage.task_ids)

    def _rank(self):
        return (self.sequence, self.id)

    @api.constrains("phase_id")
    def _check_phase(self):
        for stage in self:
            if stage.template_id.kind == "lifecycle" and not stage.phase_id:
                raise ValidationError(
                    self.env._(
                        "Stage %(stage)s of a lifecycle journey needs a phase: it "
                        "decides the customer's column.",
                        stage=stage.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_walked(self):
        # sudo: journeys that the user does not see hold the stage too
        walked = (
            self.env["cs.journey.stage"].sudo().search([("stage_id", "in", self.ids)])
        )
        if walked:
            raise UserError(
                self.env._(
                    "Customers have walked through %(stages)s, so it cannot be "
                    "deleted. Archive it: new journeys will leave it out.",
                    stages=", ".join(walked.stage_id.mapped("name")),
                )
            )
