"""Readings whose customer a source calls by a name that nobody knows yet."""

import json
from collections import defaultdict
from datetime import date, datetime

from odoo import fields
from odoo.tools import SQL

from .reading_parser import is_storable

#: So many readings wait for one name; of more, the oldest are given up.
MAX_WAITING = 1000
_MAX_NAME = 200


class WaitingRoom:
    """The names by which one source calls customers: known ones, and those to learn."""

    def __init__(self, env, source):
        """
        :param source: the ``cs.metric.source``
        """
        self.env = env
        self.source = source

    def known(self, names, company_ids):
        """Return whom somebody said a name of this source means.

        :param names: list of texts
        :param company_ids: of the companies in which accounts count
        :return: ``{name: [(account id, company id)]}``
        """
        self.env["cs.metric.unmatched"].flush_model(["account_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT u.reference, a.id, a.company_id
                  FROM cs_metric_unmatched u JOIN cs_account a ON a.id = u.account_id
                 WHERE u.source_id = %s AND u.state = 'mapped'
                   AND u.reference = ANY(%s) AND a.company_id = ANY(%s)
                """,
                self.source.id,
                list(names),
                list(company_ids),
            )
        )
        return {name: [(account, company)] for name, account, company in rows}

    def seat(self, readings):
        """Keep readings until somebody says which customer is meant.

        Of two of the same metric and moment the later one stays.

        :param readings: list of readings, as ``record()`` takes them
        :return: how many wait now, those of ignored names left out
        """
        by_name = defaultdict(list)
        for reading in readings:
            name = reading["account"]
            plain = _as_json(reading)
            if 0 < len(name) <= _MAX_NAME and _is_keepable(plain):
                by_name[name].append(plain)
        if not by_name:
            return 0
        self.env["cs.metric.unmatched"].flush_model()
        present = self._lock_rows(by_name)
        waiting = 0
        for name, (id_, state, before, dropped) in present.items():
            if state != "ignored":
                waiting += len(by_name[name])
                self._keep(id_, before or [], by_name[name], dropped or 0)
        self.env["cs.metric.unmatched"].invalidate_model()
        return waiting

    def expect(self, names):
        """Keep names to be explained, though no reading waits for them.

        :param names: iterable of texts
        """
        storable = {
            name for name in names if is_storable(name) and 0 < len(name) <= _MAX_NAME
        }
        if storable:
            self.env["cs.metric.unmatched"].flush_model()
            self._lock_rows(storable)
            self.env["cs.metric.unmatched"].invalidate_model()

    def _lock_rows(self, by_name):
        """Return ``{name: (id, state, readings, dropped)}``, new names made."""
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO cs_metric_unmatched AS u
                       (source_id, reference, state, first_seen, last_seen,
                        create_uid, create_date)
                SELECT %(source_id)s, name, 'waiting', %(now)s, %(now)s, %(uid)s,
                       %(now)s
                  FROM unnest(%(names)s::text[]) name
                 ORDER BY name
                ON CONFLICT (source_id, reference) DO UPDATE
                   SET last_seen = EXCLUDED.last_seen,
                       state = CASE WHEN u.state = 'mapped' THEN 'waiting'
                                    ELSE u.state END
                RETURNING reference, id, state, readings, dropped_count
                """,
                source_id=self.source.id,
                now=now,
                uid=self.env.uid,
                names=list(by_name),
            )
        )
        return {name: tuple(rest) for name, *rest in rows}

    def _keep(self, id_, before, new, dropped):
        merged = {
            (reading["metric"], reading["at"]): reading for reading in [*before, *new]
        }
        kept = sorted(merged.values(), key=lambda reading: reading["at"])
        dropped += max(len(kept) - MAX_WAITING, 0)
        kept = kept[-MAX_WAITING:]
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_metric_unmatched
                   SET readings = %s::jsonb, waiting_count = %s, dropped_count = %s
                 WHERE id = %s
                """,
                json.dumps(kept),
                len(kept),
                dropped,
                id_,
            )
        )


def _as_json(reading):
    """Return a reading that can wait: its moment and its value as text or number."""
    at = reading.get("at")
    at = fields.Datetime.now() if at is None else at
    plain = {key: _plain(value) for key, value in reading.items()}
    return plain | {"at": _plain(at)}


def _is_keepable(reading):
    """Return whether the database can hold all that a reading says."""
    try:
        json.dumps(reading, allow_nan=False)
    except (TypeError, ValueError):
        return False
    texts = (one for one in reading.values() if isinstance(one, str))
    return all(map(is_storable, texts))


def _plain(value):
    return value.isoformat() if isinstance(value, (date, datetime)) else value
