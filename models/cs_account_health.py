from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

HEALTH_BATCH = 20_000


class CsAccount(models.Model):
    """Health: every account judged by its scorecard, set-based, and written once."""

    _inherit = "cs.account"

    health_explanation = fields.Json(
        compute="_compute_health_explanation",
        help="Lines of the last verdict, for the customer's form.",
    )

    @api.depends("health_score", "health_band", "health_coverage")
    @api.depends_context("lang")
    def _compute_health_explanation(self):
        for account in self:
            account.health_explanation = account.explain_health() if account.id else []

    def _score(self, as_of=None, scorecard=None):
        """Judge the health of these accounts, or of all active ones if none is given.

        Points of a measure run linearly from *worst* (0) to *best* (100). The score
        is the mean of the points, weighted by the measures that are known and fresh
        (or that count 0 or 50 when unknown).

        Without arguments, account and snapshot are written, where they differ.

        :param as_of: a naive UTC ``datetime``, or a ``date`` for the end of that day:
            nothing is written, and only facts dated until then are seen
        :param scorecard: a cs.scorecard that judges instead of the account's own:
            nothing is written
        :return: with ``as_of`` or ``scorecard`` a list of dicts with account_id,
            scorecard_id, score (0–100), band, coverage (%) and lines; otherwise the
            number of accounts whose verdict changed
        """
        self._flush_for_score()
        of_whom = [("id", "in", self.ids)] if self else [("state", "=", "active")]
        by_company = self._read_group(of_whom, ["company_id"], ["id:recordset"])
        if as_of is None and not scorecard:
            return sum(
                accounts._write_verdicts(company) for company, accounts in by_company
            )
        rows = []
        for company, accounts in by_company:
            moment = self._as_of_moment(as_of, company)
            verdicts = accounts._sql_verdicts(moment, scorecard, as_of is None)
            rows += self.env.execute_query_dict(verdicts)
        return rows

    @api.model
    def _flush_for_score(self):
        for model in ("cs.account", "cs.segment", "cs.scorecard", "cs.metric"):
            self.env[model].flush_model()
        self.env["cs.scorecard.measure"].flush_model()
        self.env["cs.health.snapshot"].flush_model()

    def _write_verdicts(self, company):
        """Write what differs: the day's snapshot and the mirror on the account."""
        now = fields.Datetime.now()
        self._materialise_verdicts(now)
        changed = self.env.execute_query(
            SQL(
                """
                WITH latest AS (%(latest)s)
                INSERT INTO cs_health_snapshot
                       (account_id, day, at, scorecard_id, score, band, coverage, lines)
                SELECT v.account_id, %(today)s, %(now)s, v.scorecard_id, v.score,
                       v.band, v.coverage, v.lines
                  FROM cs_health_verdict v
                  LEFT JOIN latest l ON l.account_id = v.account_id
                 WHERE l.account_id IS NULL
                    OR ROUND(l.score::numeric, 1) <> ROUND(v.score::numeric, 1)
                    OR l.band <> v.band
                    OR l.scorecard_id IS DISTINCT FROM v.scorecard_id
                    ON CONFLICT (account_id, day) DO UPDATE
                   SET at = EXCLUDED.at, scorecard_id = EXCLUDED.scorecard_id,
                       score = EXCLUDED.score, band = EXCLUDED.band,
                       coverage = EXCLUDED.coverage, lines = EXCLUDED.lines
                RETURNING account_id
                """,
                latest=self._sql_latest_snapshots(now),
                today=self._today(company),
                now=now,
            )
        )
        self._mirror_health(now)
        self.env["cs.health.snapshot"].invalidate_model()
        return len(changed)

    def _materialise_verdicts(self, now):
        """Keep the verdicts of this run in a table of the transaction."""
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS cs_health_verdict"))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE cs_health_verdict ON COMMIT DROP AS %s",
                self._sql_verdicts(now, None, True),
            )
        )

    def _mirror_health(self, now):
        """Show score and band of the latest snapshot on accounts, and how known it is.

        The score is the snapshot's, which explains it; coverage moves without one.
        The trend counts points since 30 days ago, where both ends are known.
        """
        self.env.execute_query(
            SQL(
                """
                WITH latest AS (%(latest)s), earlier AS (%(earlier)s),
                shown AS (
                    SELECT l.account_id, l.score, l.band, v.coverage,
                           CASE WHEN l.band = 'unknown' OR e.band = 'unknown' THEN 0
                                ELSE COALESCE(l.score - e.score, 0) END AS trend
                      FROM latest l
                      JOIN cs_health_verdict v ON v.account_id = l.account_id
                      LEFT JOIN earlier e ON e.account_id = l.account_id
                )
                UPDATE cs_account a
                   SET health_score = s.score, health_computed = s.score,
                       health_band = s.band, health_coverage = s.coverage,
                       health_trend = s.trend
                  FROM shown s
                 WHERE a.id = s.account_id
                   AND (a.health_score, a.health_computed, a.health_band,
                        a.health_coverage, a.health_trend)
                       IS DISTINCT FROM
                       (s.score, s.score, s.band::varchar, s.coverage, s.trend)
                RETURNING a.id
                """,
                latest=self._sql_latest_snapshots(now),
                earlier=self._sql_latest_snapshots(now - timedelta(days=30)),
            )
        )
        self.invalidate_model([name for name in self._fields if "health" in name])

    def _sql_latest_snapshots(self, moment):
        """Return the newest snapshot of each of these accounts until a moment."""
        return SQL(
            """
            SELECT DISTINCT ON (account_id) account_id, score, band, coverage,
                   scorecard_id
              FROM cs_health_snapshot
             WHERE account_id IN %s AND at <= %s
             ORDER BY account_id, at DESC
            """,
            tuple(self.ids) or (0,),
            moment,
        )

    def _sql_verdicts(self, moment, scorecard, is_now):
        """Return the verdict of each of these accounts at a moment.

        :param moment: naive UTC ``datetime``; facts dated later are not seen
        :param scorecard: a cs.scorecard for all, or None for each account's own
        :param is_now: read the present values instead of replaying the history
        :return: an ``SQL`` with columns account_id, scorecard_id, score, band,
            coverage, lines
        """
        # sudo: people read the verdict, whoever may read the scorecard
        cards = self.env["cs.scorecard"].sudo()
        cards = scorecard.sudo() if scorecard else cards.search([])
        measures = cards.measure_ids
        return SQL(
            """
            WITH cards AS (%(cards)s),
            observed AS (%(observed)s),
            judged AS (
                SELECT c.account_id, c.scorecard_id, m.id AS measure_id, m.sequence,
                       m.weight::float AS weight, o.value, o.at,
                       CASE WHEN o.value IS NOT NULL THEN
                            LEAST(100, GREATEST(0, 100 * (o.value - m.worst::float)
                                  / (m.best - m.worst)::float))
                            WHEN m.when_missing = 'zero' THEN 0
                            WHEN m.when_missing = 'neutral' THEN 50
                       END AS points
                  FROM cards c
                  JOIN cs_scorecard_measure m ON m.scorecard_id = c.scorecard_id
                  LEFT JOIN observed o
                         ON o.account_id = c.account_id AND o.observation_id = m.id
            ),
            weighed AS (
                SELECT j.*, NULLIF(SUM(weight) FILTER (WHERE points IS NOT NULL)
                                   OVER (PARTITION BY account_id), 0) AS weight_used
                  FROM judged j
            ),
            contributed AS (
                SELECT w.*, ROUND((weight * points / weight_used)::numeric, 4)
                            AS contribution
                  FROM weighed w
            ),
            summed AS (
                SELECT account_id, scorecard_id,
                       COALESCE(SUM(contribution), 0)::float AS score,
                       COALESCE(100 * SUM(weight) FILTER (WHERE value IS NOT NULL)
                                / NULLIF(SUM(weight), 0), 0) AS coverage,
                       jsonb_agg(jsonb_build_object(
                           'measure_id', measure_id, 'value', value,
                           'at', to_char(at, 'YYYY-MM-DD HH24:MI:SS'),
                           'age_days', FLOOR(EXTRACT(EPOCH FROM %(moment)s - at)
                                             / 86400),
                           'points', ROUND(points::numeric, 4), 'weight', weight,
                           'contribution', COALESCE(contribution, 0)
                       ) ORDER BY sequence, measure_id) AS lines
                  FROM contributed
                 GROUP BY account_id, scorecard_id
            )
            SELECT s.account_id, s.scorecard_id, s.score, s.coverage, s.lines,
                   CASE WHEN s.coverage <= 0 OR s.coverage < k.min_coverage
                             THEN 'unknown'
                        WHEN s.score >= k.green_from THEN 'green'
                        WHEN s.score >= k.yellow_from THEN 'yellow'
                        ELSE 'red' END AS band
              FROM summed s JOIN cs_scorecard k ON k.id = s.scorecard_id
            """,
            cards=self._sql_scorecards(scorecard),
            observed=measures._sql_observed(None if is_now else moment),
            moment=moment,
        )

    def _sql_scorecards(self, scorecard=None):
        """Return which scorecard judges each of these accounts."""
        if scorecard:
            return SQL(
                "SELECT id AS account_id, %s AS scorecard_id FROM cs_account"
                " WHERE id IN %s",
                scorecard.id,
                tuple(self.ids) or (0,),
            )
        return SQL(
            """
            SELECT a.id AS account_id, COALESCE(s.scorecard_id, ds.scorecard_id, (
                       SELECT k.id FROM cs_scorecard k
                        WHERE k.is_default AND k.active
                          AND (k.company_id IS NULL OR k.company_id = a.company_id)
                        ORDER BY k.company_id NULLS LAST LIMIT 1)) AS scorecard_id
              FROM cs_account a
              LEFT JOIN cs_segment s ON s.id = a.segment_id
              LEFT JOIN cs_segment ds ON a.segment_id IS NULL AND ds.id = (
                       SELECT d.id FROM cs_segment d
                        WHERE d.is_default AND d.active
                          AND (d.company_id IS NULL OR d.company_id = a.company_id)
                        ORDER BY d.company_id NULLS LAST LIMIT 1)
             WHERE a.id IN %s
            """,
            tuple(self.ids) or (0,),
        )

    def explain_health(self, as_of=None):
        """Explain the health score line by line, from the snapshot as it was stored.

        :param as_of: None (now), a UTC ``datetime`` or a ``date`` (end of that day)
        :return: a list of dicts, biggest contribution first: ``measure`` (name),
            ``value`` (None: unknown or stale), ``age_days``, ``points`` (0–100, None:
            left out), ``weight``, ``contribution`` (points of the score; they sum to
            it) and ``kind``; empty before the first verdict
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the snapshot of an account that may be read may be read
        snapshot = (
            self.env["cs.health.snapshot"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.id),
                    ("at", "<=", self._as_of_moment(as_of)),
                ],
                limit=1,
            )
        )
        lines = snapshot.lines or []
        measures = self.env["cs.scorecard.measure"].sudo()
        measures = measures.browse(line["measure_id"] for line in lines).exists()
        names = {measure.id: measure.display_name for measure in measures}
        explained = [
            {
                "measure": names.get(line["measure_id"], self.env._("Removed measure")),
                "kind": "measure",
                **{
                    key: line[key]
                    for key in ("value", "age_days", "points", "weight", "contribution")
                },
            }
            for line in lines
        ]
        return sorted(explained, key=lambda line: -line["contribution"])
