"""What openpyxl doesn't tell of a sheet that it reads row by row."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from openpyxl.utils import coordinate_to_tuple, range_boundaries

_CHUNK = 2**20
#: Longer than any one cell is in XML.
_OVERLAP = 2**16
_CELL = rb"[A-Z]{1,3}[0-9]{1,7}"
_FORMULA_WITHOUT_VALUE = re.compile(
    rb'<(?:\w+:)?c(\s[^>]*?\br="(' + _CELL + rb')"[^>]*)>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="(' + _CELL + rb":" + _CELL + rb')"'
)


@dataclass
class Marks:
    """Where a sheet has formulas without a value, and merged cells."""

    #: ``{row: {columns}}``, from 1
    broken: dict = field(default_factory=lambda: defaultdict(set))
    #: ``{(column, first row, last row)}`` of cells that are one
    merged: set = field(default_factory=set)


def scan(file):
    """Return the :class:`Marks` of a sheet.

    :param file: its XML, open for reading
    """
    marks = Marks()
    for chunk in _overlapping_chunks(file):
        # Most sheets have neither, and a plain search is a hundred times faster.
        if b"<f" in chunk or b":f" in chunk:
            _add_broken(marks, chunk)
        if b"mergeCell" in chunk:
            _add_merged(marks, chunk)
    return marks


def _add_broken(marks, chunk):
    for attributes, coordinate, empty in _FORMULA_WITHOUT_VALUE.findall(chunk):
        if empty and b't="str"' in attributes:
            continue  # Its value is the empty text.
        row, column = coordinate_to_tuple(coordinate.decode())
        marks.broken[row].add(column)


def _add_merged(marks, chunk):
    for reference in _MERGED.findall(chunk):
        column, first, _last_column, last = range_boundaries(reference.decode())
        if last > first:
            marks.merged.add((column, first, last))


def _overlapping_chunks(file):
    rest = b""
    while block := file.read(_CHUNK):
        chunk = rest + block
        yield chunk
        rest = chunk[-_OVERLAP:]


def fill_down(rows, merged):
    """Give every row of merged cells the value that is written in the first.

    :param rows: list of ``(row number, list of cells)`` in order, changed in place
    :param merged: as in :class:`Marks`
    """
    position = {number: n for n, (number, _cells) in enumerate(rows)}
    # Two at one place are no valid file: no cell is filled twice.
    filled_to = {}
    for column, first, last in sorted(merged, key=lambda one: one[1]):
        if first in position and first > filled_to.get(column, 0):
            filled_to[column] = last
            _fill(rows, position[first], column - 1, last)


def _fill(rows, start, column, last):
    value = rows[start][1][column] if column < len(rows[start][1]) else ""
    for n in range(start + 1, len(rows)):
        number, cells = rows[n]
        if number > last:
            break
        if column < len(cells) and cells[column] == "":
            cells[column] = value
