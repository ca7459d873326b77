from odoo import Command, api, fields, models

from ..models.cs_sheet_load_result import html_table, shown
from ..sheets.loader import LOADERS
from ..sheets.metric_columns import MetricColumns
from ..sheets.uses import METRIC, UNUSED

_PREVIEW_ROWS = 5
#: So many rows are read to guess what the columns hold.
_SAMPLE_ROWS = 200
_SAMPLE_VALUES = 3


class CsSheetImport(models.TransientModel):
    """The second step: what each column of the file holds."""

    _inherit = "cs.sheet.import"

    sheet_id = fields.Many2one(
        comodel_name="cs.sheet.import.choice",
        domain="[('import_id', '=', id), ('kind', '=', 'sheet')]",
    )
    header_line = fields.Integer(
        string="Header in line", help="The line with the names of the columns."
    )
    read_sheet = fields.Char(readonly=True)
    read_line = fields.Integer(readonly=True)
    has_sheets = fields.Boolean(compute="_compute_is_other_table")
    is_other_table = fields.Boolean(compute="_compute_is_other_table")
    choice_ids = fields.One2many(
        comodel_name="cs.sheet.import.choice", inverse_name="import_id"
    )
    column_ids = fields.One2many(
        comodel_name="cs.sheet.import.column", inverse_name="import_id"
    )
    preview = fields.Html(string="First rows", readonly=True)
    unused = fields.Char(string="Not used", compute="_compute_uses")
    missing = fields.Char(string="Still to be said", compute="_compute_uses")
    has_date = fields.Boolean(compute="_compute_uses")

    @api.depends("sheet_id", "header_line", "read_sheet", "read_line", "choice_ids")
    def _compute_is_other_table(self):
        for wizard in self:
            sheets = wizard.choice_ids.filtered(lambda one: one.kind == "sheet")
            wizard.has_sheets = len(sheets) > 1
            wizard.is_other_table = (
                wizard.header_line != wizard.read_line
                or (wizard.sheet_id.name or False) != wizard.read_sheet
            )

    @api.depends("column_ids.choice_id", "kind")
    def _compute_uses(self):
        for wizard in self:
            uses = wizard._uses()
            unused = [name for name, use in uses.items() if use == UNUSED]
            wizard.unused = ", ".join(unused)
            wizard.has_date = "date" in uses.values()
            wizard.missing = ", ".join(wizard._missing(set(uses.values())))

    def _missing(self, uses):
        """Return the names of what the file must hold, and no column does."""
        missing = [
            self.env._(one.label)
            for one in self._targets()
            if one.is_required and one.key not in uses
        ]
        has_metric = any(use.startswith(METRIC) for use in uses)
        if self.kind == "measurements" and not has_metric:
            missing += [
                self.env._(one.label)
                for one in self._targets()
                if one.key in ("metric", "value") and one.key not in uses
            ]
        return missing

    def _targets(self):
        return LOADERS[self.kind].targets

    def _uses(self):
        """Return ``{column: use}`` as they are chosen."""
        return {one.name: one.choice_id.key or UNUSED for one in self.column_ids}

    def action_columns(self):
        """Read the header and the first rows, and guess what each column holds."""
        self.ensure_one()
        sheet = self._sheet()
        is_other_sheet = self.read_sheet and self.sheet_id.name != self.read_sheet
        table = sheet.read_file(
            self._bytes(),
            sheet=self.sheet_id.name,
            header_line=False if is_other_sheet else self.header_line,
            limit=_SAMPLE_ROWS,
        )
        self.column_ids.unlink()
        self.choice_ids.unlink()
        choices = self.env["cs.sheet.import.choice"].create(
            [
                {"import_id": self.id, "kind": kind, "key": key, "name": name}
                for kind, key, name in self._choices(table)
            ]
        )
        uses = choices.filtered(lambda one: one.kind == "use")
        sheets = choices.filtered(lambda one: one.kind == "sheet")
        by_key = {one.key or UNUSED: one.id for one in uses}
        guessed = sheet.guess(table)
        self.write(
            {
                "step": "columns",
                "sheet_id": sheets.filtered(lambda one: one.name == table.sheet).id,
                "read_sheet": table.sheet,
                "header_line": table.header_line,
                "read_line": table.header_line,
                "preview": self._preview(table),
                "column_ids": [
                    Command.create(
                        {
                            "name": name,
                            "sample": self._sample(table.cells(position)),
                            "choice_id": by_key.get(guessed[name], by_key[UNUSED]),
                        }
                    )
                    for position, name in enumerate(table.header)
                ],
            }
        )
        return self._reopen()

    def _choices(self, table):
        """Yield ``(kind, key, name)`` of the choices that this table gives."""
        for name in table.sheets:
            yield "sheet", name, name
        yield "use", UNUSED, self.env._("Not used")
        for one in self._targets():
            yield "use", one.key, self.env._(one.label)
        if self.kind != "measurements":
            return
        for metric in self.env["cs.metric"].search([]):
            name = self.env._("Metric: %(name)s", name=metric.name)
            yield "use", METRIC + metric.key, name
        metrics = MetricColumns(self.source_id)
        new = {
            metrics.new_key(name): name
            for name in table.header
            if not metrics.named(name)
        }
        for key, name in new.items():
            if key and metrics.can_be(key):
                yield "use", METRIC + key, self.env._("New metric: %(name)s", name=name)

    def _sample(self, cells):
        texts = dict.fromkeys(shown(self.env, cell) for cell in cells if cell != "")
        return ", ".join(list(texts)[:_SAMPLE_VALUES])

    def _preview(self, table):
        heading = [self.env._("Line"), *table.header]
        rows = [[line, *cells] for line, cells in table.rows[:_PREVIEW_ROWS]]
        return html_table(self.env, heading, rows)
