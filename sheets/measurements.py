"""Files of measurements: one row a value, or one column a metric."""

import re

from odoo.tools.translate import LazyTranslate

from ..facts.batch import MAX_READINGS
from .cells import BadRow
from .customer_finder import CustomerFinder
from .loader import Loader, loader, plain, target

_lt = LazyTranslate(__name__)


@loader
class MeasurementLoader(Loader):
    """Records measurements; metrics that don't exist are made, if asked to.

    Long form has a column that names the metric and one with its value; in the wide
    form every column that holds nothing else is a metric of its own.
    """

    kind = "measurements"
    targets = (
        target(
            "customer", _lt("Customer"), "account ref", "account", "ref", "cliente",
            "codigo", "codigo do cliente", "cnpj", "cpf cnpj", "vat", "nome",
            required=True,
        ),
        target(
            "date", _lt("Date"), "data", "dia", "mes", "month", "day", "competencia",
            "at", "when",
        ),
        target(
            "metric", _lt("Metric"), "metrica", "indicador", "indicator", "medida",
            "medicao", "event", "evento",
        ),
        target("value", _lt("Value"), "valor", "resultado", "total", number=True),
    )  # fmt: skip

    def _load(self, table):
        metrics = self._find_metrics(self._metric_names(table))
        finder = CustomerFinder(
            self.env, self.company, table.cells(self.columns["customer"])
        )
        for start in range(0, len(table.rows), MAX_READINGS):
            chunk = table.rows[start : start + MAX_READINGS]
            self._record(list(self._measurements(chunk, metrics, finder)))

    # Which metrics

    def _is_long(self):
        return "metric" in self.columns and "value" in self.columns

    def _metric_names(self, table):
        """Return ``{name in the file: position of its column, None in long form}``."""
        if self._is_long():
            return dict.fromkeys(table.cells(self.columns["metric"]))
        taken = {self.columns["customer"], self.columns.get("date")}
        return {
            name: position
            for position, name in enumerate(table.header)
            if position not in taken and name
        }

    def _number_positions(self, table):
        if self._is_long():
            return super()._number_positions(table)
        return self._metric_names(table).values()

    def _find_metrics(self, names):
        """Return ``{name in the file: (key, kind, position of the column)}``."""
        known = self._known_metrics()
        missing = [name for name in names if name and plain(name) not in known]
        if missing and self.source.sheet_creates_metrics:
            self._create_metrics(missing)
            known = self._known_metrics()
        return {
            name: (*known[plain(name)], position)
            for name, position in names.items()
            if plain(name) in known
        }

    def _known_metrics(self):
        """Return ``{plain key or name: (key, kind)}``, keys before names."""
        known = {}
        for language, _name in self.env["res.lang"].get_installed():
            for metric in self.env["cs.metric"].with_context(lang=language).search([]):
                known.setdefault(plain(metric.name), (metric.key, metric.kind))
        for metric in self.env["cs.metric"].search([]):
            known[plain(metric.key)] = (metric.key, metric.kind)
        return known

    def _create_metrics(self, names):
        by_key = {}
        for name in names:
            key = re.sub(r"^([0-9])", r"m_\1", plain(name).replace(" ", "_"))
            if key:
                by_key.setdefault(key, name)
        self.env["cs.metric"].create(
            [
                {"key": key, "name": self._title(name), "kind": "number"}
                for key, name in by_key.items()
            ]
        )
        self.report.created += len(by_key)

    def _title(self, name):
        words = name.replace("_", " ").strip()
        return words[:1].upper() + words[1:]

    # What was measured

    def _measurements(self, rows, metrics, finder):
        """Yield ``(line, reading)``; rows without sense are refused."""
        for line, cells in rows:
            try:
                base = {"account": finder.find(self._required_cell(cells, "customer"))}
                if text := self._cell(cells, "date"):
                    base["at"] = self.read.moment(text)
                elif "date" in self.columns:
                    self._required_cell(cells, "date")
                yield from self._of_row(line, cells, base, metrics)
            except BadRow as bad:
                self.report.refuse(line, bad)

    def _of_row(self, line, cells, base, metrics):
        if self._is_long():
            name = self._required_cell(cells, "metric")
            if name not in metrics:
                raise BadRow(self.env._("Unknown metric: %(name)s", name=name))
            key, kind, _position = metrics[name]
            text = self._required_cell(cells, "value")
            yield line, {**base, "metric": key, "value": self._value(text, kind)}
            return
        for name, (key, kind, position) in metrics.items():
            text = cells[position]
            try:
                if text:
                    yield (
                        line,
                        {**base, "metric": key, "value": self._value(text, kind)},
                    )
            except BadRow as bad:
                self.report.refuse(line, f"{name}: {bad}")

    def _value(self, text, kind):
        if kind in ("days_since", "days_until"):
            return self.read.date(text)
        if kind == "boolean":
            return self.read.answer(text)
        return self.read.number(text)

    def _record(self, measurements):
        """Record measurements through the door, in calls it can take."""
        values = self.env["cs.metric.value"]
        for start in range(0, len(measurements), MAX_READINGS):
            part = measurements[start : start + MAX_READINGS]
            answer = values.record([reading for _line, reading in part], self.source)
            self.report.kept += answer["recorded"]
            self.report.unchanged += answer["unchanged"]
            for error in answer["errors"]:
                self.report.refuse(part[error["index"]][0], error["reason"])
