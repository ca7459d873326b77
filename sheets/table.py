"""A file's bytes as a table of texts."""

import csv
import io

from odoo.exceptions import UserError

_DELIMITERS = (",", ";", "\t")


class Table:
    """A header and its rows, every cell a stripped text."""

    def __init__(self, header, rows, delimiter):
        """
        :param header: list of names of columns
        :param rows: list of ``(line number in the file, list of cells)``, each row
            with as many cells as the header
        """
        self.header = header
        self.rows = rows
        self.delimiter = delimiter

    def column(self, name):
        """Return the position of a column, None for a name that isn't there."""
        return self.header.index(name) if name in self.header else None

    def cells(self, position):
        """Return all cells of one column."""
        return [cells[position] for _line, cells in self.rows]


def read_table(env, data):
    """Return the :class:`Table` in the bytes of a CSV file.

    UTF-8 or Windows-1252, separated by comma, semicolon or tab.

    :raise UserError: not such a file, or without rows
    """
    if data[:2] == b"PK":
        raise UserError(env._("This is a workbook: save the sheet as CSV first."))
    # No cell means anything by a NUL, and the database takes none.
    text = _decode(data).replace("\0", "")
    try:
        first = next(iter(text.splitlines()), "")
        delimiter = max(_DELIMITERS, key=lambda one: len(_cells_of(first, one)))
        header, rows = _split(text, delimiter)
    except csv.Error as error:
        raise UserError(
            env._("This is not a CSV file: %(error)s", error=error)
        ) from error
    if not rows:
        raise UserError(env._("The file has no rows below its header."))
    return Table(header, rows, delimiter)


def _decode(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _cells_of(line, delimiter):
    return next(csv.reader([line], delimiter=delimiter), [])


def _split(text, delimiter):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = _distinct([name.strip() for name in next(reader, [])])
    width = len(header)
    rows = []
    line = reader.line_num + 1
    for cells in reader:
        cells = [cell.strip() for cell in cells]
        if any(cells):
            rows.append((line, (cells + [""] * width)[:width]))
        line = reader.line_num + 1
    return header, rows


def _distinct(names):
    seen = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
