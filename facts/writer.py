"""Writes resolved readings: the only code that touches both tables of facts."""

from odoo.tools import SQL


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

    def owners(self, account_ids, metric_ids):
        """Return which facts another active source owns, and its name.

        :return: ``{(account id, metric id): name}``
        """
        self.env["cs.metric.source"].flush_model(["active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.account_id, v.metric_id, s.id
                  FROM cs_metric_value v
                  JOIN cs_metric_source s ON s.id = v.source_id
                 WHERE v.account_id = ANY(%s::int[])
                   AND v.metric_id = ANY(%s::int[])
                   AND s.active
                   AND s.id IS DISTINCT FROM %s
                """,
                list(account_ids),
                list(metric_ids),
                self._source_id(),
            )
        )
        # sudo: who records must know whom to ask, and no more than the name.
        sources = self.env["cs.metric.source"].sudo()
        names = {
            source.id: source.name
            for source in sources.browse({source_id for *_fact, source_id in rows})
        }
        return {(account, metric): names[source] for account, metric, source in rows}

    def store(self, readings):
        """Write readings that nobody else owns.

        The mirrors of the facts that moved follow them.

        :return: the number of readings that changed something
        """
        # Sorted, so that two calls at once wait for each other instead of dead-locking.
        [(changed, account_ids, metric_ids)] = self.env.execute_query(
            SQL(
                """
                WITH changed AS (
                    INSERT INTO cs_metric_reading AS r
                           (account_id, metric_id, at, value, source_id)
                    SELECT i.account_id, i.metric_id, i.at, i.value, %(source_id)s
                      FROM (%(readings)s) i
                      LEFT JOIN cs_metric_reading o USING (account_id, metric_id, at)
                     WHERE o.id IS NULL OR o.value IS DISTINCT FROM i.value
                     ORDER BY i.account_id, i.metric_id, i.at
                    ON CONFLICT (account_id, metric_id, at) DO UPDATE
                       SET value = EXCLUDED.value, source_id = EXCLUDED.source_id
                    RETURNING account_id, metric_id, at, value
                ), moved AS (
                    INSERT INTO cs_metric_value AS v
                           (account_id, metric_id, at, value, source_id)
                    SELECT DISTINCT ON (account_id, metric_id)
                           account_id, metric_id, at, value, %(source_id)s
                      FROM changed
                     ORDER BY account_id, metric_id, at DESC
                    ON CONFLICT (account_id, metric_id) DO UPDATE
                       SET at = EXCLUDED.at, value = EXCLUDED.value,
                           source_id = EXCLUDED.source_id
                     WHERE EXCLUDED.at >= v.at
                    RETURNING account_id, metric_id
                )
                SELECT (SELECT count(*) FROM changed),
                       (SELECT array_agg(DISTINCT account_id) FROM moved),
                       (SELECT array_agg(DISTINCT metric_id) FROM moved)
                """,
                readings=readings,
                source_id=self._source_id(),
            )
        )
        if changed:
            self.env["cs.metric.reading"].invalidate_model()
            self.env["cs.metric.value"].invalidate_model()
            self.env["cs.account"].invalidate_model(["value_ids"])
        if metric_ids:
            self.env["cs.account"]._mirror_facts(account_ids, metric_ids)
        return changed

    def _source_id(self):
        return SQL("%s::int", self.source.id if self.source else None)
