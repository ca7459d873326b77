"""The verdict over health of many customers at a moment, as one SQL relation."""

from odoo.tools import SQL

from ..facts.columns import array_text

#: A month of a customer's age, in days.
MONTH = 30


class Judgement:
    """Judges customers of one company by scorecards.

    Points of a measure run linearly from *worst* (0) to *best* (100). The score is the
    mean of the points, weighted by the measures that are known and fresh (or that
    count 0 or 50 when unknown), held down by the caps that hold, rounded to 0.1,
    half up. Green is only who would be green too if all that was known once, and is
    unknown or stale now, were at its worst: a value that goes missing never makes
    anybody green. What was never known is a matter of coverage.
    """

    def __init__(self, env, account_ids, company, moment, is_now=False, card=None):
        """
        :param account_ids: list of ids of cs.account
        :param company: the res.company of all of them
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
        # sudo: people read the verdict, whoever may read the scorecard
        cards = env["cs.scorecard"].sudo()
        self.versions = card.sudo() if card else cards._versions_in_force(moment)
        self.measures = self.versions.measure_ids.sudo()
        self.caps = self.versions.cap_ids.sudo()

    # Who is judged, by which card

    def sql_cards(self):
        """Return which version judges each customer: account_id, scorecard_id."""
        if self.card:
            return SQL(
                "SELECT id AS account_id, %s AS scorecard_id FROM unnest(%s) a (id)",
                self.card.id,
                self._ids,
            )
        by_card = SQL(", ").join(
            SQL("(%s, %s)", one.id, version.id)
            for version in self.versions
            for one in version._family()
        ) or SQL("(0, 0)")
        return SQL(
            """
            SELECT a.id AS account_id,
                   COALESCE(v.version_id, %(default)s) AS scorecard_id
              FROM cs_account a
              %(history)s
              LEFT JOIN cs_segment s ON s.id = %(segment)s
              LEFT JOIN (VALUES %(by_card)s) v (card_id, version_id)
                ON v.card_id = CASE WHEN s.id IS NULL THEN %(unsegmented)s
                                    ELSE s.scorecard_id END
             WHERE a.id = ANY(%(ids)s)
            """,
            default=self._default_version(),
            unsegmented=self._default_segment_card(),
            by_card=by_card,
            ids=self._ids,
            **self._segment_of_the_day(),
        )

    def _segment_of_the_day(self):
        """Return the segment at the moment, and the joins that it needs."""
        if self.is_now:
            return {"segment": SQL("a.segment_id"), "history": SQL()}
        history = SQL(
            """
            LEFT JOIN LATERAL (
                SELECT TRUE AS found, h.segment_id FROM cs_segment_history h
                 WHERE h.account_id = a.id AND h.changed_at <= %(moment)s
                 ORDER BY h.changed_at DESC, h.id DESC LIMIT 1) past ON TRUE
            LEFT JOIN LATERAL (
                SELECT TRUE AS found, h.previous_id FROM cs_segment_history h
                 WHERE h.account_id = a.id AND h.changed_at > %(moment)s
                 ORDER BY h.changed_at, h.id LIMIT 1) after ON TRUE
            """,
            moment=self.moment,
        )
        segment = SQL(
            "CASE WHEN past.found THEN past.segment_id"
            " WHEN after.found THEN after.previous_id ELSE a.segment_id END"
        )
        return {"segment": segment, "history": history}

    def _default_version(self):
        of_company = (False, self.company.id)
        cards = self.env["cs.scorecard"].sudo()
        default = cards.search(
            [("is_default", "=", True), ("company_id", "in", of_company)]
        ).sorted(lambda card: not card.company_id)[:1]
        version = (
            self.versions.filtered(lambda card: card in default._family())
            if (default)
            else default
        )
        return SQL("%s::int", version[:1].id or None)

    def _default_segment_card(self):
        segment = self.env["cs.segment"].sudo()._default_segment(self.company)
        return SQL("%s::int", segment.scorecard_id.id or None)

    # What is judged

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
            seen AS (%(seen)s),
            judged AS (%(judged)s),
            summed AS MATERIALIZED (%(summed)s),
            held AS MATERIALIZED (%(held)s),
            scored AS (%(scored)s),
            banded AS (%(banded)s)
            %(verdicts)s
            """,
            scope=self._sql_scope(),
            measures=self._sql_measures(),
            seen=self.measures._sql_observed(self.as_of, self._sql_ids(), True),
            judged=self._sql_judged(),
            summed=self._sql_summed(),
            held=self._sql_held(),
            scored=self._sql_scored(),
            banded=self._sql_banded(),
            verdicts=self._sql_verdicts(),
        )

    def _sql_ids(self):
        return SQL("SELECT id FROM scope")

    def _sql_scope(self):
        """Return id, scorecard_id and age_days (NULL: unknown) of the customers."""
        if not self._age_limits():
            return SQL(
                "SELECT account_id AS id, scorecard_id, NULL::float8 AS age_days"
                " FROM (%s) c WHERE scorecard_id IS NOT NULL",
                self.sql_cards(),
            )
        tenure = self.env.ref("customer_success.cs_metric_tenure").sudo()
        return SQL(
            """
            SELECT c.account_id AS id, c.scorecard_id, t.value AS age_days
              FROM (%(cards)s) c
              LEFT JOIN (
                   SELECT v.account_id, v.value FROM (%(values)s) v
                    WHERE v.metric_id = %(tenure)s AND v.account_id = ANY(%(ids)s)
                   ) t ON t.account_id = c.account_id
             WHERE c.scorecard_id IS NOT NULL
            """,
            cards=self.sql_cards(),
            values=self.env["cs.metric.value"]._sql_values(self.as_of),
            tenure=tenure.id,
            ids=self._ids,
        )

    def _age_limits(self):
        """Return the days of age at which something about a verdict changes."""
        months = [
            *self.measures.mapped("months_from"),
            *self.measures.mapped("months_to"),
        ]
        days = {MONTH * number for number in months}
        return sorted((days | set(self.versions.mapped("grace_days"))) - {0})

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
            **_ageing(SQL("m")),
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
            ageing=self._sql_ageing(SQL("m.low"), SQL("m.high")),
        )

    def _sql_ageing(self, low, high):
        """Return when a verdict on a value moves by itself: until, days_left.

        :param low: an ``SQL``: below it nothing changes from day to day
        :param high: an ``SQL``: above it neither
        """
        if not self.is_now:
            return SQL()
        return SQL(
            """
            , CASE WHEN x.value IS NOT NULL THEN
                LEAST(o.at + m.stale, o.at + m.max_age,
                      o.other_at + m.other_stale + m.lag) END AS until,
              CASE WHEN m.days = 0 OR x.value IS NULL THEN NULL
                   WHEN m.basis <> 'value' THEN 1
                   WHEN m.days = 1 AND x.value <= %(high)s
                   THEN GREATEST(1, %(low)s - x.value)
                   WHEN m.days = -1 AND x.value >= %(low)s
                   THEN GREATEST(1, x.value - %(high)s)
              END AS days_left
            """,
            low=low,
            high=high,
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
                   jsonb_agg(jsonb_build_object(
                       'measure_id', measure_id, 'value', value, 'at', at,
                       'points', points, 'weight', weight)) AS lines
                   %(ageing)s
              FROM judged
             GROUP BY account_id
            """,
            ageing=ageing if self.is_now else SQL(),
        )

    def _sql_held(self):
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
                               AND c.operator NOT IN ('known', 'unknown') AS is_lost
                           %(each_ageing)s
                      FROM scope s
                      JOIN cs_scorecard_cap c ON c.scorecard_id = s.scorecard_id
                      LEFT JOIN (%(seen)s) o
                        ON o.account_id = s.id AND o.observation_id = c.id
                      JOIN LATERAL (SELECT o.value) x ON TRUE
                      %(each_metric)s) c
             GROUP BY account_id
            """,
            seen=self.caps._sql_observed(self.as_of, self._sql_ids(), True),
            holds=self.caps._sql_holds(),
            ageing=ageing if self.is_now else SQL(),
            each_ageing=self._sql_ageing(
                SQL("c.threshold::float8"), SQL("c.threshold::float8")
            ),
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
                **_ageing(SQL("c")),
            )
            if self.is_now
            else SQL(),
        )

    def _sql_scored(self):
        """Round once, and let the caps hold."""
        return SQL(
            """
            SELECT s.id AS account_id, s.scorecard_id, s.age_days,
                   LEAST(%(score)s, h.cap::numeric) AS computed,
                   LEAST(%(sure)s, h.sure_cap::numeric) AS sure,
                   %(coverage)s AS coverage,
                   COALESCE(t.lines, '[]') || COALESCE(h.lines, '[]') AS lines
                   %(ageing)s
              FROM scope s
              LEFT JOIN summed t ON t.account_id = s.id
              LEFT JOIN held h ON h.account_id = s.id
            """,
            score=_rounded(SQL("COALESCE(t.score, 0)")),
            sure=_rounded(SQL("COALESCE(t.sure, 0)")),
            coverage=_rounded(SQL("COALESCE(t.coverage, 0)")),
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
                        WHEN s.computed >= k.green_from AND s.sure < k.green_from
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
            valid_until=self._sql_valid_until() if self.is_now else SQL(),
        )

    def _sql_overrides(self):
        """Return what people decided that was in force at the moment."""
        overrides = self.env["cs.health.override"]
        if self.card:
            return SQL("%s LIMIT 0", overrides._sql_at(self.moment, self._day()))
        return overrides._sql_at(self.moment, self._day())

    def _day(self):
        return self.accounts._local_date(self.moment, self.company)

    # Until when it holds

    def _sql_valid_until(self):
        """Return the moment at which a verdict may change without any new fact.

        The first of: a value, or what it is compared with, becomes stale; a day
        begins on which an age or days to go reach or move along what is judged; a
        reading enters the past that a change is counted from; the customer comes of
        an age; an override ends; a week passes, whatever happens.
        """
        zone = self.accounts._company_tz(self.company).key
        return SQL(
            """
            , LEAST(b.until + INTERVAL '1 second', %(entering)s,
                    ((%(day)s::date + CEIL(LEAST(b.days_left, %(of_age)s))::int)
                        ::timestamp AT TIME ZONE %(zone)s) AT TIME ZONE 'UTC',
                    ((v.until + 1)::timestamp AT TIME ZONE %(zone)s)
                        AT TIME ZONE 'UTC',
                    %(moment)s + INTERVAL '7 days') AS valid_until
            """,
            entering=self._sql_entering(),
            day=self._day(),
            zone=zone,
            moment=self.moment,
            of_age=SQL(
                "(SELECT MIN(l) FROM unnest(%s::int[]) l WHERE l > b.age_days)"
                " - b.age_days",
                self._age_limits(),
            )
            if self._age_limits()
            else SQL("NULL::float8"),
        )

    def _sql_entering(self):
        """Return when the next reading enters the past of a customer's changes."""
        changes = {
            (one.metric_id.id, one.window_days)
            for observations in (self.measures, self.caps)
            for one in observations
            if one.basis.startswith("change")
        }
        if not changes:
            return SQL("NULL::timestamp")
        return SQL(
            """
            (SELECT MIN(n.at + c.days * INTERVAL '1 day')
               FROM (VALUES %(changes)s) c (metric_id, days)
              CROSS JOIN LATERAL (%(next)s) n)
            """,
            changes=SQL(", ").join(SQL("(%s, %s)", *one) for one in sorted(changes)),
            next=self.env["cs.metric.value"]._sql_next_reading(
                SQL("b.account_id"),
                SQL("c.metric_id"),
                SQL("%s - c.days * INTERVAL '1 day'", self.moment),
            ),
        )


def _rounded(number):
    """Return a number rounded to 0.1, half up.

    Twice: a half that the arithmetic of the computer missed by a hair is a half.
    """
    return SQL("ROUND(ROUND((%s)::numeric, 8), 1)", number)


def _ageing(observation):
    """Return what makes a value age, of an observation ``o`` of metrics ``k``, ``p``."""
    changes = SQL("%s.basis LIKE 'change%%'", observation)
    day = SQL("INTERVAL '1 day'")
    return {
        "lag": SQL(
            "CASE WHEN %s THEN %s.window_days ELSE 0 END * %s",
            changes,
            observation,
            day,
        ),
        "stale": SQL("NULLIF(k.stale_after_days, 0) * %s", day),
        "other_stale": SQL(
            "NULLIF(CASE WHEN %s THEN k.stale_after_days"
            " ELSE p.stale_after_days END, 0) * %s",
            changes,
            day,
        ),
        "days": SQL(
            "CASE WHEN k.kind = 'days_since' THEN 1 WHEN k.kind = 'days_until' THEN -1"
            " WHEN p.kind IN ('days_since', 'days_until') THEN 1 ELSE 0 END"
        ),
    }
