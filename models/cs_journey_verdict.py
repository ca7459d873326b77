from odoo import api, fields, models


class CsJourneyVerdict(models.Model):
    """What an indicator saw on the day its stage was judged, and what was expected.

    It keeps the question too: a template that is updated changes no past verdict.
    """

    _name = "cs.journey.verdict"
    _inherit = "cs.condition"
    _description = "Judged Value"
    _order = "judged_on desc, id desc"

    visit_id = fields.Many2one(
        comodel_name="cs.journey.visit", required=True, ondelete="cascade", index=True
    )
    journey_id = fields.Many2one(
        related="visit_id.journey_id", store=True, index=True, precompute=True
    )
    account_id = fields.Many2one(
        related="visit_id.account_id",
        string="Customer",
        store=True,
        index=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        related="visit_id.company_id", store=True, index=True, precompute=True
    )
    stage_id = fields.Many2one(
        related="visit_id.stage_id", store=True, index=True, precompute=True
    )
    task_id = fields.Many2one(
        comodel_name="cs.task",
        string="Indicator",
        required=True,
        ondelete="cascade",
        index=True,
    )
    judged_on = fields.Date(string="Judged on", required=True)
    value = fields.Float(aggregator="avg")
    is_known = fields.Boolean(string="Known")
    holds = fields.Boolean(string="As expected")
    continuous = fields.Boolean(help="Judged in the stages that follow too.")
    origin_stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        string="Carried from",
        ondelete="restrict",
    )

    @api.depends("value", "is_known", "holds", "metric_id", "operator", "threshold")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for verdict in self:
            verdict.display_name = verdict._say_verdict(
                verdict.value if verdict.is_known else None, verdict.holds
            )
