"""Cells of a file, read as what a loader needs them to be."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ..facts.reading_parser import MAX_NUMBER
from .notation import parse_moment, parse_number

_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d{2}")
_YES = {"1", "yes", "y", "true", "sim", "s", "verdadeiro", "x"}
_NO = {"0", "no", "n", "false", "não", "nao", "falso"}


class BadRow(Exception):
    """A row that cannot be kept; its text says why, in the user's language."""


@dataclass(frozen=True)
class BrokenCell:
    """A cell whose formula has an error, or no value that was saved (no ``code``)."""

    code: str = ""


class CellReader:
    """Reads the cells of one file, by that file's way of writing numbers.

    A cell is a text, or typed as a workbook has it: a number, a bool, a ``date``, a
    naive ``datetime`` on the company's clock, a :class:`BrokenCell`; "" is empty.
    """

    def __init__(self, env, company, decimal_comma):
        """
        :param company: the res.company on whose clock times without offset are
        :param decimal_comma: what a lone ``1.234`` or ``1,234`` means: Brazilian
            (a thousand; one and a bit) or English
        """
        self.env = env
        self.decimal_comma = decimal_comma
        self._zone = env["cs.account"]._company_tz(company)
        self._numbers = {}
        self._moments = {}

    def text(self, cell):
        """Return what a cell says.

        :raise BadRow: its formula says nothing
        """
        self._check_formula(cell)
        return cell_text(cell)

    def reference(self, cell):
        """Return the text of a cell that identifies somebody.

        :raise BadRow: digits of it are lost
        """
        text = self.text(cell)
        if _SHORTENED.fullmatch(text):
            raise BadRow(
                self.env._(
                    "The spreadsheet has shortened this number, its last digits are "
                    "lost: %(text)s. Format its column as text, fill it in again and "
                    "save.",
                    text=text,
                )
            )
        return text

    def number(self, cell):
        """Return the number in a cell.

        :raise BadRow: not a number
        """
        self._check_formula(cell)
        number = self._number(cell)
        if number is None:
            raise BadRow(self.env._("Not a number: %(text)s", text=cell_text(cell)))
        if abs(number) > MAX_NUMBER:
            raise BadRow(self.env._("Too large: %(value)s", value=cell_text(cell)))
        return float(number)

    def _number(self, cell):
        if isinstance(cell, (int, float)):
            return None if isinstance(cell, bool) else cell
        if not isinstance(cell, str):
            return None
        if cell not in self._numbers:
            self._numbers[cell] = parse_number(cell, self.decimal_comma)
        return self._numbers[cell]

    def moment(self, cell):
        """Return the ``date`` in a cell, or the naive UTC ``datetime`` in it.

        :raise BadRow: neither
        """
        self._check_formula(cell)
        moment = self._moment(cell)
        if moment is None:
            raise BadRow(self.env._("Not a date: %(text)s", text=cell_text(cell)))
        return moment

    def _moment(self, cell):
        if isinstance(cell, datetime):
            return cell.replace(tzinfo=self._zone).astimezone(UTC).replace(tzinfo=None)
        if isinstance(cell, date):
            return cell
        if not isinstance(cell, str):
            return None
        if cell not in self._moments:
            self._moments[cell] = parse_moment(cell, self._zone)
        return self._moments[cell]

    def date(self, cell):
        """Return the ``date`` in a cell, of a time its day.

        :raise BadRow: neither
        """
        moment = self.moment(cell)
        if isinstance(moment, datetime):
            return moment.replace(tzinfo=UTC).astimezone(self._zone).date()
        return moment

    def answer(self, cell):
        """Return 1.0 for yes and 0.0 for no.

        :raise BadRow: neither
        """
        word = self.text(cell).casefold()
        if word not in _YES | _NO:
            raise BadRow(
                self.env._("Neither yes nor no: %(text)s", text=cell_text(cell))
            )
        return float(word in _YES)

    def _check_formula(self, cell):
        if not isinstance(cell, BrokenCell):
            return
        if cell.code:
            raise BadRow(
                self.env._("The formula has an error: %(code)s", code=cell.code)
            )
        raise BadRow(
            self.env._(
                "The formula has no value: open the file in your spreadsheet program, "
                "save it and import it again."
            )
        )


def cell_text(cell):
    """Return a cell as a text that says the same.

    >>> cell_text(12.0), cell_text(1.5), cell_text(date(2026, 12, 31))
    ('12', '1.5', '2026-12-31')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    # Of a formula without a value: an error that no reader takes for a value.
    return cell.code or "#N/A"
