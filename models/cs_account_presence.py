from odoo import api, models
from odoo.tools import SQL


class CsAccount(models.Model):
    """When customers were with us: from when, until when, and whether they left."""

    _inherit = "cs.account"

    @api.model
    def _sql_presence(self, scope=None):
        """Return the stretches of time in which customers were with us.

        Subscriptions that follow each other within the days of grace are one stretch,
        as they are when customers are marked as churned. Without any subscription
        the stretch begins with the first fact, or with the customer's own record.

        :param scope: function from the ``SQL`` of an account's id to a condition
        :return: an ``SQL`` that can stand in a FROM as ``(%s) p``, with the columns
            account_id, company_id, start_on and end_on (dates, both included; the
            end may be infinity) and left_on (the end, where the customer left then;
            within the days of grace nobody has left yet)
        """
        self.flush_model()
        self.env["cs.subscription"].flush_model()
        return SQL(
            """
            SELECT p.account_id, p.company_id, p.start_on, p.end_on,
                   CASE WHEN p.end_on + %(grace)s < p.today
                          OR p.state = 'churned' AND p.end_on = p.churned_on
                        THEN p.end_on END AS left_on
              FROM (
                   SELECT s.account_id, a.company_id, a.state, a.churned_on, c.today,
                          s.start_on,
                          CASE WHEN a.state = 'churned' AND s.start_on <= a.churned_on
                               THEN LEAST(s.end_on, a.churned_on)
                               ELSE s.end_on END AS end_on
                     FROM (%(stretches)s) s
                     JOIN cs_account a ON a.id = s.account_id
                     JOIN (%(companies)s) c ON c.company_id = a.company_id
                   ) p
            """,
            grace=self._churn_grace_days(),
            stretches=self._sql_stretches(scope),
            companies=self._sql_companies(),
        )

    @api.model
    def _sql_stretches(self, scope):
        """Return account_id, start_on and end_on of every stretch, as planned."""
        return SQL(
            """
            WITH subscribed AS (
                SELECT t.account_id, t.start_on,
                       COALESCE(t.end_on, 'infinity'::date) AS end_on,
                       max(COALESCE(t.end_on, 'infinity'::date)) OVER (
                           PARTITION BY t.account_id ORDER BY t.start_on, t.end_on
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                       ) AS end_before
                  FROM (%(subscriptions)s) t
                 WHERE t.has_begun
            ), numbered AS (
                SELECT s.*, count(*) FILTER (
                           WHERE end_before IS NULL
                              OR start_on > end_before + %(grace)s + 1
                       ) OVER (PARTITION BY account_id ORDER BY start_on, end_on
                               ROWS UNBOUNDED PRECEDING) AS stretch
                  FROM subscribed s
            )
            SELECT account_id, min(start_on) AS start_on, max(end_on) AS end_on
              FROM numbered
             GROUP BY account_id, stretch
             UNION ALL
            SELECT a.id, LEAST(a.create_date, f.first_at)::date,
                   'infinity'::date
              FROM cs_account a
              LEFT JOIN LATERAL (
                   SELECT min(r.at) AS first_at FROM cs_metric_reading r
                    WHERE r.account_id = a.id) f ON TRUE
             WHERE %(scope)s
               AND NOT EXISTS (SELECT FROM subscribed s WHERE s.account_id = a.id)
            """,
            subscriptions=self.env["cs.subscription"]._sql_today(scope),
            grace=self._churn_grace_days(),
            scope=scope(SQL("a.id")) if scope else SQL("TRUE"),
        )
