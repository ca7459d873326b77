"""Values of PostgreSQL on their way through text: asked for, and read."""

from datetime import date, datetime
from decimal import Decimal

_INTERVAL = 1186
#: More characters of a value are cut.
_LONGEST = 2_000
#: Number of a type → what reads it; the others are texts. Odoo has psycopg2 read
#: decimals as floats, by which long numbers of customers lose their last digits.
_READERS = {
    16: lambda text: text == "true",
    **dict.fromkeys((20, 21, 23, 26), int),
    **dict.fromkeys((700, 701), float),
    **dict.fromkeys((1700, _INTERVAL), Decimal),
    1082: date.fromisoformat,
    **dict.fromkeys((1114, 1184), datetime.fromisoformat),
}


def asked(column, type_number):
    """Return the SQL that gives a column as text; an interval as its seconds.

    It is cut there: a value of a gigabyte must not come here.

    :param column: SQL
    """
    if type_number == _INTERVAL:
        column = f"EXTRACT(epoch FROM {column})"
    return f"pg_catalog.left(({column})::pg_catalog.text, {_LONGEST + 1})"


def reader(type_number):
    """Return what makes a value of such a text; None stays None.

    What Python can't hold (infinity, the year 10000) stays a text; one that was cut
    ends with an ellipsis.
    """
    read = _READERS.get(type_number, _shown)

    def value(text):
        try:
            return text if text is None else read(text)
        except (ValueError, ArithmeticError):
            return text

    return value


def _shown(text):
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
