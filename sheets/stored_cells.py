"""Cells as JSON, so that the rows of a file can wait in the database."""

from datetime import date, datetime

from .cells import BrokenCell


def pack(cell):
    """Return what JSON can hold of a cell.

    >>> [unpack(pack(cell)) for cell in ("a", 1.5, True, date(2026, 12, 31))]
    ['a', 1.5, True, datetime.date(2026, 12, 31)]
    """
    if isinstance(cell, datetime):
        return {"time": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, BrokenCell):
        return {"broken": cell.code}
    return cell


def unpack(value):
    """Return the cell that :func:`pack` made JSON of."""
    if not isinstance(value, dict):
        return value
    [(kind, content)] = value.items()
    if kind == "time":
        return datetime.fromisoformat(content)
    return date.fromisoformat(content) if kind == "date" else BrokenCell(content)
