"""What all loaders share: which columns there are to map, and how rows are read."""

from collections import defaultdict, namedtuple

from odoo.exceptions import AccessError

from ..facts.waiting import WaitingRoom
from . import uses as column_uses
from .cells import BadRow, CellReader, cell_text
from .customer_finder import CustomerFinder, UnknownCustomer
from .header import plain
from .notation import writes_decimal_comma
from .report import LoadReport
from .result_file import report_columns, write_rows

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
    """Loads a kind of file into one company: good rows are kept, bad ones named.

    A file is prepared as a whole, then loaded in pages, each of which can be a
    transaction of its own in another process.
    """

    kind = None
    #: The :class:`Target` fields that columns can be mapped to.
    targets = ()
    #: ``{target key: text}``, a row each: how such a file may look.
    example = ()
    #: So many rows are loaded together: what a person waits for, and no longer.
    page_rows = 2000

    def __init__(self, source, company, header, uses, moment=None):
        """
        :param source: the ``cs.metric.source`` of the file
        :param company: the res.company whose customers it is about
        :param header: names of the columns
        :param uses: ``{column: use}``, see :mod:`.uses`
        :param moment: naive UTC moment of which rows without a date were true
        :raise AccessError: a company that isn't the user's
        :raise UserError: a field without which nothing can be loaded has no column
        """
        if company not in source.env.companies:
            raise AccessError(
                source.env._("%(company)s is not your company.", company=company.name)
            )
        self.source = source.with_context(allowed_company_ids=company.ids)
        self.env = self.source.env
        self.company = company
        self.header = header
        self.uses = uses
        self.moment = moment
        column_uses.check(self.env, uses, self.targets)
        keys = {one.key for one in self.targets}
        #: ``{target key: position of its column}``
        self.columns = {
            uses[name]: position
            for position, name in enumerate(header)
            if uses.get(name) in keys
        }
        self.report = LoadReport()
        self.traits = {}
        self.read = CellReader(self.env, company, decimal_comma=False)

    @classmethod
    def guess(cls, source, table):
        """Return ``{column: use}`` of all columns of a table."""
        ours = report_columns(source.env, table.header)
        names = [name for name in table.header if name not in ours]
        targets = cls._named_targets(source.env)
        guessed = column_uses.guess(names, targets, source.sheet_mapping or {})
        guessed = cls._guess_rest(source, table, names, guessed)
        return {name: guessed.get(name, column_uses.UNUSED) for name in table.header}

    @classmethod
    def _guess_rest(cls, source, table, names, guessed):  # noqa: ARG003
        """Return guesses with those that need a look at the rows."""
        return guessed

    @classmethod
    def _named_targets(cls, env):
        """Return the targets, known by what we call them ourselves too."""
        return [
            one._replace(aliases=(*one.aliases, plain(env._(one.label))))
            for one in cls.targets
        ]

    @classmethod
    def example_file(cls, env):
        """Return the bytes of a CSV file that shows how such files may look."""
        labels = {one.key: env._(one.label) for one in cls.targets}
        keys = list(cls.example[0])
        rows = [[row[key] for key in keys] for row in cls.example]
        return write_rows(env, [[labels[key] for key in keys], *rows])

    @classmethod
    def known_names(cls, source):
        """Return the names of columns, made plain, that such a file may have."""
        targets = cls._named_targets(source.env)
        names = {alias for one in targets for alias in one.aliases}
        return names | {plain(name) for name in source.sheet_mapping or {}}

    def unused(self):
        """Return the names of the columns that are used for nothing."""
        return [name for name in self.header if not self.uses.get(name)]

    # The whole file

    def prepare(self, table):
        """Look at a whole file before its first page.

        Rows that are found to be none are added to ``table.problems``.

        :param table: a :class:`~.table.Table`
        :return: dict of what pages must know of the whole, fit for JSON
        """
        language = self.env["res.lang"]._get_data(code=self.env.lang)
        texts = (
            cell
            for position in self._number_positions()
            for cell in table.cells(position)
        )
        # A spreadsheet writes ";" where the comma is taken by numbers.
        by_default = table.delimiter == ";" or (
            table.delimiter != "," and language.decimal_point == ","
        )
        self.begin(
            {
                "decimal_comma": writes_decimal_comma(texts, by_default),
                "numbers": list(self._number_positions()),
            }
        )
        return self.traits

    def begin(self, traits):
        """Go on with a file that was prepared.

        :param traits: as :meth:`prepare` returned them
        """
        self.traits = traits
        self.read = CellReader(self.env, self.company, traits["decimal_comma"])

    def pages(self, table):
        """Yield lists of rows that can be loaded one after the other."""
        rows = [row for row in table.rows if row[0] not in table.problems]
        for start in range(0, len(rows), self.page_rows):
            yield rows[start : start + self.page_rows]

    def _pages_by_customer(self, table):
        """Yield lists of rows, all those of a customer together."""
        by_customer = defaultdict(list)
        for line, cells in table.rows:
            if line not in table.problems:
                who = cell_text(self._cell(cells, "customer"))
                by_customer[who].append((line, cells))
        page = []
        for rows in by_customer.values():
            page += rows
            if len(page) >= self.page_rows:
                yield page
                page = []
        if page:
            yield page

    def _number_positions(self):
        """Return the positions of the columns that hold numbers."""
        keys = {one.key for one in self.targets if one.is_number}
        return [at for key, at in self.columns.items() if key in keys]

    # A page

    def load(self, rows):
        """Load rows.

        :param rows: list of ``(line, list of cells)``
        :return: a :class:`~.report.LoadReport`
        """
        self.report = LoadReport()
        self._load(rows)
        return self.report

    def _load(self, rows):
        raise NotImplementedError

    def _find_customers(self, rows):
        """Find the customers that rows name in their column.

        Rows that name none are noted; whom nobody knows, somebody is asked for.

        :return: ``{line: id of the cs.account}`` of those that are known, and
            ``{line: text}`` of those that nobody knows
        """
        texts, found, unknown = {}, {}, {}
        for line, cells in rows:
            try:
                cell = self._required_cell(cells, "customer")
                texts[line] = self.read.reference(cell)
            except BadRow as bad:
                self.report.refuse(line, bad)
        name = self.header[self.columns["customer"]]
        finder = CustomerFinder(
            self.source, self.company, texts.values(), "cnpj" in plain(name).split()
        )
        for line, text in texts.items():
            try:
                found[line] = finder.find(text)
            except UnknownCustomer as bad:
                unknown[line] = text
                self.report.miss(line, bad)
            except BadRow as bad:
                self.report.refuse(line, bad)
        WaitingRoom(self.env, self.source).expect(unknown.values())
        return found, unknown

    def _cell(self, cells, key):
        """Return the cell of a target in a row, "" without a column."""
        position = self.columns.get(key)
        return "" if position is None else cells[position]

    def _required_cell(self, cells, key):
        cell = self._cell(cells, key)
        if cell == "":
            label = next(one.label for one in self.targets if one.key == key)
            raise BadRow(self.env._("Empty: %(field)s", field=self.env._(label)))
        return cell

    def _optional(self, cells, key, read, default=None):
        cell = self._cell(cells, key)
        return default if cell == "" else read(cell)
