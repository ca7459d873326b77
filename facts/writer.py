"""Writes resolved readings: the only code that touches both tables of facts."""

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.tools import SQL

from .due import DUE
from .stored import Refused, Stored

TABLES = ("cs_metric_reading", "cs_metric_value")

_MEND = SQL(
    "ON CONFLICT (account_id, metric_id, at) DO UPDATE"
    " SET value = EXCLUDED.value, source_id = EXCLUDED.source_id,"
    " received_at = EXCLUDED.received_at"
)
_MOVE = SQL(
    "ON CONFLICT (account_id, metric_id) DO UPDATE"
    " SET at = EXCLUDED.at, value = EXCLUDED.value, source_id = EXCLUDED.source_id"
    " WHERE EXCLUDED.at >= v.at"
)


class ReadingWriter:
    """Writes readings into the history and moves the present forward, in bulk.

    Readings are an ``SQL`` relation with the columns account_id, metric_id, at (naive
    UTC, whole seconds) and value, each account, metric and moment at most once.
    """

    def __init__(self, env, source=None):
        """
        :param source: the ``cs.metric.source`` the readings come from, or None
        """
        self.env = env
        self.source = source

    def store(self, readings, scope=None):
        """Write readings, but those of facts that another active source owns, and
        those that were withdrawn.

        The mirrors of the facts that moved follow them.

        :param scope: where the facts are, a ``Scope``, if that is known and the
            relation has their numbers (``fact``): the present is read in one sweep
        :return: a ``Stored``
        """
        self.env["cs.metric.source"].flush_model(["active"])
        changed, metric_ids, account_ids, refused = self._write(readings, scope)
        if changed:
            self.env["cs.metric.reading"].invalidate_model()
            self.env["cs.metric.value"].invalidate_model()
            self.env["cs.account"].invalidate_model(["value_ids"])
        if account_ids:
            self.env["cs.account"]._mirror_facts(account_ids, metric_ids)
        return Stored(changed, [Refused.of_row(*row) for row in refused or ()])

    def _write(self, readings, scope):
        # What is newer than the present cannot be in the history, and is put there
        # unasked, in half the time. Only a call at the same time may prove it wrong.
        try:
            with self.env.cr.savepoint(flush=False):
                return self._execute(readings, scope, SQL(), SQL())
        except UniqueViolation:
            return self._execute(readings, scope, _MEND, _MOVE)

    def _execute(self, readings, scope, if_known, if_present):
        """Write everything in one statement.

        :param if_known: what to do with a new reading that the history has after all
        :param if_present: what to do with a first value that has come meanwhile
        """
        query = SQL(
            "WITH news AS MATERIALIZED (%s), %s, %s, %s, %s %s",
            self._sql_news(readings, scope),
            self._sql_history(if_known),
            self._sql_present(if_present),
            DUE,
            self._sql_held(),
            self._sql_answer(),
        )
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchone()

    def _sql_news(self, readings, scope):
        """Return the readings that differ from the present, and why some are refused.

        Sorted, so that two calls at once wait for each other instead of dead-locking.
        """
        # Plus 0.0: there is one zero, -0.0 would be shown as another.
        rivals = SQL(
            "SELECT id FROM cs_metric_source WHERE active AND id IS DISTINCT FROM %s",
            self._source_id(),
        )
        return SQL(
            """
            SELECT *, owner_id IS NOT NULL OR withdrawal_id IS NOT NULL AS is_refused
              FROM (
                SELECT n.*, %(withdrawal_id)s AS withdrawal_id
                  FROM (
                    SELECT i.account_id, i.metric_id, i.at, i.value + 0.0 AS value,
                           p.row AS present_row, p.at AS present_at,
                           CASE WHEN p.source_id IN (%(rivals)s) THEN p.source_id END
                               AS owner_id
                      FROM (%(readings)s) i
                      LEFT JOIN %(known)s
                     WHERE p.at IS DISTINCT FROM i.at
                        OR p.value IS DISTINCT FROM i.value
                        OR p.source_id IN (%(rivals)s)
                    OFFSET 0
                  ) n
              ) w
             ORDER BY account_id, metric_id, at DESC
            """,
            readings=readings,
            known=self._sql_known(scope),
            rivals=rivals,
            withdrawal_id=self._sql_withdrawal_id(),
        )

    def _sql_withdrawal_id(self):
        """Return the withdrawal of a new reading ``n``, which is seldom any."""
        return SQL(
            """
            CASE WHEN (n.account_id, n.metric_id, n.at) IN (
                          SELECT account_id, metric_id, at FROM cs_metric_withdrawal
                      )
                 THEN (SELECT max(id) FROM cs_metric_withdrawal d
                        WHERE d.account_id = n.account_id
                          AND d.metric_id = n.metric_id
                          AND d.at = n.at
                          AND d.value IS NOT DISTINCT FROM n.value
                          AND d.source_id IS NOT DISTINCT FROM %s) END
            """,
            self._source_id(),
        )

    def _sql_known(self, scope):
        """Return the present of the readings, as it stands after JOIN."""
        # OFFSET 0: by the index, whatever the statistics of a growing table say.
        if scope is None:
            return SQL(
                """
                LATERAL (
                    SELECT ctid AS row, at, value, source_id FROM cs_metric_value
                     WHERE account_id = i.account_id AND metric_id = i.metric_id
                    OFFSET 0
                ) p ON TRUE
                """
            )
        return SQL(
            """
            (SELECT v.*
               FROM unnest(%s, %s) a (first, last)
               CROSS JOIN LATERAL (
                   SELECT (account_id::int8 << %s) + metric_id AS fact,
                          ctid AS row, at, value, source_id
                     FROM cs_metric_value
                    WHERE account_id BETWEEN a.first AND a.last
                      AND metric_id = ANY(%s)
                   OFFSET 0
               ) v
            ) p ON p.fact = i.fact
            """,
            scope.first_accounts,
            scope.last_accounts,
            scope.bits,
            scope.metrics,
        )

    def _sql_history(self, if_known):
        """Add what is newer than the present; mend the past where it differs."""
        return SQL(
            """
            newer AS NOT MATERIALIZED (
                SELECT * FROM news
                 WHERE NOT is_refused AND (present_at IS NULL OR at > present_at)
            ), late AS MATERIALIZED (
                SELECT n.account_id, n.metric_id, n.at, n.value
                  FROM news n
                  LEFT JOIN LATERAL (
                      SELECT TRUE AS is_known, r.value FROM cs_metric_reading r
                       WHERE r.account_id = n.account_id
                         AND r.metric_id = n.metric_id
                         AND r.at = n.at
                      OFFSET 0
                  ) o ON TRUE
                 WHERE NOT n.is_refused
                   AND n.at <= n.present_at
                   AND (o.is_known IS NULL OR o.value IS DISTINCT FROM n.value)
            ), added AS (
                INSERT INTO cs_metric_reading
                       (account_id, metric_id, at, value, source_id, received_at)
                SELECT account_id, metric_id, at, value, %(origin)s FROM newer
                %(if_known)s
            ), mended AS (
                INSERT INTO cs_metric_reading
                       (account_id, metric_id, at, value, source_id, received_at)
                SELECT account_id, metric_id, at, value, %(origin)s FROM late
                %(mend)s
            )
            """,
            origin=SQL("%s, %s::timestamp", self._source_id(), fields.Datetime.now()),
            if_known=if_known,
            mend=_MEND,
        )

    def _sql_present(self, if_present):
        """Move the present of each fact to its newest reading."""
        # By its place in the table: in a transaction that sees one state of it, a row
        # that has moved meanwhile is a serialization failure, and the call is retried.
        # From arrays: they are taken for few rows, which are looked up one by one.
        return SQL(
            """
            first AS (
                INSERT INTO cs_metric_value AS v
                       (account_id, metric_id, at, value, source_id)
                SELECT DISTINCT ON (account_id, metric_id)
                       account_id, metric_id, at, value, %(source_id)s
                  FROM newer WHERE present_at IS NULL
                 ORDER BY account_id, metric_id, at DESC
                %(if_present)s
            ), newest AS (
                SELECT array_agg(present_row) AS present_rows,
                       array_agg(at) AS at, array_agg(value) AS values
                  FROM (SELECT DISTINCT ON (account_id, metric_id) *
                          FROM news WHERE NOT is_refused AND at >= present_at
                         ORDER BY account_id, metric_id, at DESC) n
            ), moved AS (
                UPDATE cs_metric_value v
                   SET at = n.at, value = n.value, source_id = %(source_id)s
                  FROM newest CROSS JOIN LATERAL unnest(
                           present_rows, newest.at, values
                       ) n (present_row, at, value)
                 WHERE v.ctid = n.present_row
            )
            """,
            source_id=self._source_id(),
            if_present=if_present,
        )

    def _sql_held(self):
        """Keep from being deleted, until the end, what the readings refer to."""
        return SQL(
            """
            held AS (
                SELECT FROM cs_account
                 WHERE id IN (SELECT account_id FROM news) FOR KEY SHARE
            ), held_metrics AS (
                SELECT FROM cs_metric WHERE EXISTS (SELECT FROM news) FOR KEY SHARE
            ), held_source AS (
                SELECT FROM cs_metric_source
                 WHERE id = %s AND EXISTS (SELECT FROM news) FOR KEY SHARE
            )
            """,
            self._source_id(),
        )

    def _sql_answer(self):
        """Count, and name the mirrored facts that moved and what was refused."""
        return SQL(
            """
            , mirrored AS (
                SELECT account_id, metric_id
                  FROM news
                 WHERE metric_id IN (SELECT id FROM cs_metric WHERE key = ANY(%s))
                   AND NOT is_refused
                   AND (present_at IS NULL OR at >= present_at)
            )
            SELECT (SELECT count(*) FROM newer) + (SELECT count(*) FROM late),
                   (SELECT array_agg(DISTINCT metric_id) FROM mirrored),
                   (SELECT array_agg(DISTINCT account_id) FROM mirrored),
                   (SELECT json_agg(json_build_array(
                               account_id, metric_id, at, owner_id, withdrawal_id
                           ))
                      FROM news WHERE is_refused)
             WHERE (SELECT count(*) FROM held) IS NOT NULL
               AND (SELECT count(*) FROM held_metrics) IS NOT NULL
               AND (SELECT count(*) FROM held_source) IS NOT NULL
            """,
            list(self.env["cs.account"]._mirrored_keys),
        )

    def _source_id(self):
        return SQL("%s::int", self.source.id if self.source else None)
