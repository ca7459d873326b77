"""What all loaders share: which columns there are to map, and how rows are read."""

import re
import unicodedata
from collections import namedtuple

from odoo.exceptions import AccessError, UserError

from .cells import BadRow, CellReader, writes_decimal_comma
from .report import LoadReport

#: A field of ours that a column may hold. ``aliases``: headers, as plain() writes them.
Target = namedtuple("Target", "key label aliases is_required is_number")

#: cs.metric.source.sheet_kind → class
LOADERS = {}


def loader(cls):
    """Register the class that loads a kind of file."""
    LOADERS[cls.kind] = cls
    return cls


def target(key, label, *aliases, required=False, number=False):
    """Return a :class:`Target`; its key is an alias as well."""
    return Target(key, label, (plain(key), *aliases), required, number)


def plain(text):
    """Return a header without case, accents and punctuation.

    >>> plain(" Início_da Vigência ")
    'inicio da vigencia'
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    ascii_letters = letters.encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", ascii_letters))


def write_different(record, values):
    """Write those values of one record that differ; return whether any did."""
    different = {
        key: value
        for key, value in values.items()
        if record._fields[key].convert_to_write(record[key], record) != value
    }
    if different:
        record.write(different)
    return bool(different)


class Loader:
    """Loads one file into one company: good rows are kept, bad ones named."""

    kind = None
    #: The :class:`Target` fields that columns can be mapped to.
    targets = ()

    def __init__(self, source, company):
        """
        :param source: the ``cs.metric.source`` of the file
        :param company: the res.company whose customers it is about
        :raise AccessError: a company that isn't the user's
        """
        if company not in source.env.companies:
            raise AccessError(
                source.env._("%(company)s is not your company.", company=company.name)
            )
        self.source = source.with_context(allowed_company_ids=company.ids)
        self.env = self.source.env
        self.company = company
        self.report = LoadReport()
        self.columns = {}
        self.read = None

    @classmethod
    def guess(cls, header):
        """Return ``{target key: name of the column}`` by the names of columns."""
        by_plain = {}
        for name in header:
            by_plain.setdefault(plain(name), name)
        mapping = {}
        for one in cls.targets:
            taken = set(mapping.values())
            for alias in one.aliases:
                if by_plain.get(alias) and by_plain[alias] not in taken:
                    mapping[one.key] = by_plain[alias]
                    break
        return mapping

    def load(self, table, mapping):
        """Load a table.

        :param table: a :class:`~.table.Table`
        :param mapping: ``{target key: name of the column}``
        :return: a :class:`~.report.LoadReport`
        :raise UserError: a field without which nothing can be loaded has no column
        """
        self._place_columns(table, mapping)
        self.read = CellReader(self.env, self.company, self._decimal_comma(table))
        self._load(table)
        return self.report

    def _load(self, table):
        raise NotImplementedError

    def _place_columns(self, table, mapping):
        for one in self.targets:
            position = table.column(mapping.get(one.key))
            if position is not None:
                self.columns[one.key] = position
            elif one.is_required:
                raise UserError(
                    self.env._(
                        "Say which column holds: %(field)s", field=self.env._(one.label)
                    )
                )

    def _decimal_comma(self, table):
        positions = self._number_positions(table)
        texts = (text for position in positions for text in table.cells(position))
        return writes_decimal_comma(texts, table.delimiter)

    def _number_positions(self, table):
        """Return the positions of the columns that hold numbers."""
        keys = {one.key for one in self.targets if one.is_number}
        return [at for key, at in self.columns.items() if key in keys]

    def _cell(self, cells, key):
        """Return the text of a target in a row, "" without a column."""
        position = self.columns.get(key)
        return "" if position is None else cells[position]

    def _required_cell(self, cells, key):
        text = self._cell(cells, key)
        if not text:
            label = next(one.label for one in self.targets if one.key == key)
            raise BadRow(self.env._("Empty: %(field)s", field=self.env._(label)))
        return text
