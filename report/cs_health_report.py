from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: The present month and so many before it.
MONTHS_BACK = 12
MONTHS = SQL("%s", MONTHS_BACK + 1)


class CsHealthReport(models.AbstractModel):
    """What the reports of health stand on: each customer at the end of each month.

    A month shows the customers that were with us on its last day (today, in the
    present month), with the verdict that stood then: the last snapshot until that day.
    Who had none, or one without a band, is unknown. Months before a company's first
    snapshot aren't shown: nobody was judged yet. CSM and segment are those of today.
    """

    _name = "cs.health.report"
    _inherit = "cs.account.report"
    _description = "Health by Month"
    _auto = False
    _order = "month desc, id"
    _depends = {
        "cs.account": ["csm_id", "segment_id", "company_id", "state", "active"],
        "cs.health.snapshot": [
            "account_id",
            "day",
            "at",
            "score",
            "band",
            "lines",
            "is_rebuilt",
        ],
        "cs.subscription": ["account_id", "start_on", "end_on"],
    }

    month = fields.Date(readonly=True)

    @api.model
    def _month_ends(self):
        """Return ``[(number, first day, last day)]``, number 0 being this month."""
        accounts = self.env["cs.account"]
        today = max(accounts._companies_by_today(), default=accounts._today())
        first = today.replace(day=1)
        months = []
        for number in range(MONTHS_BACK + 1):
            begin = first - relativedelta(months=number)
            end = begin + relativedelta(months=1, days=-1)
            months.append((number, begin, min(end, today)))
        return months

    @api.model
    def _sql_months(self):
        rows = SQL(", ").join(
            SQL("(%s, %s::date, %s::date)", *month) for month in self._month_ends()
        )
        return SQL("SELECT * FROM (VALUES %s) m (number, month, last_day)", rows)

    @api.model
    def _sql_monthly(self):
        """Return each customer at the end of each month.

        :return: an ``SQL``: id, number (of the month), month, last_day, account_id,
            company_id, csm_id, segment_id, snapshot_id, score, band
        """
        return SQL(
            """
            SELECT a.id::bigint * %(months)s + m.number AS id,
                   m.number, m.month, m.last_day, a.id AS account_id, a.company_id,
                   a.csm_id, a.segment_id, s.id AS snapshot_id, s.score,
                   COALESCE(s.band, 'unknown') AS band
              FROM (%(calendar)s) m
              JOIN (
                   SELECT c.company_id, min(n.day) AS day
                     FROM cs_health_snapshot n
                     JOIN cs_account c ON c.id = n.account_id
                    WHERE n.is_rebuilt IS NOT TRUE
                    GROUP BY c.company_id
                   ) begun ON begun.day <= m.last_day
              JOIN (%(presence)s) p
                ON p.company_id = begun.company_id
               AND m.last_day BETWEEN p.start_on AND p.end_on
              JOIN cs_account a ON a.id = p.account_id AND a.active
              LEFT JOIN LATERAL (
                   SELECT h.id, h.score, h.band
                     FROM cs_health_snapshot h
                    WHERE h.account_id = a.id AND h.day <= m.last_day
                      AND h.is_rebuilt IS NOT TRUE
                    ORDER BY h.at DESC LIMIT 1
                   ) s ON TRUE
            """,
            months=MONTHS,
            calendar=self._sql_months(),
            presence=self.env["cs.account"]._sql_presence(),
        )
