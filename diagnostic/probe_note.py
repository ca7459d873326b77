"""The sentence that a probe writes as evidence."""

import math
from datetime import date, datetime
from decimal import Decimal
from string import Formatter

from odoo.tools import format_date, format_datetime, formatLang

_MOST_DECIMALS = 2
_LONGEST = 200


class Unreadable(Exception):
    """The sentence has a placeholder that is no name of a column; says which."""


def columns_of(note):
    """Return the columns that a sentence names in braces, in order.

    :raise Unreadable: its text is the place
    """
    try:
        parts = list(Formatter().parse(note))
    except ValueError:
        raise Unreadable(note[:40]) from None
    names = []
    for _text, name, spec, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise Unreadable(f"{{{name}")
        names.append(name)
    return names


def written(env, note, row):
    """Return a sentence with the values of a row, as people of a language write them.

    :param env: of the language
    :param note: a sentence whose columns are all in the row
    :param row: ``{column: value}``
    """
    texts = []
    for text, name, _spec, _conversion in Formatter().parse(note):
        texts.append(text)
        if name is not None:
            texts.append(shown(env, row[name]))
    return "".join(texts)


def shown(env, value):
    """Return a value of a database as people of a language write it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return env._("yes") if value else env._("no")
    if isinstance(value, (int, float, Decimal)) and math.isfinite(value):
        return formatLang(env, float(value), digits=_decimals(value))
    if isinstance(value, datetime):
        return format_datetime(env, value.replace(tzinfo=None), tz="UTC")
    if isinstance(value, date):
        return format_date(env, value)
    return str(value)[:_LONGEST]


def _decimals(value):
    """Return how many decimals of a number say something, two at most."""
    text = f"{float(value):.{_MOST_DECIMALS}f}".rstrip("0")
    return len(text.partition(".")[2])


def kept(value):
    """Return a value of a database as it is kept with the answer: number or text."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (float, Decimal)):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)[:_LONGEST]
