"""Until when a verdict stays, if no fact comes."""

from odoo.tools import SQL


class Validity:
    """The moment at which a verdict of the present may change by itself."""

    def __init__(self, env, company, moment, *, day, observations, age_limits):
        """
        :param company: the res.company of the customers
        :param moment: naive UTC ``datetime`` of the verdicts
        :param day: its ``date`` at the company
        :param observations: recordsets of what the scorecards look at
        :param age_limits: days of a customer's age at which something changes
        """
        self.env = env
        self.company = company
        self.moment = moment
        self.day = day
        self.observations = observations
        self.age_limits = age_limits

    def sql_until(self):
        """Return the moment at which a verdict may change without any new fact.

        The first of: a value, or what it is compared with, becomes stale; a day
        begins on which an age or days to go reach or move along what is judged; a
        reading enters the past that a change is counted from; the customer comes of
        an age; an override ends; a week passes, whatever happens.
        """
        zone = self.env["cs.account"]._company_tz(self.company).key
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
            day=self.day,
            zone=zone,
            moment=self.moment,
            of_age=SQL(
                "(SELECT MIN(l) FROM unnest(%s::int[]) l WHERE l > b.age_days)"
                " - b.age_days",
                self.age_limits,
            )
            if self.age_limits
            else SQL("NULL::float8"),
        )

    def _sql_entering(self):
        """Return when the next reading enters the past of a customer's changes."""
        changes = {
            (one.metric_id.id, one.window_days)
            for observations in self.observations
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


def sql_moves(low, high):
    """Return when a verdict on a value moves by itself: until, days_left.

    :param low: an ``SQL``: below it nothing changes from day to day
    :param high: an ``SQL``: above it neither
    """
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


def sql_ageing_of(observation):
    """Return what makes an observation age, given its metrics ``k`` and ``p``."""
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
