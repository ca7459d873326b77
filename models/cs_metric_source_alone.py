import random
import time
from contextlib import contextmanager

import psycopg2

from odoo import api, models
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ..sources.fetched import RetryLater

#: First key of the advisory locks by which one worker at a time fetches a source.
_LOCK = 0x63736D73
#: Second key of the nightly round's lock; the others are ids of sources.
ROUND_LOCK = 0
_TRIES = 5
#: What PostgreSQL answers when another transaction came across this one.
_CROSSED = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)
_WAIT_WHEN_CROSSED = 60


class CsMetricSource(models.Model):
    """How workers that fetch at the same time stay out of each other's way."""

    _inherit = "cs.metric.source"

    @api.model
    @contextmanager
    def _lock(self, key):
        """Hold a lock for this worker; it ends with the worker, however that ends.

        :param key: the id of a source, or ``ROUND_LOCK``
        :return: whether it is ours
        """
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK, key))
            yield cr.fetchone()[0]

    @api.model
    def _ids_being_fetched(self):
        """Return the ids of the sources that a worker holds at this moment."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT objid
                  FROM pg_locks
                 WHERE locktype = 'advisory' AND granted AND classid = %s
                   AND objsubid = 2
                   AND database = (
                       SELECT oid FROM pg_database WHERE datname = current_database()
                   )
                """,
                _LOCK,
            )
        )
        return {source_id for (source_id,) in rows if source_id != ROUND_LOCK}

    def _in_own_transaction(self, work):
        """Do a step of a fetch and commit it; again where others came across it.

        :param work: a function; it must be able to run again after a rollback
        :return: what it returns
        :raise RetryLater: others came across it each time
        """
        for tried in range(1, _TRIES + 1):
            try:
                result = work()
                self.env["ir.cron"]._commit_progress()
            except _CROSSED as error:
                self.env.cr.rollback()
                if tried == _TRIES:
                    raise RetryLater(
                        self.env._("Others write the same values just now."),
                        _WAIT_WHEN_CROSSED,
                    ) from error
                time.sleep(random.uniform(0, 0.05 * 2**tried))  # noqa: S311
            else:
                return result
        return None
