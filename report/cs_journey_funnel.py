from odoo import fields, models
from odoo.tools import SQL


class CsJourneyFunnel(models.Model):
    """How far customers come: one row a journey and stage that it has entered.

    Entered: was in the stage at least once. Advanced: went on from there to the next
    stage, or to the end of the journey, at least once. Now there: the journey is under
    way (running or paused) and in this stage. Stopped there: it was cancelled in this
    stage. Conversion: of those who entered, the share that advanced; who is still
    there counts as not advanced yet.
    """

    _name = "cs.journey.funnel"
    _inherit = "cs.account.report"
    _description = "Journey Funnel"
    _auto = False
    _order = "stage_sequence, entered_on desc, id"
    _depends = {
        "cs.account": ["csm_id", "segment_id", "company_id", "active"],
        "cs.journey": ["template_id", "kind", "state", "account_id"],
        "cs.journey.stage": [
            "journey_id",
            "stage_id",
            "sequence",
            "phase_id",
            "endless",
        ],
        "cs.journey.visit": [
            "planned_stage_id",
            "entered_on",
            "left_on",
            "outcome",
        ],
    }

    journey_id = fields.Many2one(comodel_name="cs.journey", readonly=True)
    template_id = fields.Many2one(comodel_name="cs.journey.template", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["cs.journey"]._fields["kind"].selection,
        readonly=True,
    )
    stage_id = fields.Many2one(comodel_name="cs.journey.template.stage", readonly=True)
    stage_sequence = fields.Integer(aggregator=None, readonly=True)
    phase_id = fields.Many2one(comodel_name="cs.phase", readonly=True)
    entered_on = fields.Date(string="Entered on", readonly=True, help="The first time.")
    entered = fields.Integer(
        readonly=True, help="Journeys that were in the stage at least once."
    )
    advanced = fields.Integer(
        readonly=True,
        help="Of them, those that went on to the next stage, or to the end, at least "
        "once.",
    )
    now_there = fields.Integer(
        string="Now there",
        readonly=True,
        help="Journeys under way, running or paused, that are in the stage.",
    )
    stopped = fields.Integer(
        string="Stopped there",
        readonly=True,
        help="Journeys that were cancelled in the stage.",
    )
    conversion = fields.Float(
        string="Conversion (%)",
        aggregator="avg",
        digits=(5, 1),
        readonly=True,
        help="Advanced ÷ entered. Who is still there counts as not advanced yet; a "
        "stage without an end has none.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT st.id, j.account_id, st.company_id, a.csm_id, a.segment_id,
                   st.journey_id, j.template_id, j.kind, st.stage_id,
                   st.sequence AS stage_sequence, st.phase_id, v.entered_on,
                   1 AS entered,
                   v.advanced::int AS advanced,
                   (v.inside AND j.state IN ('running', 'paused'))::int AS now_there,
                   (v.cancelled AND j.state = 'cancelled')::int AS stopped,
                   CASE WHEN st.endless IS NOT TRUE
                        THEN 100.0 * v.advanced::int
                   END AS conversion
              FROM cs_journey_stage st
              JOIN cs_journey j ON j.id = st.journey_id
              JOIN cs_account a ON a.id = j.account_id
              JOIN (SELECT planned_stage_id, min(entered_on) AS entered_on,
                           bool_or(COALESCE(outcome = 'advance', FALSE)) AS advanced,
                           bool_or(left_on IS NULL) AS inside,
                           bool_or(COALESCE(outcome = 'cancel', FALSE)) AS cancelled
                      FROM cs_journey_visit
                     GROUP BY planned_stage_id) v ON v.planned_stage_id = st.id
             WHERE a.active
            """
        )
