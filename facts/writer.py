"""Writes resolved readings: the only code that touches both tables of facts."""

from collections import namedtuple

from psycopg2.errors import UniqueViolation

from odoo.tools import SQL

TABLES = ("cs_metric_reading", "cs_metric_value")
#: What became of readings: how many changed something; which were refused for their
#: owner, ``{position: id of the cs.metric.source}``.
Stored = namedtuple("Stored", ["changed", "owners"])


class ReadingWriter:
    """Writes readings into the history and moves the present forward, in bulk.

    Readings are an ``SQL`` relation with the columns account_id, metric_id, at (naive
    UTC, whole seconds), value and position, each account, metric and moment at most
    once. The position is what a refused reading is called by.
    """

    def __init__(self, env, source=None):
        """
        :param source: the ``cs.metric.source`` the readings come from, or None
        """
        self.env = env
        self.source = source

    def store(self, readings, facts=None):
        """Write readings, but those of facts that another active source owns.

        The mirrors of the facts that moved follow them.

        :param facts: the ids of the accounts and of the metrics, two ``SQL`` arrays,
            where they are known: the present is then read in one sweep
        :return: a ``Stored``
        """
        self.env["cs.metric.source"].flush_model(["active"])
        changed, metric_ids, account_ids, positions, owners = self._write(
            readings, facts
        )
        if changed:
            self.env["cs.metric.reading"].invalidate_model()
            self.env["cs.metric.value"].invalidate_model()
            self.env["cs.account"].invalidate_model(["value_ids"])
        if account_ids:
            self.env["cs.account"]._mirror_facts(account_ids, metric_ids)
        return Stored(changed, dict(zip(positions or (), owners or (), strict=True)))

    def _write(self, readings, facts):
        # What is newer than the present is not in the history: it goes in unasked,
        # which is twice as fast. Only a call at the same time can prove that wrong.
        try:
            with self.env.cr.savepoint(flush=False):
                return self._execute(self._sql(readings, facts, SQL()))
        except UniqueViolation:
            return self._execute(self._sql(readings, facts, self._sql_mend()))

    def _execute(self, query):
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchone()

    def _sql(self, readings, facts, if_known):
        """Return the one statement that writes everything.

        Sorted, so that two calls at once wait for each other instead of dead-locking.
        There are no foreign keys to check row by row: what is referred to is held
        until the end of the transaction instead.

        :param if_known: what to do with a new reading that is in the history after all
        """
        return SQL(
            """
            WITH news AS MATERIALIZED (
                %(news)s
            ), newer AS (
                SELECT * FROM news
                 WHERE owner_id IS NULL AND (present_at IS NULL OR at > present_at)
            ), late AS MATERIALIZED (
                %(late)s
            ), added AS (
                INSERT INTO cs_metric_reading
                       (account_id, metric_id, at, value, source_id)
                SELECT account_id, metric_id, at, value, %(source_id)s FROM newer
                %(if_known)s
            ), mended AS (
                INSERT INTO cs_metric_reading
                       (account_id, metric_id, at, value, source_id)
                SELECT account_id, metric_id, at, value, %(source_id)s FROM late
                %(mend)s
            ), moved AS (
                INSERT INTO cs_metric_value AS v
                       (account_id, metric_id, at, value, source_id)
                SELECT DISTINCT ON (account_id, metric_id)
                       account_id, metric_id, at, value, %(source_id)s
                  FROM news
                 WHERE owner_id IS NULL AND (present_at IS NULL OR at >= present_at)
                 ORDER BY account_id, metric_id, at DESC
                ON CONFLICT (account_id, metric_id) DO UPDATE
                   SET at = EXCLUDED.at, value = EXCLUDED.value,
                       source_id = EXCLUDED.source_id
                 WHERE EXCLUDED.at >= v.at
                RETURNING account_id, metric_id
            ), held AS (
                SELECT FROM cs_account
                 WHERE id IN (SELECT account_id FROM news) FOR KEY SHARE
            ), held_metrics AS (
                SELECT FROM cs_metric
                 WHERE id IN (SELECT metric_id FROM news) FOR KEY SHARE
            ), held_source AS (
                SELECT FROM cs_metric_source WHERE id = %(source_id)s FOR KEY SHARE
            )
            SELECT (SELECT count(*) FROM newer) + (SELECT count(*) FROM late),
                   (SELECT array_agg(DISTINCT metric_id) FROM moved),
                   (SELECT array_agg(DISTINCT account_id) FROM moved
                     WHERE metric_id IN (
                           SELECT id FROM cs_metric WHERE key = ANY(%(mirrored)s)
                       )),
                   (SELECT array_agg(position ORDER BY position) FROM news
                     WHERE owner_id IS NOT NULL),
                   (SELECT array_agg(owner_id ORDER BY position) FROM news
                     WHERE owner_id IS NOT NULL)
             WHERE (SELECT count(*) FROM held) IS NOT NULL
               AND (SELECT count(*) FROM held_metrics) IS NOT NULL
               AND (SELECT count(*) FROM held_source) IS NOT NULL
            """,
            news=self._sql_news(readings, facts),
            late=self._sql_late(),
            if_known=if_known,
            mend=self._sql_mend(),
            source_id=self._source_id(),
            mirrored=list(self.env["cs.account"]._mirrored_keys),
        )

    def _sql_news(self, readings, facts):
        """Return the readings that differ from the present, and who owns that."""
        return SQL(
            """
            SELECT i.account_id, i.metric_id, i.at, i.value, i.position,
                   p.at AS present_at,
                   CASE WHEN p.source_id IN (%(rivals)s) THEN p.source_id END
                       AS owner_id
              FROM (%(readings)s) i
              LEFT JOIN %(present)s
             WHERE p.at IS DISTINCT FROM i.at
                OR p.value IS DISTINCT FROM i.value
                OR p.source_id IN (%(rivals)s)
             ORDER BY i.account_id, i.metric_id, i.at
            """,
            readings=readings,
            present=self._sql_present(facts),
            rivals=SQL(
                "SELECT id FROM cs_metric_source WHERE active"
                " AND id IS DISTINCT FROM %s",
                self._source_id(),
            ),
        )

    def _sql_present(self, facts):
        # OFFSET 0: by the index, whatever the statistics of a growing table say.
        if facts is None:
            return SQL(
                """
                LATERAL (
                    SELECT at, value, source_id FROM cs_metric_value
                     WHERE account_id = i.account_id AND metric_id = i.metric_id
                    OFFSET 0
                ) p ON TRUE
                """
            )
        account_ids, metric_ids = facts
        return SQL(
            """
            (SELECT v.*
               FROM unnest(%s) a (id)
               CROSS JOIN LATERAL (
                   SELECT account_id, metric_id, at, value, source_id
                     FROM cs_metric_value
                    WHERE account_id = a.id AND metric_id = ANY(%s)
                   OFFSET 0
               ) v
            ) p ON p.account_id = i.account_id AND p.metric_id = i.metric_id
            """,
            account_ids,
            metric_ids,
        )

    def _sql_late(self):
        """Return the readings of the past that say something new."""
        return SQL(
            """
            SELECT n.account_id, n.metric_id, n.at, n.value
              FROM news n
              LEFT JOIN LATERAL (
                  SELECT TRUE AS is_known, r.value FROM cs_metric_reading r
                   WHERE r.account_id = n.account_id
                     AND r.metric_id = n.metric_id
                     AND r.at = n.at
                  OFFSET 0
              ) o ON TRUE
             WHERE n.owner_id IS NULL
               AND n.at <= n.present_at
               AND (o.is_known IS NULL OR o.value IS DISTINCT FROM n.value)
            """
        )

    def _sql_mend(self):
        return SQL(
            "ON CONFLICT (account_id, metric_id, at) DO UPDATE"
            " SET value = EXCLUDED.value, source_id = EXCLUDED.source_id"
        )

    def _source_id(self):
        return SQL("%s::int", self.source.id if self.source else None)
