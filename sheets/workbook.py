"""XLSX workbooks: read row by row, and never more of them than a server can bear."""

import io
import itertools
import logging
import zipfile
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import openpyxl
from openpyxl.cell.read_only import EMPTY_CELL

from odoo.exceptions import UserError

from . import workbook_marks
from .cells import BrokenCell

_logger = logging.getLogger(__name__)

#: Bytes of all files in the archive together, unpacked: a zip bomb has more.
MAX_UNPACKED = 300 * 2**20
MAX_COLUMNS = 500
#: The last row that a workbook can have.
_LAST_ROW = 2**20
_SAMPLE_ROWS = 60
_MAX_INTEGER = 10**15
_STRICT = b"http://purl.oclc.org/ooxml/"


class Workbook:
    """The sheets of an XLSX file; use it in ``with``."""

    def __init__(self, env, data):
        """
        :param data: the bytes of the file
        :raise UserError: too large unpacked, damaged, or of a dialect not read
        """
        self.env = env
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._marks = {}
        self._check_size()
        with self._damage():
            self._check_dialect()
            self._book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True
            )

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self._book.close()
        self._archive.close()

    def _check_size(self):
        # zipfile never unpacks more of a file than the archive's directory says.
        unpacked = sum(info.file_size for info in self._archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise UserError(
                self.env._(
                    "Unpacked, the workbook has %(size)s MB; at most %(limit)s MB are "
                    "read. Split it, or save the one sheet as CSV.",
                    size=unpacked // 2**20,
                    limit=MAX_UNPACKED // 2**20,
                )
            )

    def _check_dialect(self):
        with self._archive.open("xl/workbook.xml") as file:
            if _STRICT not in file.read(2**16):
                return
        raise UserError(
            self.env._(
                "This is a “Strict Open XML” workbook: save it again as an ordinary "
                "“Excel Workbook (.xlsx)”."
            )
        )

    @contextmanager
    def _damage(self):
        """Say in plain words that reading failed, whatever way it did."""
        try:
            yield
        except UserError:
            raise
        except Exception as error:  # What a damaged file makes a parser raise is open.
            _logger.info("A workbook cannot be read", exc_info=True)
            raise UserError(
                self.env._(
                    "The workbook is damaged (%(error)s): open it in your spreadsheet "
                    "program, save it again as XLSX and import that.",
                    error=str(error)[:200] or type(error).__name__,
                )
            ) from error

    def sheet_names(self):
        """Return the names of the visible sheets that hold anything."""
        with self._damage():
            return [
                sheet.title
                for sheet in self._book.worksheets
                if sheet.sheet_state == "visible" and self._width(sheet)
            ]

    def rows(self, name):
        """Yield ``(number of the row, list of cells)`` of a sheet, empty ones left out.

        Cells are typed as :class:`~.cells.CellReader` takes them. A percentage is
        the number that is seen: 85 for 85 %.
        """
        with self._damage():
            sheet = self._book[name]
            width = self._width(sheet)
            broken = self._marks_of(name).broken
            for number, row in self._raw_rows(sheet, width):
                cells = [_typed(cell) for cell in row]
                for column in broken.get(number, ()):
                    if column <= len(cells):
                        cells[column - 1] = BrokenCell()
                if any(cell != "" for cell in cells):
                    yield number, cells

    def merged(self, name):
        """Return the merged cells of a sheet, for :func:`.workbook_marks.fill_down`."""
        with self._damage():
            return self._marks_of(name).merged

    def _raw_rows(self, sheet, width):
        """Yield ``(number, row)`` of the rows that have cells."""
        # What a sheet says of its own size is often wrong.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=width) if width else ()
        nothing = None
        for number, row in enumerate(rows, 1):
            # One cell far away makes a million rows of nothing: the same one each time.
            if row is nothing:
                continue
            if all(cell is EMPTY_CELL for cell in row):
                nothing = row
            else:
                yield number, row

    def _width(self, sheet):
        """Return how many columns the first rows use, 0 for an empty sheet.

        What lies right of these is no part of the table.
        """
        used = (
            [n for n, cell in enumerate(row, 1) if cell.value is not None]
            for _number, row in self._raw_rows(sheet, MAX_COLUMNS)
        )
        sample = itertools.islice(filter(None, used), _SAMPLE_ROWS)
        return max((columns[-1] for columns in sample), default=0)

    def _marks_of(self, name):
        if name not in self._marks:
            # The path is the one thing that openpyxl has no public word for.
            with self._archive.open(self._book[name]._worksheet_path) as file:
                self._marks[name] = workbook_marks.scan(file)
        return self._marks[name]


def _typed(cell):
    """Return the value of an openpyxl cell as loaders take it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        # No cell means anything by a NUL, and the database takes none.
        text = value.replace("\0", "").strip()
        return BrokenCell(text) if cell.data_type == "e" else text
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format)
    return _moment(value)


def _number(value, number_format):
    if not -_MAX_INTEGER <= value <= _MAX_INTEGER:
        return str(value)
    if number_format and number_format.rstrip().endswith("%"):
        # Of binary fractions: 0.07 × 100 is 7.000000000000001.
        return round(value * 100, 10)
    return value


def _moment(value):
    if isinstance(value, datetime):
        # Days are counted in binary fractions, a second is one only about.
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return value.date() if value.time() == time.min else value
    if isinstance(value, date):
        return value
    return str(value)
