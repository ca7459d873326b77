from odoo import api, fields, models
from odoo.tools import SQL

from .cs_cadence import CADENCES


class CsAccount(models.Model):
    """When we speak with the customer next, by the most specific cadence."""

    _inherit = "cs.account"

    next_followup_on = fields.Date(
        string="Next follow-up",
        copy=False,
        help="The last interaction plus the cadence of follow-ups.",
    )
    next_results_meeting_on = fields.Date(
        string="Next results meeting",
        copy=False,
        help="The last results meeting plus its cadence.",
    )

    def _cadence(self, name):
        """Return how many days lie between two contacts, 0: on demand.

        :param name: one of ``cs.cadence``'s fields
        """
        self.ensure_one()
        [(days,)] = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s) c WHERE c.account_id = %s",
                SQL.identifier(name),
                self._sql_cadences(),
                self.id,
            )
        )
        return days

    @api.model
    def _sql_cadences(self):
        """Return the cadences of each customer as a relation.

        :return: an ``SQL`` with account_id and the fields of ``cs.cadence``, in days
        """
        self.flush_model([*CADENCES, "segment_id", "phase_id"])
        self.env["cs.segment"].flush_model([*CADENCES, "is_default", "active"])
        self.env["cs.segment.phase"].flush_model()
        columns = SQL(", ").join(
            SQL(
                "COALESCE(NULLIF(a.%(c)s, 0), NULLIF(p.%(c)s, 0), s.%(c)s, 0) AS %(c)s",
                c=SQL.identifier(name),
            )
            for name in CADENCES
        )
        return SQL(
            """
            SELECT a.id AS account_id, %s
              FROM cs_account a
              LEFT JOIN LATERAL (
                    SELECT *
                      FROM cs_segment x
                     WHERE x.id = a.segment_id
                        OR a.segment_id IS NULL AND x.is_default AND x.active
                           AND (x.company_id IS NULL OR x.company_id = a.company_id)
                     ORDER BY x.company_id
                     LIMIT 1) s ON TRUE
              LEFT JOIN cs_segment_phase p
                     ON p.segment_id = s.id AND p.phase_id = a.phase_id
            """,
            columns,
        )

    @api.model
    def _refresh_followups(self, accounts=None):
        """Write anew when the next follow-up and results meeting are due.

        What never was is counted from the day the customer is active since; what
        has no cadence has no day.

        :param accounts: the accounts, or a list of their ids; all without it
        """
        self.flush_model()
        results = self.env.ref(
            "customer_success.cs_metric_last_results_meeting", raise_if_not_found=False
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_account a
                   SET next_followup_on = n.followup_on,
                       next_results_meeting_on = n.results_on
                  FROM (SELECT a.id,
                               COALESCE(a.last_interaction_on, a.active_since,
                                        a.create_date::date)
                               + NULLIF(c.followup_days, 0) AS followup_on,
                               COALESCE(DATE '1970-01-01' + r.value::int,
                                        a.active_since, a.create_date::date)
                               + NULLIF(c.results_meeting_days, 0) AS results_on
                          FROM cs_account a
                          JOIN (%(cadences)s) c ON c.account_id = a.id
                          LEFT JOIN cs_metric_value r
                                 ON r.account_id = a.id AND r.metric_id = %(metric)s
                         WHERE a.state = 'active' AND %(scope)s) n
                 WHERE n.id = a.id
                   AND (a.next_followup_on, a.next_results_meeting_on)
                       IS DISTINCT FROM (n.followup_on, n.results_on)
                """,
                cadences=self._sql_cadences(),
                metric=results.id if results else 0,
                scope=self._sql_scope(SQL("a.id"), accounts),
            )
        )
        self.invalidate_model(["next_followup_on", "next_results_meeting_on"])
