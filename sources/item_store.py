"""What a source remembers of a helpdesk: kept in bulk, counted by one query."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

RECENT = timedelta(days=30)
_COLUMNS = (
    "key", "state", "at", "due_at", "updated_at", "value", "customer_key",
    "ticket_key", "name", "cnpj", "reference",
)  # fmt: skip
_TYPES = {
    "at": "timestamp", "due_at": "timestamp", "updated_at": "timestamp",
    "value": "float8",
}  # fmt: skip
#: The company of an answer is settled once, then stays.
_KEPT_COLUMNS = {"answer": {"customer_key", "ticket_key"}}


class ItemStore:
    """The items of one source."""

    def __init__(self, source):
        self.env = source.env
        self.source_id = source.id
        # What is written here is read here alone, by SQL.
        self.env["cs.metric.source.item"].flush_model()

    def _execute(self, query, **params):
        sql = SQL(query, source_id=self.source_id, **params)
        self.env.cr.execute(sql)
        self.env["cs.metric.source.item"].invalidate_model(flush=False)

    def _rows(self, query, **params):
        return self.env.execute_query(SQL(query, source_id=self.source_id, **params))

    def keep(self, kind, items, seen_at):
        """Keep items, or what changed of them.

        :param items: list of dicts with ``key`` and columns of the model; moments as
            text or naive UTC; of two with the same key the last is kept
        :param seen_at: when the walk began that met them
        """
        items = list({item["key"]: item for item in items}.values())
        changing = set(_COLUMNS) - {"key"} - _KEPT_COLUMNS.get(kind, set())
        self._execute(
            """
            INSERT INTO cs_metric_source_item AS i
                   (source_id, kind, seen_at, %(columns)s)
            SELECT %(source_id)s, %(kind)s, %(seen_at)s, %(columns)s
              FROM jsonb_to_recordset(%(items)s::jsonb) AS r (%(typed)s)
             ORDER BY key
            ON CONFLICT (source_id, kind, key) DO UPDATE
               SET seen_at = EXCLUDED.seen_at, %(changes)s
            """,
            columns=SQL(", ").join(map(SQL.identifier, _COLUMNS)),
            typed=SQL(", ").join(
                SQL("%s %s", SQL.identifier(name), SQL(_TYPES.get(name, "text")))
                for name in _COLUMNS
            ),
            changes=SQL(", ").join(
                SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name))
                for name in sorted(changing)
            ),
            kind=kind,
            seen_at=seen_at,
            items=json.dumps(items, default=fields.Datetime.to_string),
        )

    def sweep(self, kinds, before):
        """Forget what a whole walk did not meet any more."""
        self._execute(
            """
            DELETE FROM cs_metric_source_item
             WHERE source_id = %(source_id)s AND kind = ANY(%(kinds)s)
               AND seen_at < %(before)s
            """,
            kinds=list(kinds),
            before=before,
        )

    def settle_answers(self):
        """Give answers the company of their ticket, where it is known."""
        self._execute(
            """
            UPDATE cs_metric_source_item a
               SET customer_key = t.customer_key, ticket_key = NULL
              FROM cs_metric_source_item t
             WHERE a.source_id = %(source_id)s AND a.kind = 'answer'
               AND t.source_id = a.source_id AND t.kind = 'ticket'
               AND t.key = a.ticket_key AND t.customer_key IS NOT NULL
            """
        )

    def unsettled_tickets(self, limit):
        """Return keys of tickets that answers name and nobody knows."""
        rows = self._rows(
            """
            SELECT DISTINCT ticket_key FROM cs_metric_source_item
             WHERE source_id = %(source_id)s AND kind = 'answer'
               AND ticket_key IS NOT NULL
             ORDER BY 1 LIMIT %(limit)s
            """,
            limit=limit,
        )
        return [key for (key,) in rows]

    def give_up_tickets(self, keys):
        """Leave the answers of tickets that are nowhere with whom answered."""
        self._execute(
            """
            UPDATE cs_metric_source_item SET ticket_key = NULL
             WHERE source_id = %(source_id)s AND kind = 'answer'
               AND ticket_key = ANY(%(keys)s)
            """,
            keys=list(keys),
        )

    def unknown_customers(self, limit):
        """Return keys of customers that tickets and answers name and nobody knows."""
        rows = self._rows(
            """
            SELECT DISTINCT i.customer_key FROM cs_metric_source_item i
             WHERE i.source_id = %(source_id)s AND i.customer_key IS NOT NULL
               AND NOT EXISTS (
                    SELECT FROM cs_metric_source_item c
                     WHERE c.source_id = i.source_id AND c.kind = 'customer'
                       AND c.key = i.customer_key
                   )
             ORDER BY 1 LIMIT %(limit)s
            """,
            limit=limit,
        )
        return [key for (key,) in rows]

    def counts(self, now):
        """Return the counts of each customer at a moment.

        :return: list of dicts: key, name, cnpj, reference; is_namesake (another has
            the same name); tickets_open, tickets_30d, tickets_out_of_sla; nps and its
            moment nps_at, None without
        """
        names = (
            "key", "name", "cnpj", "reference", "is_namesake",
            "tickets_open", "tickets_30d", "tickets_out_of_sla", "nps", "nps_at",
        )  # fmt: skip
        rows = self._rows(
            """
            WITH ticket AS (
                SELECT customer_key,
                       count(*) FILTER (WHERE state = 'open') AS is_open,
                       count(*) FILTER (
                            WHERE state <> 'ignored' AND at >= %(recent)s
                       ) AS recent,
                       count(*) FILTER (
                            WHERE state = 'open' AND due_at < %(now)s
                       ) AS late
                  FROM cs_metric_source_item
                 WHERE source_id = %(source_id)s AND kind = 'ticket'
                 GROUP BY customer_key
            ), answer AS (
                SELECT DISTINCT ON (customer_key) customer_key, value, at
                  FROM cs_metric_source_item
                 WHERE source_id = %(source_id)s AND kind = 'answer'
                 ORDER BY customer_key, at DESC, key DESC
            )
            SELECT c.key, c.name, c.cnpj, c.reference,
                   count(*) OVER (PARTITION BY c.name) > 1,
                   COALESCE(t.is_open, 0), COALESCE(t.recent, 0), COALESCE(t.late, 0),
                   a.value, a.at
              FROM cs_metric_source_item c
              LEFT JOIN ticket t ON t.customer_key = c.key
              LEFT JOIN answer a ON a.customer_key = c.key
             WHERE c.source_id = %(source_id)s AND c.kind = 'customer'
             ORDER BY c.key
            """,
            now=now,
            recent=now - RECENT,
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    def known_facts(self, metric_keys, company_ids):
        """Return which present facts of customers came from this source, and are known.

        :return: list of (account id, metric key)
        """
        return self._rows(
            """
            SELECT v.account_id, m.key
              FROM cs_metric_value v JOIN cs_metric m ON m.id = v.metric_id
              JOIN cs_account a ON a.id = v.account_id
             WHERE v.source_id = %(source_id)s AND v.value IS NOT NULL
               AND m.key = ANY(%(keys)s) AND a.company_id = ANY(%(company_ids)s)
            """,
            keys=list(metric_keys),
            company_ids=list(company_ids),
        )
