"""What one reading says: its moment and its value, or why it says nothing."""

import math
import re
from datetime import UTC, date, datetime, timedelta

from odoo import fields

EPOCH = date(1970, 1, 1)
FUTURE_TOLERANCE = timedelta(minutes=5)
#: Larger numbers mean nothing, and sums of them would overflow.
MAX_NUMBER = 1e15
NUMBER_KINDS = frozenset({"number", "percent", "money", "score"})
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class BadReading(Exception):
    """A reading that cannot be kept; its text says why, in the user's language."""


class ReadingParser:
    """Reads moments and values as they come from outside."""

    def __init__(self, env):
        self.env = env
        self.now = fields.Datetime.now()
        self._latest = self.now + FUTURE_TOLERANCE
        self._moments = {}
        self._dates = {}
        self._readers = dict.fromkeys(NUMBER_KINDS, self._read_number) | {
            "boolean": self._read_boolean,
            "days_since": self._read_date,
            "days_until": self._read_date,
        }

    def moment(self, raw, company):
        """Return the naive UTC moment, in whole seconds, that ``raw`` means.

        :param raw: ISO time, ISO date, ``datetime``, ``date`` or None (now)
        :param company: the res.company on whose calendar a date alone begins
        :raise BadReading: not a time, or in the future
        """
        if raw is None:
            return self.now
        key = (raw, company.id) if isinstance(raw, (str, date)) else None
        if key not in self._moments:
            self._moments[key] = self._parse_moment(raw, company)
        return self._moments[key]

    def value(self, raw, kind):
        """Return the number to store, or None for unknown.

        :param raw: what the reading says
        :param kind: of the metric; dates are stored as days since 1970-01-01
        :raise BadReading: not a value of that kind
        """
        return None if raw is None else self._readers[kind](raw)

    def _parse_moment(self, raw, company):
        try:
            moment = self._to_utc(raw, company)
        except (ValueError, TypeError, OverflowError):
            raise BadReading(
                self.env._("Not a time: %(value)s", value=shown(raw))
            ) from None
        if moment > self._latest:
            raise BadReading(self.env._("In the future: %(time)s", time=shown(raw)))
        return moment.replace(microsecond=0)

    def _to_utc(self, raw, company):
        if isinstance(raw, str):
            text = raw.strip()
            is_date = len(text) <= len("2026-01-31")
            raw = date.fromisoformat(text) if is_date else _to_datetime(text)
        if isinstance(raw, datetime):
            return raw.astimezone(UTC).replace(tzinfo=None) if raw.tzinfo else raw
        if isinstance(raw, date):
            return self.env["cs.account"]._day_start(raw, company)
        raise TypeError

    def _read_number(self, raw):
        if isinstance(raw, bool) or not isinstance(raw, (int, float)):
            raise BadReading(self.env._("Not a number: %(value)s", value=shown(raw)))
        try:
            value = float(raw)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise BadReading(
                self.env._("Not a finite number: %(value)s", value=shown(raw))
            )
        if abs(value) > MAX_NUMBER:
            raise BadReading(self.env._("Too large: %(value)s", value=shown(raw)))
        # There is one zero: -0.0 would differ from 0.0 as text.
        return value + 0.0

    def _read_boolean(self, raw):
        if isinstance(raw, (bool, int, float)) and raw in (0, 1):
            return float(raw)
        raise BadReading(
            self.env._("Neither yes (1) nor no (0): %(value)s", value=shown(raw))
        )

    def _read_date(self, raw):
        try:
            if isinstance(raw, str):
                raw = self._date_of(raw)
            if isinstance(raw, datetime) or not isinstance(raw, date):
                raise TypeError
        except (ValueError, TypeError):
            raise BadReading(
                self.env._("Not a date: %(value)s", value=shown(raw))
            ) from None
        return float((raw - EPOCH).days)

    def _date_of(self, text):
        if text not in self._dates:
            self._dates[text] = date.fromisoformat(text.strip())
        return self._dates[text]


def _to_datetime(text):
    # Python before 3.11 reads no Z.
    return datetime.fromisoformat(f"{text[:-1]}+00:00" if text[-1] in "zZ" else text)


def is_storable(text):
    """Return whether the database can hold a text: no NUL, no half character."""
    return not _NOT_STORABLE.search(text)


def shown(raw):
    """Return what came from outside as a short text that can be kept and sent."""
    text = str(raw) if isinstance(raw, str) else repr(raw)
    text = _NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= 80 else f"{text[:80]}…"
