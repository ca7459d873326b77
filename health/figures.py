"""How the figures of a verdict are written."""

from odoo.tools import SQL

#: A measure of a verdict as JSON. As text, which is read at half the price of having
#: it built piece by piece.
LINE = SQL(
    """
    '{"measure_id":' || measure_id
    || ',"value":' || COALESCE(value::text, 'null')
    || ',"at":' || COALESCE(to_json(at)::text, 'null')
    || ',"points":' || COALESCE(points::text, 'null')
    || ',"weight":' || weight || '}'
    """
)


def rounded(number):
    """Return a number rounded to 0.1, half up.

    Twice: a half that the arithmetic of the computer missed by a hair is a half.
    """
    return SQL("ROUND(ROUND((%s)::numeric, 8), 1)", number)
