"""The header of a table: where it is, and how its names are compared."""

import re
import unicodedata

from .cells import cell_text
from .notation import parse_moment, parse_number

#: The header is looked for in so many rows.
SAMPLE_ROWS = 30


def plain(text):
    """Return a name without case, accents and punctuation.

    >>> plain(" Início_da Vigência ")
    'inicio da vigencia'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    ascii_letters = letters.encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", ascii_letters))


def name_of(cell):
    """Return the name that a header's cell gives its column, "" for none."""
    return " ".join(cell_text(cell).split())


def distinct(names):
    """Return names, no two alike.

    >>> distinct(["Valor", "Valor", "Valor (2)"])
    ['Valor', 'Valor (2)', 'Valor (2) (2)']
    """
    result = []
    for name in names:
        candidate, count = name, 1
        while candidate in result:
            count += 1
            candidate = f"{name} ({count})"
        result.append(candidate)
    return result


def find(rows, known=()):
    """Return the position of the header in the first rows of a file.

    Above it there may be titles. Names that are known decide; without them it is the
    first row of names that is at least half as wide as the widest.

    :param rows: lists of cells, without empty ones
    :param known: names of columns as :func:`plain` writes them
    """
    sample = rows[:SAMPLE_ROWS]
    widest = max(_filled(cells) for cells in sample)
    candidates = [
        position
        for position, cells in enumerate(sample)
        if _filled(cells) * 2 >= widest and _is_names(cells)
    ]
    if not candidates:
        return 0

    def known_names(position):
        names = {plain(name_of(cell)) for cell in sample[position]}
        return len(names & set(known))

    best = max(candidates, key=known_names)
    # A single word that is known may be anywhere, in a title or in a row.
    return best if known_names(best) > 1 else candidates[0]


def _filled(cells):
    return sum(cell != "" for cell in cells)


def _is_names(cells):
    names = [cell for cell in cells if isinstance(cell, str) and cell]
    values = sum(_is_value(name) for name in names)
    return len(names) - values > _filled(cells) / 2


def _is_value(text):
    return parse_number(text, True) is not None or parse_moment(text, None) is not None
