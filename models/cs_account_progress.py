from odoo import api, models
from odoo.tools import SQL


class CsAccount(models.Model):
    """What the journey leaves on the customer, set by set."""

    _inherit = "cs.account"

    @api.model
    def _refresh_pace(self, journeys=None):
        """Rewrite pace and stage progress from the lifecycle journeys, in one query.

        Stuck: too long in the stage, or a mandatory task late for too long. Behind:
        longer in the stage than expected. Days of pause do not count. An endless
        stage is never finished: it has no progress.

        :param journeys: only these; None: all running ones
        """
        self.env["cs.journey"].flush_model()
        self.env["cs.journey.visit"].flush_model()
        self.env["cs.task"].flush_model()
        self.flush_model(["pace", "stage_progress"])
        if journeys is not None and not journeys:
            return
        scope = SQL("j.id IN %s", tuple(journeys.ids)) if journeys else SQL("TRUE")
        # Materialised: right after a mass insert the planner knows nothing of these
        # tables, and would compute the whole portfolio again for every customer.
        self.env.cr.execute(
            SQL(
                """
                WITH s AS MATERIALIZED (%s)
                UPDATE cs_account a
                   SET pace = s.pace, stage_progress = s.progress
                  FROM s
                 WHERE a.id = s.account_id
                   AND (a.pace, a.stage_progress)
                       IS DISTINCT FROM (s.pace, s.progress)
                RETURNING a.id
                """,
                self._sql_pace(scope),
            )
        )
        changed = self.browse(row[0] for row in self.env.cr.fetchall())
        changed.invalidate_recordset(["pace", "stage_progress"], flush=False)

    @api.model
    def _sql_pace(self, scope):
        """Return a query of account_id, pace and progress of lifecycle journeys.

        :param scope: an ``SQL`` condition on ``cs_journey j``
        """
        return SQL(
            """
            SELECT j.account_id,
                   CASE WHEN l.days > st.stuck_days AND st.stuck_days > 0
                          OR l.late_days > st.stuck_late_days
                             AND st.stuck_late_days > 0 THEN 'stuck'
                        WHEN v.gate_deadline < %(today)s THEN 'stuck'
                        WHEN l.days > st.expected_days
                             AND st.expected_days > 0 THEN 'behind'
                        ELSE 'on_track' END AS pace,
                   CASE WHEN st.endless IS NOT TRUE
                        THEN COALESCE(l.progress, 0) END AS progress
              FROM cs_journey j
              JOIN cs_journey_visit v ON v.id = j.visit_id
              JOIN cs_journey_stage st ON st.id = v.planned_stage_id
             CROSS JOIN LATERAL (
                    SELECT %(today)s - v.entered_on
                               - COALESCE(v.paused_days, 0) AS days,
                           %(today)s - MIN(t.date_deadline) FILTER (
                               WHERE t.state = 'open' AND t.mandatory) AS late_days,
                           ROUND(100.0 * COUNT(*) FILTER (
                               WHERE t.state IN ('done', 'skipped'))
                               / NULLIF(COUNT(*), 0), 1) AS progress
                      FROM cs_task t
                     WHERE t.visit_id = v.id AND t.state != 'cancelled') l
             WHERE j.kind = 'lifecycle' AND j.state = 'running' AND %(scope)s
            """,
            today=self._sql_today(SQL("j.company_id")),
            scope=scope,
        )
