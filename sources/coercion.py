"""What other systems send, as the door takes it: numbers as text, times as numbers."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")
_ANSWERS = {"true": True, "false": False, "yes": True, "no": False}
#: Larger times are in milliseconds: as seconds they lie behind the year 5000.
_MILLISECONDS = 1e11
#: Smaller numbers are years or days of a spreadsheet, no seconds since 1970.
_SECONDS = 1e8
_DATE_KINDS = ("days_since", "days_until")


def value_of(raw, kind):
    """Return a value as ``record()`` takes it; what it can't be is left as it is.

    :param kind: of the metric
    """
    if kind in _DATE_KINDS:
        return _day_of(raw)
    if isinstance(raw, str):
        return _number_of(raw, kind)
    if isinstance(raw, timedelta):
        return raw.total_seconds()
    is_flag = isinstance(raw, bool) and kind != "boolean"
    return float(raw) if is_flag or isinstance(raw, Decimal) else raw


def _number_of(text, kind):
    word = text.strip().lower()
    if kind == "boolean" and word in _ANSWERS:
        return _ANSWERS[word]
    if _NUMBER.fullmatch(word):
        return float(word)
    return text if word else None


def moment_of(raw):
    """Return a moment as ``record()`` takes it: numbers are seconds since 1970."""
    if isinstance(raw, bool):
        return str(raw)
    if isinstance(raw, str) and _NUMBER.fullmatch(raw):
        raw = float(raw)
    if isinstance(raw, (int, float, Decimal)):
        if abs(raw) < _SECONDS:
            return f"{raw:g}"
        seconds = float(raw) / 1000 if abs(raw) > _MILLISECONDS else float(raw)
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (ValueError, OverflowError, OSError):
            return str(raw)
    # The moment is asked for: without it the row isn't true now.
    return "" if raw is None else raw


def _day_of(raw):
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date) or raw is None:
        return raw
    if isinstance(raw, str) and not raw.strip():
        return None
    if isinstance(raw, str) and not _NUMBER.fullmatch(raw):
        return raw.strip()[:10]
    moment = moment_of(raw)
    return moment.date() if isinstance(moment, datetime) else moment
