from odoo import fields, models
from odoo.tools import SQL

from ..models.cs_account import HEALTH_BANDS


class CsHealthMovement(models.Model):
    """Who went from which band to which, month by month."""

    _name = "cs.health.movement"
    _inherit = "cs.health.report"
    _description = "Movement between Bands of Health"
    _auto = False

    from_band = fields.Selection(
        selection=[*HEALTH_BANDS, ("new", "New customer")],
        string="From",
        readonly=True,
    )
    to_band = fields.Selection(
        selection=[*HEALTH_BANDS, ("left", "Left")], string="To", readonly=True
    )
    direction = fields.Selection(
        selection=[
            ("better", "Better"),
            ("worse", "Worse"),
            ("known", "Became known"),
            ("lost", "Became unknown"),
            ("new", "New customer"),
            ("left", "Left"),
        ],
        readonly=True,
    )
    score_change = fields.Float(
        string="Points gained",
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="From the end of one month to the end of the next, where both are known.",
    )

    @property
    def _table_query(self):
        # In the first month that is shown, nobody moved yet.
        return SQL(
            """
            WITH monthly AS (%(monthly)s),
            followed AS (
                SELECT m.*, lag(band) OVER w AS band_before,
                       lag(number) OVER w AS number_before,
                       lag(score) OVER w AS score_before,
                       lead(number) OVER w AS number_after,
                       max(number) OVER (PARTITION BY company_id) AS first_number
                  FROM monthly m
                WINDOW w AS (PARTITION BY account_id ORDER BY number DESC)
            ), moved AS (
                SELECT id * 2 AS id, month, account_id, company_id, csm_id, segment_id,
                       CASE WHEN number_before = number + 1 THEN band_before
                            ELSE 'new' END AS from_band,
                       band AS to_band, score, score_before
                  FROM followed
                 WHERE number < first_number
                   AND (number_before IS DISTINCT FROM number + 1
                        OR band <> band_before)
                 UNION ALL
                SELECT id * 2 + 1, (month + INTERVAL '1 month')::date, account_id,
                       company_id, csm_id, segment_id, band, 'left', NULL, NULL
                  FROM followed
                 WHERE number > 0 AND number_after IS DISTINCT FROM number - 1
            )
            SELECT id, month, account_id, company_id, csm_id, segment_id, from_band,
                   to_band,
                   CASE WHEN to_band = 'left' THEN 'left'
                        WHEN from_band = 'new' THEN 'new'
                        WHEN from_band = 'unknown' THEN 'known'
                        WHEN to_band = 'unknown' THEN 'lost'
                        WHEN (from_band, to_band) IN (('red', 'yellow'),
                             ('red', 'green'), ('yellow', 'green')) THEN 'better'
                        ELSE 'worse' END AS direction,
                   CASE WHEN from_band NOT IN ('unknown', 'new')
                         AND to_band NOT IN ('unknown', 'left')
                        THEN score - score_before END AS score_change
              FROM moved
            """,
            monthly=self._sql_monthly(),
        )
