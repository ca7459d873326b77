from odoo import api, fields, models

JOURNEY_KINDS = [
    ("lifecycle", "Lifecycle"),
    ("expansion", "Expansion"),
    ("risk", "Risk"),
    ("renewal", "Renewal"),
    ("cancellation", "Cancellation"),
    ("other", "Other"),
]


class CsJourneyTemplate(models.Model):
    """What a kind of customer walks through: ordered stages with their tasks.

    Starting a journey copies stages and tasks, so a template can be edited at any
    time without touching who is already on the way.
    """

    _name = "cs.journey.template"
    _description = "Journey Template"
    _inherit = ["cs.shared.template"]
    _order = "sequence, id"
    _check_company_auto = True
    _used_by = "cs.journey"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=JOURNEY_KINDS,
        default="lifecycle",
        required=True,
        index=True,
        help="A customer has one lifecycle journey, which moves its phase, and any "
        "number of the other kinds (playbooks) beside it.",
    )
    description = fields.Html(translate=True)
    stage_ids = fields.One2many(
        comodel_name="cs.journey.template.stage",
        inverse_name="template_id",
        string="Stages",
        copy=True,
    )
    stage_count = fields.Integer(
        string="Number of stages", compute="_compute_stage_totals"
    )
    task_count = fields.Integer(
        string="Number of tasks", compute="_compute_stage_totals"
    )
    expected_days = fields.Integer(
        string="Expected days",
        compute="_compute_stage_totals",
        help="Sum of the days that the stages are expected to take.",
    )
    running_count = fields.Integer(string="Under way", compute="_compute_running_count")

    @api.depends("stage_ids.task_ids", "stage_ids.expected_days")
    def _compute_stage_totals(self):
        for template in self:
            stages = template.stage_ids
            template.stage_count = len(stages)
            template.task_count = len(stages.task_ids)
            template.expected_days = sum(stages.mapped("expected_days"))

    def _compute_running_count(self):
        counts = dict(
            self.env["cs.journey"]._read_group(
                domain=[
                    ("template_id", "in", self.ids),
                    ("state", "in", ("running", "paused")),
                ],
                groupby=["template_id"],
                aggregates=["__count"],
            )
        )
        for template in self:
            template.running_count = counts.get(template, 0)

    @api.constrains("kind", "stage_ids")
    def _check_lifecycle_has_phases(self):
        self.filtered(lambda t: t.kind == "lifecycle").stage_ids._check_phase()

    def _say_used_elsewhere(self):
        return self.env._(
            "%(template)s has journeys of other companies, so it stays shared.",
            template=self.display_name,
        )

    def action_open_journeys(self):
        """Open the journeys that were started from this template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_journey_action"
        )
        action["domain"] = [("template_id", "=", self.id)]
        return action
