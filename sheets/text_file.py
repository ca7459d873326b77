"""CSV and its relatives: bytes to rows of texts."""

import csv
import io
from collections import Counter

from odoo.exceptions import UserError

from .cells import BrokenCell

_DELIMITERS = (",", ";", "\t")
_SAMPLE_LINES = 50
#: What a formula that failed leaves behind, as spreadsheets in our languages write it.
_ERRORS = {
    "#N/A", "#N/D", "#REF!", "#VALUE!", "#VALOR!", "#DIV/0!", "#NAME?", "#NOME?",
    "#NULL!", "#NULO!", "#NUM!", "#NÚM!", "#SPILL!", "#DESPEJAR!", "#CALC!",
}  # fmt: skip


class TextFile:
    """Lines of cells, separated by comma, semicolon or tab."""

    def __init__(self, env, data):
        """
        :param data: bytes in UTF-8, UTF-16 or Windows-1252
        """
        self.env = env
        self._hint = None
        # No cell means anything by a NUL, and the database takes none.
        self._text = self._without_hint(decode(data).replace("\0", ""))
        self.delimiter = self._hint or _find_delimiter(self._text)

    def _without_hint(self, text):
        """Take off the line by which a file tells Excel its delimiter."""
        first, _end, rest = text.partition("\n")
        hint = first.strip("\r\ufeff").casefold()
        if len(hint) == 5 and hint.startswith("sep=") and hint[4] in _DELIMITERS:
            self._hint = hint[4]
            return rest
        return text

    def rows(self):
        """Yield ``(number of the line, list of cells, why it is no row or None)``.

        Empty rows are left out.

        :raise UserError: a cell too long to be one
        """
        try:
            rows = list(self._strictly())
        except csv.Error:
            # Somewhere a quotation mark stands alone: only its line suffers from it.
            rows = self._line_by_line()
        first = 2 if self._hint else 1
        for line, cells, problem in rows:
            cells = [_cell(text) for text in cells]
            if any(cell != "" for cell in cells):
                yield line + first, cells, problem

    def _strictly(self):
        reader = csv.reader(
            io.StringIO(self._text, newline=""), delimiter=self.delimiter, strict=True
        )
        line = 0
        for cells in reader:
            yield line, cells, None
            line = reader.line_num

    def _line_by_line(self):
        for line, text in enumerate(self._text.splitlines()):
            try:
                cells = next(csv.reader([text], delimiter=self.delimiter), [])
            except csv.Error as error:
                raise UserError(
                    self.env._(
                        "This is not a CSV file, line %(line)s: %(error)s",
                        line=line + 1,
                        error=error,
                    )
                ) from error
            problem = None
            if text.count('"') % 2:
                problem = self.env._("A quotation mark is opened and not closed.")
            yield line, cells, problem


def decode(data):
    """Return the text in UTF-8, UTF-16 or Windows-1252 bytes.

    >>> decode("João".encode("cp1252")) == decode("João".encode("utf-16")) == "João"
    True
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _find_delimiter(text):
    """Return the delimiter that makes most lines equally wide."""
    lines = [line for line in text[: 2**18].splitlines() if line.strip()]
    lines = lines[:_SAMPLE_LINES]

    def evidence(delimiter):
        widths = Counter(_width(line, delimiter) for line in lines)
        del widths[1]
        width, count = max(widths.items(), key=lambda one: one[::-1], default=(0, 0))
        return count, width

    return max(_DELIMITERS, key=evidence)


def _width(line, delimiter):
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return line.count(delimiter) + 1


def _cell(text):
    text = text.strip()
    if text in _ERRORS:
        return BrokenCell(text)
    # Our own mark of a text that a spreadsheet would take for a formula.
    if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
        return text[1:]
    return text
