"""Metrics as files name them: found, guessed from a column, made if they may be."""

import re
from collections import namedtuple

from .header import plain
from .notation import parse_number
from .uses import METRIC

Metric = namedtuple("Metric", "key kind is_feature")

_SAMPLE_ROWS = 200
#: Columns of numbers that measure nothing.
_NO_METRICS = {
    "id", "codigo", "codigo do cliente", "code", "ref", "reference", "referencia",
    "account ref", "customer", "customer id", "cliente", "cnpj", "cpf", "cpf cnpj",
    "cnpj cpf", "vat", "tax id", "cep", "zip", "phone", "telefone", "fone", "celular",
    "nota", "nota fiscal", "nf",
}  # fmt: skip


class MetricColumns:
    """The metrics there are, by the names that files give them."""

    def __init__(self, source):
        self.env = source.env
        self._may_create = source.sheet_creates_metrics
        self._load()

    def _load(self):
        metrics = self.env["cs.metric"].with_context(active_test=False)
        self._by_key, self._by_name, self._archived = {}, {}, set()
        for language, _name in self.env["res.lang"].get_installed():
            for metric in metrics.with_context(lang=language).search([]):
                if metric.active:
                    is_feature = bool(metric.product_id)
                    known = Metric(metric.key, metric.kind, is_feature)
                    self._by_key[metric.key] = known
                    self._by_name.setdefault(plain(metric.name), known)
                else:
                    self._archived.add(metric.key)
        # A key says more surely than a name what is meant.
        self._by_name |= {plain(key): one for key, one in self._by_key.items()}
        self._named = {}

    def named(self, name):
        """Return the :class:`Metric` of a name or key, None if there is none."""
        if name not in self._named:
            self._named[name] = self._by_name.get(plain(name))
        return self._named[name]

    def of(self, key):
        """Return the :class:`Metric` of a key."""
        return self._by_key[key]

    def can_be(self, key):
        """Return whether there is a metric of this key, or may be."""
        if key in self._by_key:
            return True
        return self._may_create and key not in self._archived

    def new_key(self, name):
        """Return the key of the metric that would be made of a name, "" for none."""
        return re.sub(r"^([0-9])", r"m_\1", plain(name).replace(" ", "_"))

    def guess(self, table, guessed, names):
        """Return ``{column: use}`` of those columns that hold a metric.

        A name that is known says so; of others, numbers do.

        :param guessed: ``{column: use}`` of other columns
        :param names: the columns to look at
        """
        taken = set(guessed.values())
        uses = {}
        for name in names:
            use = METRIC + self._key_of_column(table, name)
            if use != METRIC and use not in taken:
                taken.add(use)
                uses[name] = use
        return uses

    def _key_of_column(self, table, name):
        known = self.named(name)
        if known:
            return known.key
        key = self.new_key(name)
        if plain(name) in _NO_METRICS or not self.can_be(key):
            return ""
        return key if self._holds_numbers(table, name) else ""

    def _holds_numbers(self, table, name):
        position = table.column(name)
        sample = [cells[position] for _line, cells in table.rows[:_SAMPLE_ROWS]]
        sample = [cell for cell in sample if cell != ""]
        numbers = sum(_is_number(cell) for cell in sample)
        return numbers * 2 > len(sample)

    def create_by_name(self, names):
        """Make the metrics that names mean and that don't exist, if it is allowed.

        :return: how many were made
        """
        unknown = sorted(name for name in names if not self.named(name))
        return self.create_by_key({self.new_key(name): name for name in unknown})

    def create_by_key(self, titles):
        """Make the metrics that don't exist yet, if it is allowed.

        :param titles: ``{key: name}``
        :return: how many were made
        """
        missing = {
            key: name
            for key, name in titles.items()
            if key and key not in self._by_key and self.can_be(key)
        }
        self.env["cs.metric"].create(
            [
                {"key": key, "name": _title(name), "kind": "number"}
                for key, name in missing.items()
            ]
        )
        if missing:
            self._load()
        return len(missing)


def _is_number(cell):
    if isinstance(cell, str):
        return parse_number(cell, True) is not None
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _title(name):
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
