"""What somebody would write who had to judge these customers by one SQL: no history of
segments, no versions, caps, ages, overrides, no moment until which a verdict stays."""

from odoo import fields

_JUDGE = """
WITH present AS MATERIALIZED (
    SELECT account_id, metric_id, value, at FROM cs_metric_value
     WHERE account_id = ANY(%(ids)s)
), facts AS MATERIALIZED (
    SELECT account_id,
           max(value) FILTER (WHERE metric_id = %(employees)s) AS employees,
           max(value) FILTER (WHERE metric_id = %(mrr)s) AS mrr,
           max(value) FILTER (WHERE metric_id = %(products)s) AS products,
           max(value) FILTER (WHERE metric_id = %(competitor)s) AS competitor,
           max(value) FILTER (WHERE metric_id = %(contacts)s) AS contacts
      FROM present GROUP BY account_id
), segmented AS MATERIALIZED (
    SELECT account_id, jsonb_build_array(jsonb_build_object(
               'employees', employees, 'mrr', mrr, 'products', products,
               'competitor', competitor, 'contacts', contacts)) AS facts,
           CASE WHEN (COALESCE(employees > 100, FALSE)::int
                      + COALESCE(mrr > 2000, FALSE)::int
                      + COALESCE(products > 2, FALSE)::int
                      + COALESCE(competitor = 1, FALSE)::int
                      + COALESCE(contacts > 4, FALSE)::int) >= 3
                THEN %(enterprise)s ELSE %(small)s END AS segment_id
      FROM facts
), observed AS (
    SELECT v.account_id, m.id AS measure_id, m.weight::float8 AS weight,
           m.worst::float8 AS worst, m.best::float8 AS best, v.at,
           CASE m.basis WHEN 'value' THEN v.value
                WHEN 'ratio' THEN v.value / NULLIF(p.value, 0)
                ELSE CASE WHEN b.value = 0 THEN sign(v.value) * 1e9
                     ELSE 100 * (v.value - b.value) / abs(b.value) END
           END AS value
      FROM present v
      JOIN cs_scorecard_measure m
        ON m.metric_id = v.metric_id AND m.scorecard_id = %(card)s
      JOIN cs_metric k ON k.id = m.metric_id
      LEFT JOIN present p ON m.basis = 'ratio' AND p.account_id = v.account_id
                         AND p.metric_id = m.per_metric_id
      LEFT JOIN LATERAL (
           SELECT r.value FROM cs_metric_reading r
            WHERE m.basis = 'change_pct' AND r.account_id = v.account_id
              AND r.metric_id = v.metric_id AND r.at <= %(past)s
            ORDER BY r.at DESC LIMIT 1) b ON TRUE
     WHERE k.stale_after_days = 0
        OR v.at >= %(now)s - k.stale_after_days * INTERVAL '1 day'
), judged AS (
    SELECT *, CASE WHEN value IS NOT NULL THEN
                   round(least(100, greatest(0, 100 * (value - worst)
                         / (best - worst)))::numeric, 4)::float8 END AS points
      FROM observed
), summed AS MATERIALIZED (
    SELECT account_id,
           round(round((sum(weight * points)
                 / nullif(sum(weight) FILTER (WHERE points IS NOT NULL), 0))
                 ::numeric, 8), 1) AS score,
           round((100 * sum(weight) FILTER (WHERE points IS NOT NULL)
                  / %(weight)s)::numeric, 1) AS coverage,
           jsonb_agg(jsonb_build_object(
               'measure_id', measure_id, 'value', value, 'at', at,
               'points', points, 'weight', weight)) AS lines
      FROM judged GROUP BY account_id
), verdicts AS MATERIALIZED (
    SELECT *, CASE WHEN coverage < 40 THEN 'unknown' WHEN score >= 70 THEN 'green'
                   WHEN score >= 40 THEN 'yellow' ELSE 'red' END AS band
      FROM summed
), kept AS (
    INSERT INTO cs_health_snapshot
           (account_id, day, at, scorecard_id, score, computed, band, coverage, lines,
            is_rebuilt)
    SELECT account_id, %(today)s, %(now)s, %(card)s, score, score, band, coverage,
           lines, FALSE
      FROM verdicts
)
UPDATE cs_account a
   SET health_score = v.score, health_computed = v.score, health_band = v.band,
       health_coverage = v.coverage, health_trend = 0,
       segment_id = s.segment_id, segment_facts = s.facts
  FROM verdicts v JOIN segmented s ON s.account_id = v.account_id
 WHERE a.id = v.account_id
"""


class ByHand:
    """Judges customers by the scorecard of the benchmark and the shipped segments."""

    def __init__(self, env, card):
        self.env = env
        names = {
            "employees": "metric_employees",
            "mrr": "metric_mrr",
            "products": "metric_products",
            "competitor": "metric_from_competitor",
            "contacts": "metric_contacts",
            "enterprise": "segment_enterprise",
            "small": "segment_me_pme",
        }
        self.constants = {
            key: env.ref(f"customer_success.cs_{name}").id
            for key, name in names.items()
        }
        self.constants["card"] = card.id
        self.constants["weight"] = sum(card.measure_ids.mapped("weight"))

    def judge(self, account_ids):
        """Judge and write."""
        now = fields.Datetime.now()
        self.env.cr.execute(
            _JUDGE,
            {
                **self.constants,
                "ids": account_ids,
                "now": now,
                "past": fields.Datetime.subtract(now, days=30),
                "today": now.date(),
            },
        )
        self.env.invalidate_all()
