"""Which caps hold the scores of customers down, and how far."""

from odoo.tools import SQL

from .validity import sql_ageing_of, sql_moves


class Capping:
    """The caps of some scorecards, judged for the customers in ``scope``."""

    def __init__(self, caps, as_of, is_now):
        """
        :param caps: cs.scorecard.cap records
        :param as_of: None (now) or a naive UTC ``datetime``
        :param is_now: say until when the answer stays, too
        """
        self.caps = caps
        self.as_of = as_of
        self.is_now = is_now

    def sql(self):
        """Return which caps hold each customer's score down."""
        if not self.caps:
            return SQL(
                "SELECT 0 AS account_id, 0::float8 AS cap, 0::float8 AS sure_cap,"
                " '[]'::jsonb AS lines, NULL::timestamp AS until,"
                " NULL::float8 AS days_left WHERE FALSE"
            )
        ageing = SQL(", MIN(until) AS until, MIN(days_left) AS days_left")
        return SQL(
            """
            SELECT account_id, MIN(max_score) FILTER (WHERE holds) AS cap,
                   MIN(max_score) FILTER (WHERE holds OR is_lost) AS sure_cap,
                   jsonb_agg(jsonb_build_object(
                       'cap_id', cap_id, 'value', value, 'at', at,
                       'max_score', max_score)) FILTER (WHERE holds) AS lines
                   %(ageing)s
              FROM (SELECT s.id AS account_id, c.id AS cap_id, o.value, o.at,
                           c.max_score::float8 AS max_score, %(holds)s AS holds,
                           o.account_id IS NOT NULL AND o.value IS NULL
                               AND c.operator <> 'unknown' AS is_lost
                           %(each_ageing)s
                      FROM scope s
                      JOIN cs_scorecard_cap c ON c.scorecard_id = s.scorecard_id
                      LEFT JOIN (%(seen)s) o
                        ON o.account_id = s.id AND o.observation_id = c.id
                      JOIN LATERAL (SELECT o.value) x ON TRUE
                      %(each_metric)s) c
             GROUP BY account_id
            """,
            seen=self.caps._sql_observed(self.as_of, SQL("SELECT id FROM scope"), True),
            holds=self.caps._sql_holds(),
            ageing=ageing if self.is_now else SQL(),
            each_ageing=sql_moves(
                SQL("c.threshold::float8"), SQL("c.threshold::float8")
            )
            if self.is_now
            else SQL(),
            each_metric=SQL(
                """
                CROSS JOIN LATERAL (
                    SELECT c.basis, %(lag)s AS lag, %(stale)s AS stale,
                           %(other_stale)s AS other_stale, %(days)s AS days,
                           NULL::interval AS max_age
                      FROM cs_metric k
                      LEFT JOIN cs_metric p
                        ON p.id = c.per_metric_id AND c.basis = 'ratio'
                     WHERE k.id = c.metric_id) m
                """,
                **sql_ageing_of(SQL("c")),
            )
            if self.is_now
            else SQL(),
        )
