"""The present of facts, made anew where their history has changed."""

from odoo.tools import SQL


class Present:
    """Makes the present the newest reading again, for many facts at once."""

    def __init__(self, env):
        self.env = env

    def renew(self, account_ids, metric_ids=None):
        """Renew the present of accounts, and what mirrors it.

        :param account_ids: iterable of ids
        :param metric_ids: iterable of ids, only these metrics; all without it
        """
        scope = SQL("account_id = ANY(%s::int[])", list(account_ids))
        if metric_ids is not None:
            scope = SQL("%s AND metric_id = ANY(%s::int[])", scope, list(metric_ids))
        self._take_newest(scope)
        lost = self._drop_lost(scope)
        self.env["cs.metric.reading"].invalidate_model()
        self.env["cs.metric.value"].invalidate_model()
        accounts = self.env["cs.account"]
        accounts.invalidate_model(["value_ids"])
        accounts._forget_verdicts(accounts.browse(account_ids))
        accounts._mirror_facts(list(account_ids), metric_ids and list(metric_ids))
        accounts._clear_mirrors(lost)

    def _take_newest(self, scope):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_metric_value AS v
                       (account_id, metric_id, at, value, source_id)
                SELECT DISTINCT ON (account_id, metric_id)
                       account_id, metric_id, at, value, source_id
                  FROM cs_metric_reading
                 WHERE %s
                 ORDER BY account_id, metric_id, at DESC
                ON CONFLICT (account_id, metric_id) DO UPDATE
                   SET at = EXCLUDED.at, value = EXCLUDED.value,
                       source_id = EXCLUDED.source_id
                """,
                scope,
            )
        )

    def _drop_lost(self, scope):
        """Drop the present of what has no reading any more.

        :return: ``[(account id, metric id)]``
        """
        return self.env.execute_query(
            SQL(
                """
                DELETE FROM cs_metric_value v
                 WHERE %s
                   AND NOT EXISTS (
                           SELECT FROM cs_metric_reading r
                            WHERE r.account_id = v.account_id
                              AND r.metric_id = v.metric_id
                       )
                RETURNING account_id, metric_id
                """,
                scope,
            )
        )
