"""The verdict over health of many customers at a moment, as one SQL relation."""

from copy import copy

from odoo.tools import SQL

from ..facts.columns import array_text
from .ages import MONTH, Ages
from .capping import Capping
from .cards import CardChoice
from .figures import LINE, rounded
from .validity import Validity, sql_ageing_of, sql_moves


class Judgement:
    """Judges customers of one company by scorecards.

    Points of a measure run linearly from *worst* (0) to *best* (100). The score is the
    mean of the points, weighted by the measures that are known and fresh (or that
    count 0 or 50 when unknown), held down by the caps that hold, rounded to 0.1,
    half up. Green is only who would be green too if all that was known once, and is
    unknown or stale now, were at its worst: a value that goes missing never makes
    anybody green; nor does an age, where the scorecard asks for it. What was never
    known is a matter of coverage.
    """

    def __init__(self, env, account_ids, company, moment, *, is_now=False, card=None):
        """
        :param account_ids: list of ids of cs.account, of one company
        :param company: that res.company
        :param moment: naive UTC ``datetime``; facts dated later are not seen
        :param is_now: read the present instead of replaying the history
        :param card: a cs.scorecard that judges all, overrides aside; None: each
            customer by that of its segment, in the version in force at the moment
        """
        self.env = env
        self.accounts = env["cs.account"]
        self.company = company
        self.moment = moment
        self.as_of = None if is_now else moment
        self.is_now = is_now
        self.card = card
        self._ids = SQL("%s::int[]", array_text(list(account_ids)))
        self.cards = CardChoice(env, company, moment, is_now=is_now, card=card)
        self._judge_by(self.cards.versions_of(self._ids))

    def only(self, account_ids, card_ids):
        """Return the same judgement of fewer customers.

        :param card_ids: ids of the versions that judge them: nothing is looked at for
            another one's sake
        """
        narrowed = copy(self)
        narrowed._ids = SQL("%s::int[]", array_text(list(account_ids)))
        narrowed._judge_by(self.versions.browse(card_ids))
        return narrowed

    def _judge_by(self, versions):
        self.versions = versions
        self.measures = versions.measure_ids.sudo()
        self.caps = versions.cap_ids.sudo()
        self.ages = Ages(self.env, versions.sudo(), self.as_of)

    def sql_cards(self):
        """Return which version judges each customer: account_id, scorecard_id."""
        return self.cards.sql(self._ids)

    def relation(self):
        """Return the verdicts as an ``SQL`` that can stand in a FROM.

        Columns account_id, scorecard_id, score (what counts), computed (what it would
        be without an override), band, band_reason (grace, coverage, lost, override),
        coverage, override_id, lines (jsonb) and, of the present, valid_until: the
        moment until which the verdict stays if no fact comes.
        """
        return SQL(
            """
            WITH scope AS MATERIALIZED (%(scope)s),
            measures AS MATERIALIZED (%(measures)s),
            seen AS MATERIALIZED (%(seen)s),
            judged AS MATERIALIZED (%(judged)s),
            summed AS MATERIALIZED (%(summed)s),
            held AS MATERIALIZED (%(held)s),
            scored AS (%(scored)s),
            banded AS (%(banded)s)
            %(verdicts)s
            """,
            scope=self._sql_scope(),
            measures=self._sql_measures(),
            seen=self.measures._sql_observed(
                self.as_of, SQL("SELECT id FROM scope"), True
            ),
            judged=self._sql_judged(),
            summed=self._sql_summed(),
            held=Capping(self.caps, self.as_of, self.is_now).sql(),
            scored=self._sql_scored(),
            banded=self._sql_banded(),
            verdicts=self._sql_verdicts(),
        )

    def _sql_scope(self):
        """Return id, scorecard_id, age_days and is_age_lost of the customers."""
        return self.ages.sql_scope(self.sql_cards(), self._ids)

    def _sql_measures(self):
        """Return the measures as numbers, made once and not for each customer.

        ``lag``: how far back it looks; ``other_stale``: the days after which what it
        is compared with is stale; ``days``: 1 for an age that grows every day, -1
        for days to go that become fewer, 0 for what stays.
        """
        return SQL(
            """
            SELECT m.id, m.scorecard_id, m.metric_id, m.basis, m.when_missing,
                   m.weight::float8 AS weight, m.worst::float8 AS worst,
                   (m.best - m.worst)::float8 AS width,
                   LEAST(m.worst, m.best)::float8 AS low,
                   GREATEST(m.worst, m.best)::float8 AS high,
                   NULLIF(m.max_age_days, 0) * INTERVAL '1 day' AS max_age,
                   COALESCE(m.months_from, 0) * %(month)s AS age_from,
                   NULLIF(m.months_to, 0) * %(month)s AS age_to,
                   %(lag)s AS lag, %(stale)s AS stale, %(other_stale)s AS other_stale,
                   %(days)s AS days
              FROM cs_scorecard_measure m
              JOIN cs_metric k ON k.id = m.metric_id
              LEFT JOIN cs_metric p ON p.id = m.per_metric_id AND m.basis = 'ratio'
             WHERE m.id = ANY(%(ids)s)
            """,
            month=MONTH,
            ids=self.measures.ids,
            **sql_ageing_of(SQL("m")),
        )

    def _sql_judged(self):
        return SQL(
            """
            SELECT s.id AS account_id, m.id AS measure_id, m.weight, o.at, x.value,
                   o.account_id IS NOT NULL AND x.value IS NULL AS is_lost,
                   CASE WHEN x.value IS NOT NULL THEN
                        ROUND(LEAST(100, GREATEST(0,
                            100 * (x.value - m.worst) / m.width))::numeric, 4)::float8
                        WHEN m.when_missing = 'zero' THEN 0
                        WHEN m.when_missing = 'neutral' THEN 50
                   END AS points
                   %(ageing)s
              FROM scope s
              JOIN measures m ON m.scorecard_id = s.scorecard_id
               AND (m.age_from = 0 OR s.age_days >= m.age_from)
               AND (m.age_to IS NULL OR s.age_days < m.age_to)
              LEFT JOIN seen o ON o.account_id = s.id AND o.observation_id = m.id
             CROSS JOIN LATERAL (
                    SELECT CASE WHEN m.max_age IS NULL
                                  OR o.at >= %(moment)s - m.max_age
                                THEN o.value END AS value) x
            """,
            moment=self.moment,
            ageing=sql_moves(SQL("m.low"), SQL("m.high")) if self.is_now else SQL(),
        )

    def _sql_summed(self):
        ageing = SQL(", MIN(until) AS until, MIN(days_left) AS days_left")
        return SQL(
            """
            SELECT account_id,
                   SUM(weight * points)
                       / NULLIF(SUM(weight) FILTER (WHERE points IS NOT NULL), 0)
                       AS score,
                   SUM(weight * points) FILTER (WHERE NOT is_lost)
                       / NULLIF(SUM(weight) FILTER (WHERE points IS NOT NULL
                                                       OR is_lost), 0) AS sure,
                   100 * SUM(weight) FILTER (WHERE value IS NOT NULL)
                       / NULLIF(SUM(weight), 0) AS coverage,
                   ('[' || string_agg(%(line)s, ',') || ']')::jsonb AS lines
                   %(ageing)s
              FROM judged
             GROUP BY account_id
            """,
            line=LINE,
            ageing=ageing if self.is_now else SQL(),
        )

    def _sql_scored(self):
        """Round once, and let the caps hold."""
        return SQL(
            """
            SELECT s.id AS account_id, s.scorecard_id, s.age_days, s.is_age_lost,
                   LEAST(%(score)s, h.cap::numeric) AS computed,
                   LEAST(%(sure)s, h.sure_cap::numeric) AS sure,
                   %(coverage)s AS coverage,
                   COALESCE(t.lines, '[]') || COALESCE(h.lines, '[]') AS lines
                   %(ageing)s
              FROM scope s
              LEFT JOIN summed t ON t.account_id = s.id
              LEFT JOIN held h ON h.account_id = s.id
            """,
            score=rounded(SQL("COALESCE(t.score, 0)")),
            sure=rounded(SQL("COALESCE(t.sure, 0)")),
            coverage=rounded(SQL("COALESCE(t.coverage, 0)")),
            ageing=SQL(
                ", LEAST(t.until, h.until) AS until,"
                " LEAST(t.days_left, h.days_left) AS days_left"
            )
            if self.is_now
            else SQL(),
        )

    def _sql_banded(self):
        return SQL(
            """
            SELECT s.*,
                   CASE WHEN s.age_days < k.grace_days THEN 'grace'
                        WHEN s.coverage <= 0 OR s.coverage < k.min_coverage
                        THEN 'coverage'
                        WHEN s.computed >= k.green_from
                             AND (s.sure < k.green_from OR s.is_age_lost)
                        THEN 'lost' END AS reason,
                   k.yellow_from, k.green_from
              FROM scored s JOIN cs_scorecard k ON k.id = s.scorecard_id
            """
        )

    def _sql_verdicts(self):
        computed_band = SQL(
            "CASE WHEN b.reason IN ('grace', 'coverage') THEN 'unknown'"
            " WHEN b.reason = 'lost' THEN 'yellow'"
            " WHEN b.computed >= b.green_from THEN 'green'"
            " WHEN b.computed >= b.yellow_from THEN 'yellow' ELSE 'red' END"
        )
        return SQL(
            """
            SELECT b.account_id, b.scorecard_id, b.computed::float8 AS computed,
                   COALESCE(v.score, b.computed)::float8 AS score,
                   CASE WHEN v.band IS NOT NULL THEN v.band
                        WHEN v.score >= b.green_from THEN 'green'
                        WHEN v.score >= b.yellow_from THEN 'yellow'
                        WHEN v.score IS NOT NULL THEN 'red'
                        ELSE %(computed_band)s END AS band,
                   CASE WHEN v.id IS NOT NULL THEN 'override' ELSE b.reason END
                       AS band_reason,
                   b.coverage::float8 AS coverage, v.id AS override_id,
                   CASE WHEN v.id IS NULL THEN b.lines
                        ELSE b.lines || jsonb_build_array(jsonb_build_object(
                             'override_id', v.id, 'value', v.score, 'at', v.since))
                   END AS lines
                   %(valid_until)s
              FROM banded b
              LEFT JOIN (%(overrides)s) v ON v.account_id = b.account_id
            """,
            computed_band=computed_band,
            overrides=self._sql_overrides(),
            valid_until=Validity(
                self.env,
                self.company,
                self.moment,
                day=self._day(),
                observations=(self.measures, self.caps),
                age_limits=self.ages.limits(),
            ).sql_until()
            if self.is_now
            else SQL(),
        )

    def _sql_overrides(self):
        """Return what people decided that was in force at the moment."""
        overrides = self.env["cs.health.override"]
        if self.card:
            return SQL("%s LIMIT 0", overrides._sql_at(self.moment, self._day()))
        return overrides._sql_at(self.moment, self._day())

    def _day(self):
        return self.accounts._local_date(self.moment, self.company)
