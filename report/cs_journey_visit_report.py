from odoo import api, fields, models
from odoo.tools import SQL


class CsJourneyVisitReport(models.Model):
    """How long customers stay in a stage, and why they repeat it or go back.

    One row a visit: a second time in a stage is a second row. Days: from entering to
    leaving, or to today, without the days of pause. Over: days beyond the expected
    ones of the stage, 0 where it was in time or where nothing is expected.
    """

    _name = "cs.journey.visit.report"
    _inherit = "cs.account.report"
    _description = "Time in Stages"
    _auto = False
    _order = "entered_on desc, id desc"
    _depends = {
        "cs.account": ["csm_id", "segment_id", "company_id", "active"],
        "cs.journey": ["template_id", "kind", "state", "account_id"],
        "cs.journey.stage": ["expected_days", "sequence"],
        "cs.journey.visit": [
            "journey_id",
            "account_id",
            "planned_stage_id",
            "stage_id",
            "phase_id",
            "entered_on",
            "left_on",
            "paused_days",
            "outcome",
            "reason",
            "decided_by_id",
        ],
    }

    journey_id = fields.Many2one(comodel_name="cs.journey", readonly=True)
    template_id = fields.Many2one(comodel_name="cs.journey.template", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["cs.journey"]._fields["kind"].selection,
        readonly=True,
    )
    visit_id = fields.Many2one(comodel_name="cs.journey.visit", readonly=True)
    stage_id = fields.Many2one(comodel_name="cs.journey.template.stage", readonly=True)
    phase_id = fields.Many2one(comodel_name="cs.phase", readonly=True)
    entered_on = fields.Date(string="Entered on", readonly=True)
    left_on = fields.Date(string="Left on", readonly=True)
    is_over = fields.Boolean(string="Left the stage", readonly=True)
    turn = fields.Integer(
        string="Visit number",
        aggregator=None,
        readonly=True,
        help="1: the first time in the stage; 2: the second.",
    )
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["cs.journey.visit"]._fields["outcome"].selection
        ),
        readonly=True,
        help="How the visit ended; empty: the customer is still there.",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Moved by",
        readonly=True,
        help="The person who moved the customer; empty: the indicators did.",
    )
    reason = fields.Char(readonly=True, help="What a person said when moving it.")
    why = fields.Text(
        compute="_compute_why",
        help="What a person said, or the indicators that failed.",
    )
    days = fields.Float(
        aggregator="avg",
        digits=(16, 1),
        readonly=True,
        help="From entering to leaving, or to today, without the days of pause. "
        "Groups show the mean.",
    )
    expected_days = fields.Float(
        string="Expected days",
        aggregator="avg",
        digits=(16, 1),
        readonly=True,
        help="What the stage is expected to take; empty where nothing is expected.",
    )
    days_over = fields.Float(
        string="Days over",
        aggregator="avg",
        digits=(16, 1),
        readonly=True,
        help="Days beyond the expected ones; 0 when it was in time.",
    )
    over_share = fields.Float(
        string="Over time (%)",
        aggregator="avg",
        digits=(5, 1),
        readonly=True,
        help="Share of the visits that took longer than expected, of the stages in "
        "which something is expected.",
    )

    @api.depends("reason", "visit_id")
    def _compute_why(self):
        for row in self:
            row.why = row.reason or row.visit_id.judged_values

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT v.id, v.id AS visit_id, v.account_id, v.company_id, a.csm_id,
                   a.segment_id, v.journey_id, j.template_id, j.kind, v.stage_id,
                   v.phase_id, v.entered_on, v.left_on,
                   v.left_on IS NOT NULL AS is_over,
                   row_number() OVER (PARTITION BY v.planned_stage_id
                                      ORDER BY v.entered_on, v.id) AS turn,
                   v.outcome, v.decided_by_id, v.reason,
                   d.days::float AS days,
                   NULLIF(st.expected_days, 0)::float AS expected_days,
                   CASE WHEN st.expected_days > 0
                        THEN GREATEST(d.days - st.expected_days, 0)::float
                   END AS days_over,
                   CASE WHEN st.expected_days > 0
                        THEN 100.0 * (d.days > st.expected_days)::int
                   END AS over_share
              FROM cs_journey_visit v
              JOIN cs_journey j ON j.id = v.journey_id
              JOIN cs_journey_stage st ON st.id = v.planned_stage_id
              JOIN cs_account a ON a.id = v.account_id
             CROSS JOIN LATERAL (
                   SELECT GREATEST(
                       COALESCE(v.left_on, j.paused_on, %(today)s) - v.entered_on
                       - COALESCE(v.paused_days, 0), 0) AS days) d
             WHERE a.active
            """,
            today=self.env["cs.account"]._sql_today(SQL("v.company_id")),
        )
