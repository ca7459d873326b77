from odoo import models
from odoo.tools import SQL


class CsHealthBacktest(models.Model):
    """What the verdicts of a back-test were made of, and what of it came later."""

    _inherit = "cs.health.backtest"

    def _sql_values_used(self, day):
        """Count the values behind each of ``verdicts``, and those that came later.

        A value counts once, however many look at it: the value of a measure that had
        points, what a change is counted from, what a ratio divides by, and what caps
        look at, whether they hold or not.

        :param day: the ``date`` of the verdicts
        :return: an ``SQL``: account_id, used, late (received after that day)
        """
        moment = self.env["cs.account"]._as_of_moment(day, self.company_id)
        return SQL(
            """
            SELECT v.account_id, count(*) AS used,
                   count(*) FILTER (WHERE r.received_at > %(moment)s) AS late
              FROM (%(values)s) v
              LEFT JOIN cs_metric_reading r
                     ON r.account_id = v.account_id AND r.metric_id = v.metric_id
                    AND r.at = v.at
             GROUP BY v.account_id
            """,
            moment=moment,
            values=self._sql_values_read(moment),
        )

    def _sql_values_read(self, moment):
        """Return each value behind ``verdicts`` once: account_id, metric_id, at."""
        return SQL(
            """
            WITH observed AS MATERIALIZED (%(observed)s)
            SELECT account_id, metric_id, at FROM observed
             UNION
            SELECT account_id, other_id, other_at FROM observed
             WHERE other_at IS NOT NULL
            """,
            observed=SQL(" UNION ALL ").join(
                [
                    self._sql_observed(
                        self.scorecard_id.measure_ids,
                        moment,
                        # Not by its age, or older than the measure allows.
                        SQL(
                            """
                            AND EXISTS (
                                SELECT FROM verdicts v
                                 CROSS JOIN jsonb_to_recordset(v.lines) l (
                                       measure_id int, value float8)
                                 WHERE v.account_id = o.account_id
                                   AND l.measure_id = m.id AND l.value IS NOT NULL)
                            """
                        ),
                    ),
                    self._sql_observed(self.scorecard_id.cap_ids, moment, SQL()),
                ]
            ),
        )

    def _sql_observed(self, parts, moment, condition):
        """Return what parts of a scorecard saw of the customers of ``verdicts``.

        :param parts: cs.scorecard.measure or cs.scorecard.cap
        :param condition: an ``SQL`` about part ``m`` and observation ``o``
        :return: an ``SQL``: account_id, metric_id, at, other_id, other_at
        """
        return SQL(
            """
            SELECT o.account_id, m.metric_id, o.at, o.other_at,
                   CASE WHEN m.basis = 'ratio' THEN m.per_metric_id
                        ELSE m.metric_id END AS other_id
              FROM (%(observed)s) o
              JOIN %(table)s m ON m.id = o.observation_id
             WHERE TRUE %(condition)s
            """,
            observed=parts._sql_observed(
                moment, SQL("SELECT account_id AS id FROM verdicts")
            ),
            table=SQL.identifier(parts._table),
            condition=condition,
        )
