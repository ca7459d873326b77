from odoo import fields, models
from odoo.tools import SQL

# How far ahead the work of journeys is counted.
HORIZON_DAYS = 90


class CsWorkload(models.Model):
    """The work that journeys and open tasks ask of the team in the next 90 days.

    One row each time that a task is expected to be done: open ones on their deadline,
    or today when that is past; those to come on the day they are planned to open;
    recurring ones again and again until their stage is expected to end. What the
    customer does, and indicators, ask nothing of the team.
    """

    _name = "cs.workload"
    _inherit = "cs.account.report"
    _description = "Work to Come"
    _auto = False
    _order = "date, id"
    _rec_name = "task_id"
    _depends = {
        "cs.account": ["csm_id", "segment_id", "company_id", "active", "state"],
        "cs.journey": ["state", "template_id"],
        "cs.journey.stage": ["journey_id", "stage_id", "sequence", "date_planned"],
        "cs.task": [
            "account_id",
            "journey_id",
            "stage_id",
            "kind",
            "state",
            "responsible",
            "user_id",
            "effort_hours",
            "recurrence_days",
            "date_open",
            "date_deadline",
            "date_planned",
        ],
    }

    date = fields.Date(readonly=True, help="When it is expected to be done.")
    task_id = fields.Many2one(comodel_name="cs.task", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned to",
        readonly=True,
        help="Empty: nobody yet.",
    )
    template_id = fields.Many2one(comodel_name="cs.journey.template", readonly=True)
    stage_id = fields.Many2one(comodel_name="cs.journey.template.stage", readonly=True)
    state = fields.Selection(
        selection=[("open", "Open"), ("waiting", "To come")],
        readonly=True,
        help="To come: not open yet, or the next times of one that recurs.",
    )
    hours = fields.Float(
        readonly=True, help="The effort that the template says, each time."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row_number() OVER (ORDER BY t.id, o.date) AS id,
                   o.date, t.id AS task_id, t.account_id, t.company_id, a.csm_id,
                   a.segment_id, t.user_id, j.template_id, t.stage_id,
                   CASE WHEN o.turn = 1 THEN t.state ELSE 'waiting' END AS state,
                   COALESCE(t.effort_hours, 0)::float AS hours
              FROM cs_task t
              JOIN cs_account a ON a.id = t.account_id
              LEFT JOIN cs_journey j ON j.id = t.journey_id
              LEFT JOIN cs_journey_stage st
                     ON st.journey_id = t.journey_id AND st.stage_id = t.stage_id
              LEFT JOIN LATERAL (
                   SELECT n.date_planned
                     FROM cs_journey_stage n
                    WHERE n.journey_id = st.journey_id
                      AND (n.sequence, n.id) > (st.sequence, st.id)
                    ORDER BY n.sequence, n.id
                    LIMIT 1) following ON st.endless IS NOT TRUE
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN t.state = 'open'
                               THEN GREATEST(t.date_deadline, %(today)s)
                               WHEN t.date_planned IS NOT NULL
                               THEN GREATEST(t.date_planned, %(today)s)
                          END AS first,
                          COALESCE(t.date_planned, t.date_open) AS planned,
                          %(today)s + %(horizon)s AS horizon) d
             CROSS JOIN LATERAL (
                   SELECT d.first AS date, 1 AS turn
                    UNION ALL
                   SELECT again::date, 2
                     FROM generate_series(
                              (d.planned + t.recurrence_days)::timestamp,
                              CASE WHEN st.endless THEN d.horizon
                                   WHEN following.date_planned IS NOT NULL
                                   THEN LEAST(following.date_planned - 1, d.horizon)
                              END::timestamp,
                              make_interval(days => NULLIF(t.recurrence_days, 0))
                          ) again
                    WHERE t.recurrence_days > 0 AND again::date >= %(today)s) o
             WHERE a.active
               AND a.state = 'active'
               AND t.state IN ('open', 'waiting')
               AND (t.journey_id IS NULL OR j.state = 'running')
               AND t.responsible != 'customer'
               AND t.kind != 'indicator'
               AND o.date <= d.horizon
            """,
            today=self.env["cs.account"]._sql_today(SQL("t.company_id")),
            horizon=HORIZON_DAYS,
        )
