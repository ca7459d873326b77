from odoo import fields, models
from odoo.tools import SQL

from ..models.cs_account import HEALTH_BANDS

#: Share of the customers that should have a score, in %.
AIM = 95.0


class CsHealthMonth(models.Model):
    """Bands over time, MRR by band, and the share of customers with a score."""

    _name = "cs.health.month"
    _inherit = "cs.health.report"
    _description = "Bands of Health by Month"
    _auto = False

    band = fields.Selection(selection=HEALTH_BANDS, readonly=True)
    score = fields.Float(digits=(5, 1), aggregator="avg", readonly=True)
    has_score = fields.Float(
        string="With a score (%)",
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="Share of the customers whose band is known.",
    )
    aim = fields.Float(string="Aim (%)", digits=(5, 1), aggregator="avg", readonly=True)
    mrr = fields.Monetary(
        string="MRR", readonly=True, help="As it was at the end of the month."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT h.id, h.month, h.account_id, h.company_id, h.csm_id, h.segment_id,
                   h.band, CASE WHEN h.band <> 'unknown' THEN h.score END AS score,
                   CASE WHEN h.band = 'unknown' THEN 0 ELSE 100 END AS has_score,
                   %(aim)s::float8 AS aim, COALESCE(v.value, 0) AS mrr
              FROM (%(monthly)s) h
              LEFT JOIN (%(mrr)s) v
                     ON v.account_id = h.account_id AND v.number = h.number
            """,
            aim=AIM,
            monthly=self._sql_monthly(),
            mrr=self._sql_mrr(),
        )

    def _sql_mrr(self):
        """Return what customers paid at the end of each month, as facts say it."""
        metric = self.env.ref("customer_success.cs_metric_mrr", False)
        values = self.env["cs.metric.value"]
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS number, v.account_id, v.value FROM (%s) v"
                " WHERE v.metric_id = %s",
                number,
                values._sql_values(last_day if number else None),
                metric.id if metric else 0,
            )
            for number, _month, last_day in self._month_ends()
        )
