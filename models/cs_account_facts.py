from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..facts.present import Present
from ..facts.reading_parser import EPOCH
from ..facts.writer import TABLES


def _date_of(value):
    return SQL("%s::date + %s::int", EPOCH, value)


def _score_of(value):
    # least() and greatest() would make 1 of what is unknown.
    return SQL(
        "CASE WHEN %(value)s IS NOT NULL"
        " THEN least(greatest(round(%(value)s), 1), 5)::int::varchar END",
        value=value,
    )


def _nps_class_of(value):
    return SQL(
        "CASE WHEN %(value)s >= 9 THEN 'promoter' WHEN %(value)s >= 7 THEN 'passive'"
        " WHEN %(value)s IS NOT NULL THEN 'detractor' END",
        value=value,
    )


#: Facts that are mirrored on the account, so that a portfolio is one flat table:
#: field of the account → (metric key, how its column is made of the value).
MIRRORS = {
    "mrr": ("mrr", lambda value: SQL("round(%s::numeric, 2)", value)),
    "renewal_on": ("renewal", _date_of),
    "last_interaction_on": ("last_interaction", _date_of),
    "mood": ("mood", _score_of),
    "nps": ("nps", lambda value: SQL("round(%s::numeric)", value)),
    "nps_class": ("nps", _nps_class_of),
}
MIRRORED_KEYS = tuple({key: None for key, _column in MIRRORS.values()})


class CsAccount(models.Model):
    """What is known of a customer."""

    _inherit = "cs.account"
    _mirrored_keys = MIRRORED_KEYS

    value_ids = fields.One2many(
        comodel_name="cs.metric.value",
        inverse_name="account_id",
        string="Facts",
        readonly=True,
        copy=False,
    )

    def unlink(self):
        """Delete customers with all that was known of them.

        Facts have no foreign keys that would do it.
        """
        account_ids = self.ids
        result = super().unlink()
        for table in TABLES:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE account_id = ANY(%s::int[])",
                    SQL.identifier(table),
                    account_ids,
                )
            )
        self.env["cs.metric.reading"].invalidate_model(flush=False)
        self.env["cs.metric.value"].invalidate_model(flush=False)
        return result

    def init(self):
        # Facts and verdicts rewrite every row, day after day: with room on its page
        # it stays there, and eight indexes need not be told.
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 50)", SQL.identifier(self._table))
        )

    @api.model
    def _mirror_facts(self, accounts=None, metric_ids=None):
        """Copy the mirrored facts onto the accounts, only where they differ.

        A fact that nobody ever knew leaves the account as it is; one that became
        unknown empties it.

        :param accounts: the accounts, or a list of their ids; all without it
        :param metric_ids: only the mirrors of these metrics
        """
        metrics = self._mirrored_metrics(metric_ids)
        if not metrics:
            return
        by_key = {metric.key: metric for metric in metrics}
        columns = {
            name: self._sql_mirror(name)
            for name, (key, _column) in MIRRORS.items()
            if key in by_key
        }
        self.flush_model(columns)
        # One update for all of them: a row of an account is wide.
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_account a SET %(columns)s
                  FROM (SELECT account_id, %(facts)s
                          FROM cs_metric_value v
                         WHERE metric_id = ANY(%(metric_ids)s::int[]) AND %(scope)s
                         GROUP BY account_id) f
                 WHERE a.id = f.account_id AND %(account_scope)s AND (%(differs)s)
                """,
                columns=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in columns.items()
                ),
                facts=SQL(", ").join(self._sql_fact(metric) for metric in metrics),
                metric_ids=metrics.ids,
                scope=self._sql_scope(SQL("account_id"), accounts),
                account_scope=self._sql_scope(SQL("a.id"), accounts),
                differs=SQL(" OR ").join(
                    SQL("a.%s IS DISTINCT FROM %s", SQL.identifier(name), value)
                    for name, value in columns.items()
                ),
            )
        )
        self.invalidate_model(columns)

    @api.model
    def _clear_mirrors(self, facts):
        """Empty the mirrors of facts that are no more.

        :param facts: list of ``(account id, metric id)``
        """
        for metric in self._mirrored_metrics([metric_id for _id, metric_id in facts]):
            names = [name for name, (key, _to) in MIRRORS.items() if key == metric.key]
            self.env.cr.execute(
                SQL(
                    "UPDATE cs_account SET %s WHERE id = ANY(%s)",
                    SQL(", ").join(
                        SQL("%s = NULL", SQL.identifier(name)) for name in names
                    ),
                    [account for account, metric_id in facts if metric_id == metric.id],
                )
            )
            self.invalidate_model(names)

    @api.model
    def _mirrored_metrics(self, metric_ids=None):
        # sudo: mirrors are the same whoever causes them, and written by nobody else.
        metrics = self.env["cs.metric"].sudo().with_context(active_test=False)
        domain = Domain("key", "in", MIRRORED_KEYS)
        if metric_ids is not None:
            domain &= Domain("id", "in", metric_ids)
        return metrics.search(domain)

    def _sql_fact(self, metric):
        """Return whether a metric has a row, and its value, as columns of a group."""
        is_metric = SQL("metric_id = %s", metric.id)
        return SQL(
            "bool_or(%(is_metric)s) AS %(has)s,"
            " max(value) FILTER (WHERE %(is_metric)s) AS %(value)s",
            is_metric=is_metric,
            has=SQL.identifier(f"has_{metric.key}"),
            value=SQL.identifier(metric.key),
        )

    def _sql_mirror(self, name):
        """Return what the column is made of: the fact, or itself if there is none."""
        key, to_column = MIRRORS[name]
        return SQL(
            "CASE WHEN f.%(has)s THEN %(value)s ELSE a.%(column)s END",
            has=SQL.identifier(f"has_{key}"),
            value=to_column(SQL("f.%s", SQL.identifier(key))),
            column=SQL.identifier(name),
        )

    def _take_facts(self, others):
        """Move the facts of other accounts here, as when customers are merged.

        Of two readings of the same metric and moment the one that is here stays.

        :param others: the cs.account records that lose theirs
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_metric_reading
                       (account_id, metric_id, at, value, source_id, received_at)
                SELECT DISTINCT ON (metric_id, at)
                       %(id)s, metric_id, at, value, source_id, received_at
                  FROM cs_metric_reading
                 WHERE account_id = ANY(%(others)s)
                 ORDER BY metric_id, at, id DESC
                ON CONFLICT (account_id, metric_id, at) DO NOTHING
                """,
                id=self.id,
                others=others.ids,
            )
        )
        for table in TABLES:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE account_id = ANY(%s)",
                    SQL.identifier(table),
                    others.ids,
                )
            )
        Present(self.env).renew(self.ids)

    @api.model
    def _sql_scope(self, column, accounts=None):
        """Return the condition that ``column`` is the id of one of the accounts.

        :param column: an ``SQL``
        :param accounts: the accounts, or a list of their ids; None: no condition
        """
        if accounts is None:
            return SQL("TRUE")
        account_ids = (
            accounts.ids if isinstance(accounts, models.BaseModel) else accounts
        )
        return SQL("%s = ANY(%s::int[])", column, list(account_ids))
