"""Rows of a file with what became of them, as a CSV that can be mended and dropped."""

import csv
import io

from .cells import cell_text
from .notation import parse_number

#: A spreadsheet takes a text that begins so for a formula.
_FORMULA_MARKS = ("=", "+", "-", "@")


def headings(env):
    """Return the names of the two columns that a result adds: line and reason."""
    return env._("Line"), env._("Reason")


def report_columns(env, header):
    """Return the columns of a header that an earlier result added, an empty list else.

    They are its last two, in any language of the database.
    """
    last = tuple(header[-2:])
    for code, _name in env["res.lang"].get_installed():
        if last == headings(env(context={**env.context, "lang": code})):
            return list(last)
    return []


def write(env, header, rows, delimiter, traits):
    """Return the bytes of the CSV file of some rows.

    :param header: names of the columns
    :param rows: iterable of ``(line, list of cells, reason or None)``
    :param delimiter: of the file they came in; a workbook's None is that of the user
    :param traits: of the file, see :meth:`.loader.Loader.prepare`
    """
    delimiter = delimiter or _delimiter(env)
    ours = report_columns(env, header)
    width = len(header) - len(ours)
    result = [[*header[:width], *headings(env)]]
    for line, cells, reason in rows:
        for position in traits["numbers"]:
            cells[position] = _settled(cells[position], traits["decimal_comma"])
        texts = [written(cell, delimiter) for cell in cells[:width]]
        result.append([*texts, line, reason or ""])
    return write_rows(env, result, delimiter)


def write_rows(env, rows, delimiter=None):
    """Return the bytes of a CSV file.

    :param rows: lists of texts, the header first
    :param delimiter: that of the user's spreadsheet program without it
    """
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter or _delimiter(env)).writerows(rows)
    # With its mark, so that spreadsheets know it is UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _delimiter(env):
    language = env["res.lang"]._get_data(code=env.lang)
    return ";" if language.decimal_point == "," else ","


def _settled(cell, decimal_comma):
    """Return the number of a text that another file could read as another number."""
    if not isinstance(cell, str):
        return cell
    number = parse_number(cell, decimal_comma)
    return cell if number == parse_number(cell, not decimal_comma) else number


def written(cell, delimiter):
    """Return a cell as a text that reads as the same in a file of its own.

    Whether 1.234 is a thousand is told by the file around it, so it is written as
    nobody can mistake it.

    >>> written(1.234, ";"), written(1.234, ","), written("=A1", ",")
    ('1,2340', '1.2340', "'=A1")
    """
    if isinstance(cell, float) and cell != int(cell):
        return _unmistakable(cell, delimiter)
    text = cell_text(cell)
    if text.startswith(_FORMULA_MARKS) and parse_number(text, True) is None:
        return f"'{text}"
    return text


def _unmistakable(number, delimiter):
    text = repr(number)
    if "e" in text:
        return text
    whole, _dot, fraction = text.partition(".")
    comma = "." if delimiter == "," else ","
    return f"{whole}{comma}{fraction}{'0' if len(fraction) == 3 else ''}"
