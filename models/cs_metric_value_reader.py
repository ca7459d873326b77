from odoo import api, models
from odoo.tools import SQL

from ..facts.reading_parser import EPOCH


class CsMetricValue(models.Model):
    """The one reader of facts, for everything that judges."""

    _inherit = "cs.metric.value"

    @api.model
    def _sql_values(self, as_of=None, with_unknown=False):
        """Return the relation that every verdict reads facts from.

        It can stand in a FROM as ``(%s) v``, with the columns account_id, metric_id,
        value and at; what is unknown has no row. Dates are read as days, since them
        or until them, on the day of the account's company. Conditions on account_id
        and metric_id written around it reach the indexes.

        :param as_of: None: now; a UTC ``datetime``; or a ``date``, meaning the end
            of that day at each account's company. It selects by ``at``: what was
            true then, as we know it today
        :param with_unknown: what became unknown has a row too, its value NULL
        :return: an ``SQL``
        """
        days = self.env["cs.account"]._company_days(as_of)
        if len(set(days.values())) == 1:
            [(moment, day)] = set(days.values())
            by_company = SQL()
            moment, today = SQL("%s", moment), SQL("%s", (day - EPOCH).days)
        else:
            by_company = self._sql_join_company_days(days)
            moment, today = SQL("c.moment"), SQL("c.today")
        if as_of is None:
            newest = SQL("v")
            by_history = SQL()
        else:
            newest = SQL("r")
            by_history = self._sql_join_newest_reading(moment)
        return SQL(
            """
            SELECT v.account_id, v.metric_id, %(value)s AS value, %(newest)s.at
              FROM cs_metric_value v %(by_company)s %(by_history)s
             WHERE %(if_known)s
            """,
            value=self._sql_aged(SQL("%s.value", newest), today),
            newest=newest,
            by_company=by_company,
            by_history=by_history,
            if_known=SQL("TRUE")
            if with_unknown
            else SQL("%s.value IS NOT NULL", newest),
        )

    def _sql_join_company_days(self, days):
        """Join each account's company with its moment and its today as a number."""
        rows = SQL(", ").join(
            SQL("(%s, %s::timestamp, %s)", company_id, moment, (day - EPOCH).days)
            for company_id, (moment, day) in days.items()
        )
        return SQL(
            """
            JOIN cs_account a ON a.id = v.account_id
            JOIN (VALUES %s) c (company_id, moment, today)
              ON c.company_id = a.company_id
            """,
            rows,
        )

    def _sql_join_newest_reading(self, moment):
        # What has a reading has a present, so the present lists what to look up:
        # one probe of the history's index each, however long the history is.
        return SQL(
            """
            CROSS JOIN LATERAL (
                SELECT h.value, h.at
                  FROM cs_metric_reading h
                 WHERE h.account_id = v.account_id
                   AND h.metric_id = v.metric_id
                   AND h.at <= %s
                 ORDER BY h.at DESC
                 LIMIT 1
            ) r
            """,
            moment,
        )

    def _sql_aged(self, value, today):
        """Return ``value``, or for dates the days since or until it."""
        metrics = self.env["cs.metric"].sudo()
        return SQL(
            """
            CASE WHEN v.metric_id = ANY(%(since)s::int[]) THEN %(today)s - %(value)s
                 WHEN v.metric_id = ANY(%(until)s::int[]) THEN %(value)s - %(today)s
                 ELSE %(value)s END
            """,
            since=metrics._ids_of_kinds(["days_since"]),
            until=metrics._ids_of_kinds(["days_until"]),
            today=today,
            value=value,
        )

    @api.model
    def _sql_next_reading(self, account, metric, after):
        """Return the moment of the first reading after one: a column ``at``.

        :param account: an ``SQL`` giving the id of an account
        :param metric: an ``SQL`` giving the id of a metric
        :param after: an ``SQL`` giving a naive UTC moment
        """
        return SQL(
            """
            SELECT h.at FROM cs_metric_reading h
             WHERE h.account_id = %s AND h.metric_id = %s AND h.at > %s
             ORDER BY h.at
             LIMIT 1
            """,
            account,
            metric,
            after,
        )
