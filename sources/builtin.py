from odoo import fields
from odoo.tools import SQL

from ..facts.writer import ReadingWriter
from . import registry
from .base import Source


class Count:
    """Counts one of our own models for many customers at once.

    ``facts()`` is one aggregate query; a customer without a record to count has no
    row in it, which leaves the fact unknown.
    """

    key = None
    #: Keys of the metrics it knows.
    metrics = ()

    def __init__(self, env):
        self.env = env

    def facts(self, scope):
        """Return the facts as an ``SQL`` relation.

        Columns: account_id, key (of the metric), value (NULL is unknown), at (naive
        UTC moment of an event, NULL for a state that is simply so now).

        :param scope: function from the ``SQL`` of an account's id to the condition
            that it is one of those wanted
        """
        raise NotImplementedError


@registry.kind
class BuiltinSource(Source):
    """Records what our own models know, where it differs from the present."""

    kind = "builtin"

    def run(self, accounts=None):
        count = registry.BUILTINS[self.source.builtin](self.env)
        readings = self._readings(count, accounts)
        recorded = ReadingWriter(self.env, self.source).store(readings).changed
        # What doesn't differ is not even read here, so there is nothing to count.
        return {"read": recorded, "recorded": recorded, "unchanged": 0, "bad": 0}

    def _readings(self, count, accounts):
        """Return the readings that say something new.

        An event newer than the present is recorded at its moment, a difference in
        what is known now. What another active source owns is left to it.
        """

        self.source.flush_model(["active"])

        def scope(column):
            return self.env["cs.account"]._sql_scope(column, accounts)

        return SQL(
            """
            SELECT f.account_id, f.metric_id, f.value,
                   CASE WHEN v.id IS NULL OR f.at > v.at
                        THEN COALESCE(f.at, %(now)s) ELSE %(now)s END AS at
              FROM (%(facts)s) f
              LEFT JOIN cs_metric_value v USING (account_id, metric_id)
              LEFT JOIN cs_metric_source owner
                ON owner.id = v.source_id AND owner.active
             WHERE (owner.id IS NULL OR owner.id = %(source_id)s)
               -- What isn't known here leaves alone what others said of it.
               AND (f.value IS NOT NULL OR v.source_id = %(source_id)s)
               AND (v.id IS NULL AND f.value IS NOT NULL
                    OR v.value IS DISTINCT FROM f.value AND v.id IS NOT NULL
                    OR v.source_id IS DISTINCT FROM %(source_id)s AND v.id IS NOT NULL
                    OR f.at > v.at)
            """,
            now=fields.Datetime.now(),
            facts=self._with_forgotten(count, scope),
            source_id=self.source.id,
        )

    def _with_forgotten(self, count, scope):
        """Add as unknown what was counted once and has no record any more."""
        # A full join is never a loop in a loop, however few facts are expected.
        return SQL(
            """
            WITH counted AS MATERIALIZED (
                SELECT c.account_id, m.id AS metric_id, c.value::float8 AS value,
                       date_trunc('second', c.at::timestamp) AS at
                  FROM (%(facts)s) c JOIN cs_metric m ON m.key = c.key
            ), known AS (
                SELECT v.account_id, v.metric_id
                  FROM cs_metric_value v JOIN cs_metric m ON m.id = v.metric_id
                 WHERE v.source_id = %(source_id)s
                   AND v.value IS NOT NULL
                   AND m.key = ANY(%(keys)s)
                   AND %(scope)s
            )
            SELECT account_id, metric_id, c.value, c.at
              FROM counted c FULL JOIN known USING (account_id, metric_id)
            """,
            facts=count.facts(scope),
            source_id=self.source.id,
            keys=list(count.metrics),
            scope=scope(SQL("v.account_id")),
        )
