from odoo import fields, models
from odoo.tools import SQL

from ..models.cs_account import HEALTH_BANDS


class CsHealthRecomputed(models.Model):
    """The past by another version of a scorecard beside what was judged then.

    One row for each customer that was with us, of those the scorecard judges, on the
    last day of each month that was recomputed; of a month recomputed in part, on the
    last day of that part.
    """

    _name = "cs.health.recomputed"
    _inherit = "cs.health.report"
    _description = "Recomputed Past beside what was Judged"
    _auto = False
    _order = "month desc, id"
    _depends = {
        "cs.account": ["csm_id", "segment_id", "company_id", "health_scorecard_id"],
        "cs.health.snapshot": [
            "account_id",
            "day",
            "at",
            "score",
            "band",
            "scorecard_id",
            "is_rebuilt",
        ],
        "cs.health.rebuild": ["scorecard_id", "company_id", "date_from", "next_day"],
        "cs.scorecard": ["origin_id"],
        "cs.subscription": ["account_id", "start_on", "end_on"],
    }

    day = fields.Date(string="As of", readonly=True)
    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard", string="Recomputed by", readonly=True
    )
    band_then = fields.Selection(
        selection=HEALTH_BANDS, string="Band as judged", readonly=True
    )
    band = fields.Selection(
        selection=HEALTH_BANDS, string="Band recomputed", readonly=True
    )
    score_then = fields.Float(
        string="Score as judged", digits=(5, 1), aggregator="avg", readonly=True
    )
    score = fields.Float(
        string="Score recomputed", digits=(5, 1), aggregator="avg", readonly=True
    )
    score_change = fields.Float(
        string="Points more",
        digits=(5, 1),
        aggregator="avg",
        readonly=True,
        help="Recomputed less as judged, where both bands are known.",
    )
    other_band = fields.Float(
        string="In another band (%)", digits=(5, 1), aggregator="avg", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH recomputed AS (
                SELECT r.scorecard_id, r.company_id, m.month,
                       max(LEAST((m.month + INTERVAL '1 month')::date, r.next_day) - 1)
                           AS day
                  FROM cs_health_rebuild r
                 CROSS JOIN LATERAL (
                       SELECT g::date AS month
                         FROM generate_series(
                              date_trunc('month', r.date_from::timestamp),
                              r.next_day::timestamp - INTERVAL '1 day',
                              INTERVAL '1 month') g
                       ) m
                 WHERE r.next_day > r.date_from
                 GROUP BY r.scorecard_id, r.company_id, m.month
            ), followed AS (
                SELECT r.*, a.id AS account_id, a.csm_id, a.segment_id
                  FROM recomputed r
                  JOIN cs_scorecard k ON k.id = r.scorecard_id
                  JOIN (%(presence)s) p ON p.company_id = r.company_id
                   AND r.day BETWEEN p.start_on AND p.end_on
                  JOIN cs_account a ON a.id = p.account_id AND a.active
                  LEFT JOIN cs_scorecard j ON j.id = a.health_scorecard_id
                 WHERE COALESCE(j.origin_id, j.id) = COALESCE(k.origin_id, k.id)
                    OR EXISTS (SELECT FROM cs_health_snapshot s
                                WHERE s.account_id = a.id AND s.is_rebuilt
                                  AND s.scorecard_id = r.scorecard_id)
            )
            SELECT row_number() OVER (ORDER BY f.scorecard_id, f.month, f.account_id)
                       AS id,
                   f.month, f.day, f.account_id, f.company_id, f.csm_id, f.segment_id,
                   f.scorecard_id,
                   COALESCE(t.band, 'unknown') AS band_then,
                   COALESCE(n.band, 'unknown') AS band,
                   CASE WHEN t.band <> 'unknown' THEN t.score END AS score_then,
                   CASE WHEN n.band <> 'unknown' THEN n.score END AS score,
                   CASE WHEN t.band <> 'unknown' AND n.band <> 'unknown'
                        THEN n.score - t.score END AS score_change,
                   CASE WHEN COALESCE(t.band, 'unknown')
                             = COALESCE(n.band, 'unknown')
                        THEN 0 ELSE 100 END AS other_band
              FROM followed f
              LEFT JOIN LATERAL (%(then)s) t ON TRUE
              LEFT JOIN LATERAL (%(now)s) n ON TRUE
            """,
            presence=self.env["cs.account"]._sql_presence(),
            then=self._sql_last_snapshot(SQL("s.is_rebuilt IS NOT TRUE")),
            now=self._sql_last_snapshot(
                SQL("s.is_rebuilt AND s.scorecard_id = f.scorecard_id")
            ),
        )

    def _sql_last_snapshot(self, condition):
        """Return the last snapshot ``s`` of what is ``f``, of those that meet it."""
        return SQL(
            """
            SELECT s.score, s.band FROM cs_health_snapshot s
             WHERE s.account_id = f.account_id AND s.day <= f.day AND %s
             ORDER BY s.at DESC LIMIT 1
            """,
            condition,
        )
