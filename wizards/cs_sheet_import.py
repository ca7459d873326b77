import base64
import csv
import io

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..sheets.table import read_table
from ..sources import registry

PREVIEW_ROWS = 5
DEFAULT_KIND = "customers"


class CsSheetImport(models.TransientModel):
    """A spreadsheet on its way in: what it holds, which column is what, the result."""

    _name = "cs.sheet.import"
    _description = "Import Spreadsheet"

    step = fields.Selection(
        selection=[("file", "File"), ("columns", "Columns"), ("result", "Result")],
        default="file",
        required=True,
    )
    kind = fields.Selection(
        selection=[
            ("customers", "Customers"),
            ("subscriptions", "Subscriptions"),
            ("measurements", "Measurements"),
        ],
        string="It holds",
        required=True,
        compute="_compute_from_source",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    source_id = fields.Many2one(
        comodel_name="cs.metric.source",
        domain="[('kind', '=', 'sheet'), ('company_id', 'in', [False, company_id])]",
        help="The same sheet of another month. Empty: the last one of its kind.",
    )
    create_metrics = fields.Boolean(
        string="Create missing metrics",
        default=True,
        help="Names of metrics that don't exist yet become number metrics.",
    )
    data = fields.Binary(string="File", attachment=False)
    filename = fields.Char()
    line_ids = fields.One2many(
        comodel_name="cs.sheet.import.line", inverse_name="import_id"
    )
    column_ids = fields.One2many(
        comodel_name="cs.sheet.import.column", inverse_name="import_id"
    )
    preview = fields.Html(readonly=True)

    kept = fields.Integer(readonly=True)
    unchanged = fields.Integer(readonly=True)
    created = fields.Integer(readonly=True)
    bad = fields.Integer(string="Refused", readonly=True)
    seconds = fields.Float(readonly=True)
    bad_rows = fields.Html(string="First refused rows", readonly=True)
    bad_file = fields.Binary(string="Refused rows", readonly=True, attachment=False)
    bad_filename = fields.Char(readonly=True)

    @api.depends("source_id")
    def _compute_from_source(self):
        for wizard in self:
            wizard.kind = wizard.source_id.sheet_kind or wizard.kind or DEFAULT_KIND

    # What scripts call

    @api.model
    def _import_bytes(self, kind, data, filename="import.csv", **values):
        """Import a file with its columns guessed, or mapped as the last time.

        :param kind: customers, subscriptions or measurements
        :param data: the bytes of a CSV file
        :param values: other fields of the wizard, such as ``company_id``
        :return: dict of kept, unchanged, created (numbers), bad (list of
            ``{"line", "reason"}``) and seconds
        :raise UserError: not a table, or a necessary column is missing
        """
        wizard = self.create({"kind": kind, "filename": filename, **values})
        return wizard._load(data)

    # What the buttons do

    def action_columns(self):
        """Read the header, guess which column is what, and show it."""
        self.ensure_one()
        table = read_table(self.env, self._bytes())
        kind = self._sheet()
        guessed = kind.guess(table.header)
        self.column_ids.unlink()
        self.column_ids = [Command.create({"name": name}) for name in table.header]
        columns = {column.name: column.id for column in self.column_ids}
        self.line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "key": one.key,
                        "name": self.env._(one.label),
                        "is_required": one.is_required,
                        "column_id": columns.get(guessed.get(one.key)),
                    }
                )
                for one in kind.loader_class.targets
            ),
        ]
        self.preview = self._html_table(
            table.header, [cells for _line, cells in table.rows[:PREVIEW_ROWS]]
        )
        self.step = "columns"
        return self._reopen()

    def action_import(self):
        """Load the file: as mapped, or as guessed where nobody looked."""
        self.ensure_one()
        mapping = None
        if self.line_ids:
            mapping = {
                line.key: line.column_id.name
                for line in self.line_ids
                if line.column_id
            }
        report = self._load(self._bytes(), mapping)
        self._show(report)
        return self._reopen()

    def action_back(self):
        """Choose another file."""
        self.step = "file"
        return self._reopen()

    def _load(self, data, mapping=None):
        return self._sheet().load(data, self.company_id, mapping)

    def _bytes(self):
        if not self.data:
            raise UserError(self.env._("Choose a file."))
        return base64.b64decode(self.data)

    def _sheet(self):
        """Return what loads this file, its source made if it is the first."""
        if self.source_id.sheet_kind != self.kind:
            self.source_id = self._find_source() or self._create_source()
        self.source_id.sheet_creates_metrics = self.create_metrics
        return registry.kind_of(self.source_id)

    def _find_source(self):
        return self.env["cs.metric.source"].search(
            [
                ("kind", "=", "sheet"),
                ("sheet_kind", "=", self.kind),
                ("company_id", "=", self.company_id.id),
            ],
            order="last_run DESC NULLS LAST, id",
            limit=1,
        )

    def _create_source(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env["cs.metric.source"].create(
            {
                "name": self.env._("Spreadsheet: %(kind)s", kind=kinds[self.kind]),
                "kind": "sheet",
                "sheet_kind": self.kind,
                "company_id": self.company_id.id,
            }
        )

    # What it shows

    def _show(self, report):
        bad = report["bad"]
        heading = [self.env._("Line"), self.env._("Reason")]
        rows = [[row["line"], row["reason"]] for row in bad]
        self.write(
            {
                "step": "result",
                "kept": report["kept"],
                "unchanged": report["unchanged"],
                "created": report["created"],
                "bad": len(bad),
                "seconds": report["seconds"],
                "bad_rows": self._html_table(heading, rows[:20]) if bad else False,
                "bad_file": self._csv(heading, rows) if bad else False,
                "bad_filename": f"refused_{self.filename or 'rows.csv'}",
            }
        )

    def _html_table(self, heading, rows):
        head = Markup().join(Markup("<th>%s</th>") % cell for cell in heading)
        body = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(Markup("<td>%s</td>") % cell for cell in row)
            for row in rows
        )
        return Markup(
            "<table class='table table-sm'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>"
        ) % (head, body)

    def _csv(self, heading, rows):
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerows([heading, *rows])
        # With its mark, so that spreadsheets know it is UTF-8.
        return base64.b64encode(text.getvalue().encode("utf-8-sig"))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import spreadsheet"),
        }
