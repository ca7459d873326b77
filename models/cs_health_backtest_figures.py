from odoo import models
from odoo.fields import Command
from odoo.tools import SQL


class CsHealthBacktest(models.Model):
    """The figures of a back-test, from its observations."""

    _inherit = "cs.health.backtest"

    def _work_out(self):
        """Work out figures, lines, curve and the customers that left."""
        self.ensure_one()
        self.env["cs.health.backtest.observation"].flush_model()
        self._write_customers()
        counts = self._counts()
        by_band = self._by_band()
        warned = [by_band[band] for band in self._warning_bands() if band in by_band]
        warnings = sum(seen for seen, _left in warned)
        hits = sum(left for _seen, left in warned)
        self.write(
            {
                **counts,
                "warnings": warnings,
                "precision": 100 * hits / warnings if warnings else 0,
                "recall": 100 * hits / (counts["observations_left"] or 1),
                "auc": self._auc(),
                "curve": {"roc": self._roc(), "scores": self._distribution()},
                "line_ids": [
                    Command.clear(),
                    *map(Command.create, self._band_lines(by_band)),
                    *map(Command.create, self._bucket_lines()),
                ],
            }
        )

    def _warning_bands(self):
        return ("red", "yellow") if self.warned_from == "yellow" else ("red",)

    def _query(self, query, **params):
        return self.env.execute_query(SQL(query, id=self.id, **params))

    def _counts(self):
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT count(*) AS observations,
                       count(*) FILTER (WHERE is_left) AS observations_left,
                       count(*) FILTER (WHERE band = 'unknown') AS observations_unknown,
                       count(*) FILTER (WHERE band = 'unknown' AND is_left)
                           AS observations_left_unknown,
                       count(DISTINCT account_id) AS customers,
                       COALESCE(sum(values_used), 0) AS values_used,
                       COALESCE(sum(values_late), 0) AS values_late
                  FROM cs_health_backtest_observation
                 WHERE backtest_id = %s
                """,
                self.id,
            )
        )
        [(left, judged, warned, taken_back, lead)] = self._query(
            """
            SELECT count(*), count(*) FILTER (WHERE is_judged),
                   count(*) FILTER (WHERE is_warned),
                   count(*) FILTER (WHERE is_taken_back),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_days)
                       FILTER (WHERE is_warned AND NOT is_taken_back)
              FROM cs_health_backtest_customer
             WHERE backtest_id = %(id)s
            """
        )
        return {
            **row,
            "customers_left": left,
            "customers_left_judged": judged,
            "customers_warned": warned,
            "customers_taken_back": taken_back,
            "lead_days": lead or 0,
        }

    def _auc(self):
        """Return the area under the ROC curve, by ranks, ties counting half.

        AUC = (pairs of one that left and one that stayed in which the one that left
        scored lower + ½ pairs of equal score) / all such pairs. This is the statistic
        of Mann and Whitney (1947), U / (n₁·n₂); that it is the area under the curve
        is shown in Hanley and McNeil, *The meaning and use of the area under a
        receiver operating characteristic (ROC) curve*, Radiology 143 (1982).

        :return: a float; 0 where nobody left or nobody stayed
        """
        [(auc,)] = self._query(
            """
            WITH scores AS (
                SELECT score, count(*) FILTER (WHERE is_left)::numeric AS leaving,
                       count(*) FILTER (WHERE NOT is_left)::numeric AS staying
                  FROM cs_health_backtest_observation
                 WHERE backtest_id = %(id)s AND band <> 'unknown'
                 GROUP BY score
            ), ranked AS (
                SELECT leaving, staying,
                       sum(staying) OVER (ORDER BY score DESC) - staying AS above
                  FROM scores
            )
            SELECT sum(leaving * (above + staying / 2))
                   / NULLIF(sum(leaving) * sum(staying), 0)
              FROM ranked
            """
        )
        return float(auc or 0)

    def _roc(self):
        """Return the ROC curve: a point for each whole number of the score.

        :return: list of ``{"x", "y", "score"}``: warning of all below a score warns
            of the share ``y`` of those that left and ``x`` of those that stayed
        """
        rows = self._query(
            """
            SELECT floor(score)::int + 1 AS below,
                   count(*) FILTER (WHERE is_left),
                   count(*) FILTER (WHERE NOT is_left)
              FROM cs_health_backtest_observation
             WHERE backtest_id = %(id)s AND band <> 'unknown'
             GROUP BY below ORDER BY below
            """
        )
        leaving = sum(left for _below, left, _stayed in rows) or 1
        staying = sum(stayed for _below, _left, stayed in rows) or 1
        points, left_so_far, stayed_so_far = [{"x": 0, "y": 0, "score": 0}], 0, 0
        for below, left, stayed in rows:
            left_so_far += left
            stayed_so_far += stayed
            points.append(
                {
                    "x": round(stayed_so_far / staying, 4),
                    "y": round(left_so_far / leaving, 4),
                    "score": min(below, 100),
                }
            )
        return points if rows else []

    def _by_band(self):
        """Return ``{band: (observations, of customers that left)}``."""
        rows = self._query(
            """
            SELECT band, count(*), count(*) FILTER (WHERE is_left)
              FROM cs_health_backtest_observation
             WHERE backtest_id = %(id)s
             GROUP BY band
            """
        )
        return {band: (seen, left) for band, seen, left in rows}

    def _band_lines(self, by_band):
        leaving = sum(left for _seen, left in by_band.values())
        seen_so_far = left_so_far = 0
        for sequence, band in enumerate(("red", "yellow", "green", "unknown")):
            seen, left = by_band.get(band, (0, 0))
            line = {
                "kind": "band",
                "sequence": sequence,
                "band": band,
                **self._shares(seen, left),
            }
            if band != "unknown":
                seen_so_far += seen
                left_so_far += left
                line["has_precision"] = bool(seen_so_far)
                line["precision"] = 100 * left_so_far / (seen_so_far or 1)
                line["has_recall"] = bool(leaving)
                line["recall"] = 100 * left_so_far / (leaving or 1)
            yield line

    def _shares(self, seen, left):
        return {
            "observations": seen,
            "left": left,
            "stayed": seen - left,
            "has_left_share": bool(seen),
            "left_share": 100 * left / seen if seen else 0,
        }

    def _by_bucket(self):
        """Return ``{tens of the score: (observations, of customers that left)}``."""
        rows = self._query(
            """
            SELECT LEAST(floor(score / 10)::int, 9) AS tens, count(*),
                   count(*) FILTER (WHERE is_left)
              FROM cs_health_backtest_observation
             WHERE backtest_id = %(id)s AND band <> 'unknown'
             GROUP BY tens
            """
        )
        return {tens: (seen, left) for tens, seen, left in rows}

    def _bucket_lines(self):
        for tens, counts in sorted(self._by_bucket().items()):
            yield {
                "kind": "bucket",
                "sequence": tens,
                "score_from": 10 * tens,
                "score_to": 10 * tens + 10,
                **self._shares(*counts),
            }

    def _distribution(self):
        """Return how scores were spread: ``{"from", "left", "stayed"}``, in shares."""
        buckets = self._by_bucket()
        leaving = sum(left for _seen, left in buckets.values()) or 1
        staying = sum(seen - left for seen, left in buckets.values()) or 1
        return [
            {
                "from": 10 * tens,
                "left": round(100 * left / leaving, 2),
                "stayed": round(100 * (seen - left) / staying, 2),
            }
            for tens, (seen, left) in (
                (tens, buckets.get(tens, (0, 0))) for tens in range(10)
            )
        ]

    def _write_customers(self):
        """Write who left, what their scores were, and since when they were warned of.

        A warning counts from its first day after which it was never taken back, until
        the customer left: one that was gone by then has no lead time.
        """
        self.customer_ids.unlink()
        self.env.cr.execute(
            SQL(
                """
                WITH leaving AS (
                    SELECT account_id, left_on, bool_or(is_warned) AS is_warned,
                           bool_or(band <> 'unknown') AS is_judged,
                           (array_agg(is_warned ORDER BY day DESC))[1] AS is_last,
                           (array_agg(score ORDER BY day DESC))[1] AS last_score,
                           (array_agg(band ORDER BY day DESC))[1] AS last_band,
                           string_agg(CASE WHEN band = 'unknown' THEN '–'
                                           ELSE round(score::numeric, 1)::text END,
                                      ' → ' ORDER BY day) AS scores
                      FROM cs_health_backtest_observation
                     WHERE backtest_id = %(id)s AND is_left
                     GROUP BY account_id, left_on
                ), warned AS (
                    SELECT l.*, CASE WHEN l.is_last THEN (
                           SELECT min(o.day) FROM cs_health_backtest_observation o
                            WHERE o.backtest_id = %(id)s
                              AND o.account_id = l.account_id
                              AND o.left_on = l.left_on
                              AND o.day > COALESCE((
                                  SELECT max(c.day)
                                    FROM cs_health_backtest_observation c
                                   WHERE c.backtest_id = %(id)s
                                     AND c.account_id = l.account_id
                                     AND c.left_on = l.left_on
                                     AND NOT c.is_warned), '-infinity')
                           ) END AS first_warning
                      FROM leaving l
                )
                INSERT INTO cs_health_backtest_customer
                       (backtest_id, account_id, left_on, is_judged, is_warned,
                        is_taken_back, warned_on, lead_days, last_score, last_band,
                        scores)
                SELECT %(id)s, account_id, left_on, is_judged, is_warned,
                       is_warned AND NOT is_last, first_warning,
                       left_on - first_warning, last_score, last_band, scores
                  FROM warned
                """,
                id=self.id,
            )
        )
        self.env["cs.health.backtest.customer"].invalidate_model()
