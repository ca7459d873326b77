from odoo import api, fields, models
from odoo.exceptions import ValidationError

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
    _order = "sequence, id"
    _check_company_auto = True

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
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Empty: shared by all companies.",
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

    @api.constrains("company_id")
    def _check_company_of_running(self):
        for template in self.filtered("company_id"):
            if (
                self.env["cs.journey"]
                .sudo()  # sudo: journeys of companies that the user does not see
                .search_count(
                    [
                        ("template_id", "=", template.id),
                        ("company_id", "!=", template.company_id.id),
                    ],
                    limit=1,
                )
            ):
                raise ValidationError(
                    self.env._(
                        "%(template)s has journeys of other companies, so it stays "
                        "shared.",
                        template=template.display_name,
                    )
                )

    def copy_data(self, default=None):
        """Name the copies as copies."""
        vals_list = super().copy_data(default=default)
        if "name" not in (default or {}):
            for template, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=template.name)
        return vals_list

    def action_open_journeys(self):
        """Open the journeys that were started from this template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_journey_action"
        )
        action["domain"] = [("template_id", "=", self.id)]
        return action
