"""A file's bytes as a table: a header, and rows of cells."""

import itertools
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from odoo.exceptions import UserError

from . import header as headers
from .file_kind import is_workbook
from .text_file import TextFile
from .workbook import Workbook
from .workbook_marks import fill_down

#: More are read by a database, not by a server that others wait for.
MAX_ROWS = 300_000
MAX_CELLS = 3_000_000


@dataclass
class Table:
    """A header and its rows, each with as many cells as the header.

    Cells are as :class:`~.cells.CellReader` takes them.
    """

    #: Names of columns, no two alike.
    header: list
    #: ``[(line in the file, list of cells)]``
    rows: list
    #: The number of the header's line.
    header_line: int = 1
    #: Of a text file; None for a workbook.
    delimiter: str | None = None
    #: ``{line: reason}`` of rows that are none.
    problems: dict = field(default_factory=dict)
    #: The sheet of a workbook that was read, and all that could be.
    sheet: str | None = None
    sheets: list = field(default_factory=list)
    #: Whether there are more rows than were asked for.
    is_cut: bool = False

    def column(self, name):
        """Return the position of a column, None for a name that isn't there."""
        return self.header.index(name) if name in self.header else None

    def cells(self, position):
        """Return all cells of one column."""
        return [cells[position] for _line, cells in self.rows]


@dataclass
class Wanted:
    """What of a file is wanted."""

    #: Name of a workbook's sheet; the first that holds anything without it.
    sheet: str | None = None
    #: Line of the header; found without it.
    header_line: int | None = None
    #: Names of columns, as :func:`.header.plain` writes them, that help to find it.
    known: set = field(default_factory=set)
    #: So many rows; all without it.
    limit: int | None = None


def read_table(env, data, **wanted):
    """Return the :class:`Table` in the bytes of an XLSX or CSV file.

    CSV: UTF-8, UTF-16 or Windows-1252, separated by comma, semicolon or tab.

    :param wanted: see :class:`Wanted`
    :raise UserError: not such a file, too large, or without rows
    """
    wanted = Wanted(**wanted)
    if is_workbook(env, data):
        with Workbook(env, data) as book:
            return _of_workbook(env, book, wanted)
    file = TextFile(env, data)
    rows = _taken(env, file.rows(), wanted.limit)
    position = _header_position(env, rows, wanted)
    table = _table(env, rows, position, wanted.limit, _width_of(rows[position][1]))
    table.delimiter = file.delimiter
    return table


def _of_workbook(env, book, wanted):
    names = book.sheet_names()
    if not names:
        raise UserError(env._("The workbook is empty."))
    name = wanted.sheet if wanted.sheet in names else names[0]
    rows = _taken(env, ((*row, None) for row in book.rows(name)), wanted.limit)
    position = _header_position(env, rows, wanted)
    above = rows[position][0]
    merged = {one for one in book.merged(name) if one[1] > above}
    fill_down([(line, cells) for line, cells, _problem in rows], merged)
    # A column without a name is one all the same where there is something in it.
    table = _table(env, rows, position, wanted.limit, len(rows[position][1]))
    table.sheet, table.sheets = name, names
    return table


def _taken(env, rows, limit):
    """Return the rows, one more than asked for if there are more."""
    # Above the header there may be a title, which is not counted.
    most = MAX_ROWS if limit is None else limit
    taken = []
    cells = 0
    for row in itertools.islice(rows, most + headers.SAMPLE_ROWS + 1):
        taken.append(row)
        cells += len(row[1])
        if cells > MAX_CELLS:
            break
    if (limit is None and len(taken) > most) or cells > MAX_CELLS:
        raise UserError(
            env._(
                "The file has more than %(rows)s rows, or %(cells)s cells: split it "
                "into several.",
                rows=MAX_ROWS,
                cells=MAX_CELLS,
            )
        )
    if not taken:
        raise UserError(env._("The file is empty."))
    return taken


def _header_position(env, rows, wanted):
    if wanted.header_line is None:
        return headers.find([cells for _line, cells, _problem in rows], wanted.known)
    for position, (line, _cells, _problem) in enumerate(rows):
        if line == wanted.header_line:
            return position
    raise UserError(
        env._("Line %(line)s is empty: no header is there.", line=wanted.header_line)
    )


def _table(env, rows, position, limit, width):
    """Return the :class:`Table` whose header is the row at a position."""
    header_line, header, _problem = rows[position]
    below = rows[position + 1 :]
    is_cut = limit is not None and len(below) > limit
    below = below[:limit]
    if not below:
        raise UserError(env._("The file has no rows below its header."))
    header = [*header, *[""] * width][:width]
    columns = [
        n
        for n, name in enumerate(header)
        if name != "" or any(_at(cells, n) != "" for _line, cells, _problem in below)
    ]
    problems = {}
    table_rows = []
    for line, cells, problem in below:
        if problem or any(cell != "" for cell in cells[width:]):
            problems[line] = problem or env._(
                "It has %(count)s cells, the header only %(width)s.",
                count=_width_of(cells),
                width=width,
            )
        cells = [*cells, *[""] * (width - len(cells))]
        table_rows.append((line, [cells[n] for n in columns]))
    return Table(
        header=headers.distinct(
            [
                headers.name_of(header[n])
                or env._("Column %(letter)s", letter=get_column_letter(n + 1))
                for n in columns
            ]
        ),
        rows=table_rows,
        header_line=header_line,
        problems=problems,
        is_cut=is_cut,
    )


def _at(cells, position):
    return cells[position] if position < len(cells) else ""


def _width_of(cells):
    return max((n for n, cell in enumerate(cells, 1) if cell != ""), default=0)
