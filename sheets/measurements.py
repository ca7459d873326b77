"""Files of measurements: one row a value, or one column a metric."""

from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..facts.batch import MAX_READINGS
from ..facts.reading_parser import BadReading, ReadingParser
from ..facts.waiting import WaitingRoom
from .cells import BadRow, cell_text
from .loader import Loader, loader, target
from .metric_columns import MetricColumns
from .uses import metric_key

_lt = LazyTranslate(__name__)


@loader
class MeasurementLoader(Loader):
    """Records measurements; metrics that don't exist are made, if asked to.

    Long form has a column that names the metric and one with its value; in the wide
    form each metric has a column of its own.
    """

    kind = "measurements"
    page_rows = 5000
    targets = (
        target(
            "customer", _lt("Customer"), "account ref", "account", "ref", "codigo",
            "codigo do cliente", "cnpj", "cpf cnpj", "vat", "cliente", "nome",
            "razao social", required=True,
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

    example = (
        {
            "customer": "C-001",
            "date": "2026-05-01",
            "metric": "active_users",
            "value": "42",
        },
        {
            "customer": "12.345.678/0001-95",
            "date": "2026-05-01",
            "metric": "nps",
            "value": "9",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        has_metric, has_value = "metric" in self.columns, "value" in self.columns
        if has_metric != has_value:
            missing = self.env._("Metric") if has_value else self.env._("Value")
            raise UserError(
                self.env._("Say which column holds: %(field)s", field=missing)
            )
        self._is_long = has_metric
        self._metrics = MetricColumns(self.source)
        #: ``{position: key}`` of the columns that hold a metric each.
        self._wide = {} if has_metric else self._metric_columns()
        if not self._is_long and not self._wide:
            raise UserError(
                self.env._(
                    "Say which columns hold metrics, or the metric and its value."
                )
            )

    @classmethod
    def _guess_rest(cls, source, table, names, guessed):
        if {"metric", "value"} <= set(guessed.values()):
            return guessed
        # One of the two alone is no long form: the column is as good as any other.
        guessed = {
            name: use for name, use in guessed.items() if use not in ("metric", "value")
        }
        unknown = [name for name in names if name not in guessed]
        return guessed | MetricColumns(source).guess(table, guessed, unknown)

    # Which metrics

    def _metric_columns(self):
        keys = {
            position: metric_key(self.uses.get(name) or "")
            for position, name in enumerate(self.header)
        }
        return {
            position: key
            for position, key in keys.items()
            if key and self._metrics.can_be(key)
        }

    def unused(self):
        used = {*self.columns.values(), *self._wide}
        return [name for n, name in enumerate(self.header) if n not in used]

    def _number_positions(self):
        return [*super()._number_positions(), *self._wide]

    def prepare(self, table):
        if self._is_long:
            names = {cell_text(cell) for cell in table.cells(self.columns["metric"])}
            created = self._metrics.create_by_name(names - {""})
        else:
            created = self._metrics.create_by_key(
                {key: self.header[position] for position, key in self._wide.items()}
            )
        traits = super().prepare(table)
        self._refuse_contradicted(table)
        return {**traits, "created": created}

    def _refuse_contradicted(self, table):
        """Refuse rows that another one, further down, contradicts.

        That one would be recorded after all: the same file again would undo and redo.
        """
        later = {}
        for line, cells in reversed(table.rows):
            if line in table.problems:
                continue
            try:
                facts = self._stated(cells)
            except BadRow:
                continue
            for fact, value in facts.items():
                other, other_value = later.setdefault(fact, (line, value))
                if value != other_value:
                    table.problems[line] = self.env._(
                        "Line %(line)s says otherwise of the same customer, metric and "
                        "date.",
                        line=other,
                    )

    def _stated(self, cells):
        """Return ``{(customer, date, metric): value}`` as a row says it.

        :raise BadRow: it says nothing
        """
        who = cell_text(self._cell(cells, "customer"))
        when = self._moment(cells)
        return {
            (who, when, metric.key): self._value(cell, metric.kind)
            for _column, metric, cell in self._facts(cells)
        }

    # What was measured

    def _load(self, rows):
        found, unknown = self._find_customers(rows)
        measurements = list(self._measurements(rows, found))
        self._record(measurements)
        self._refresh_engagement([reading for _line, reading, _stored in measurements])
        # Recorded as soon as somebody says which customer is meant.
        waiting = self._measurements(rows, unknown)
        room = WaitingRoom(self.env, self.source)
        room.seat([reading for _line, reading, _stored in waiting])

    def _measurements(self, rows, accounts):
        """Yield ``(line, reading, value as it is stored)`` of the rows of customers.

        What makes no sense in them is refused.

        :param accounts: ``{line: id of the customer, or by what it is called}``
        """
        parser = ReadingParser(self.env)
        for line, cells in rows:
            if line in accounts:
                yield from self._of_row(line, cells, accounts[line], parser)

    def _of_row(self, line, cells, account, parser):
        try:
            at = parser.moment(self._moment(cells), self.company)
            facts = list(self._facts(cells))
        except (BadRow, BadReading) as bad:
            self.report.refuse(line, bad)
            return
        for column, metric, cell in facts:
            try:
                value = self._value(cell, metric.kind)
                stored = parser.value(value, metric.kind)
            except (BadRow, BadReading) as bad:
                self.report.refuse(line, f"{column}: {bad}" if column else bad)
                continue
            reading = {
                "account": account,
                "metric": metric.key,
                "value": value,
                "at": at,
            }
            yield line, reading, stored

    def _moment(self, cells):
        if "date" in self.columns:
            return self.read.moment(self._required_cell(cells, "date"))
        return self.moment

    def _facts(self, cells):
        """Yield ``(name of the column or None, metric, cell)`` of a row."""
        if not self._is_long:
            for position, key in self._wide.items():
                if cells[position] != "":
                    yield self.header[position], self._metrics.of(key), cells[position]
            return
        name = self.read.text(self._required_cell(cells, "metric"))
        metric = self._metrics.named(name)
        if not metric:
            raise BadRow(self.env._("Unknown metric: %(name)s", name=name))
        yield None, metric, self._required_cell(cells, "value")

    def _value(self, cell, kind):
        if kind in ("days_since", "days_until"):
            return self.read.date(cell)
        if kind == "boolean":
            return self.read.answer(cell)
        return self.read.number(cell)

    # Through the door

    def _record(self, measurements):
        """Record measurements, in calls the door can take."""
        values = self.env["cs.metric.value"]
        for start in range(0, len(measurements), MAX_READINGS):
            part = measurements[start : start + MAX_READINGS]
            readings = [reading for _line, reading, _stored in part]
            known = self._known(readings)
            answer = values.record(readings, self.source)
            errors = {error["index"]: error["reason"] for error in answer["errors"]}
            for n, (line, reading, stored) in enumerate(part):
                if n in errors:
                    self.report.refuse(line, errors[n])
                elif known.get(_fact(reading)) == (stored,):
                    self.report.leave(line)
                else:
                    self.report.keep(line)

    def _refresh_engagement(self, readings):
        """Count anew how engaged those are whose use of features came in."""
        used = {
            reading["account"]
            for reading in readings
            if self._metrics.of(reading["metric"]).is_feature
        }
        if used:
            accounts = self.env["cs.account"].browse(used)
            self.env["cs.metric.source"]._run_builtin(accounts, ["engagement"])

    def _known(self, readings):
        """Return what the history says already: ``{fact: (value,)}``."""
        facts = {_fact(reading) for reading in readings}
        accounts, metrics, moments = zip(*facts, strict=True) if facts else ((),) * 3
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.account_id, m.key, r.at, r.value
                  FROM unnest(%s::int[], %s::text[], %s::timestamp[])
                       AS wanted (account_id, key, at)
                  JOIN cs_metric m ON m.key = wanted.key
                  JOIN cs_metric_reading r
                    ON r.account_id = wanted.account_id
                   AND r.metric_id = m.id
                   AND r.at = wanted.at
                """,
                list(accounts),
                list(metrics),
                list(moments),
            )
        )
        return {(account, key, at): (value,) for account, key, at, value in rows}


def _fact(reading):
    return reading["account"], reading["metric"], reading["at"]
