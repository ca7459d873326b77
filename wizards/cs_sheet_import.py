import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.cs_metric_source_sheet import SHEET_KINDS
from ..sources import registry

DEFAULT_KIND = "customers"


class CsSheetImport(models.TransientModel):
    """A spreadsheet on its way in: what it holds, and how it is taken up."""

    _name = "cs.sheet.import"
    _description = "Import Spreadsheet"

    step = fields.Selection(
        selection=[("file", "File"), ("columns", "Columns")],
        default="file",
        required=True,
    )
    kind = fields.Selection(
        selection=SHEET_KINDS,
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
        string="Same columns as",
        domain="[('kind', '=', 'sheet'), ('company_id', 'in', [False, company_id])]",
        help="The spreadsheet of which this is another month: what its columns hold is "
        "remembered. Empty: the last one of its kind.",
    )
    create_metrics = fields.Boolean(
        string="Create missing metrics",
        default=True,
        help="Names of metrics that don't exist yet become number metrics.",
    )
    measured_on = fields.Date(
        help="The day of the measurements, where no column says it. Empty: now."
    )
    data = fields.Binary(string="File", attachment=False)
    filename = fields.Char()
    load_id = fields.Many2one(comodel_name="cs.sheet.load", readonly=True)

    @api.depends("source_id")
    def _compute_from_source(self):
        for wizard in self:
            wizard.kind = wizard.source_id.sheet_kind or wizard.kind or DEFAULT_KIND

    # What scripts call

    @api.model
    def _import_bytes(self, kind, data, filename="import.csv", **values):
        """Import a file with its columns guessed, or used as the last time.

        :param kind: one of ``cs.metric.source.sheet_kind``
        :param data: the bytes of an XLSX or CSV file
        :param values: other fields of the wizard, such as ``company_id``
        :return: dict of kept, unchanged (numbers of rows), created (of records),
            unmatched and bad (lists of ``{"line", "reason"}``), unused (names of
            columns) and seconds
        :raise UserError: not a table, or a necessary column is missing
        """
        wizard = self.create({"kind": kind, "filename": filename, **values})
        sheet = wizard._sheet()
        table = sheet.read_file(data)
        load = wizard._start(sheet, data, table, sheet.guess(table))
        load._load_all(table)
        return load._as_report()

    # What the buttons do

    def action_import(self):
        """Load the file, a long one in the background, and show what becomes of it.

        A second click finds the load of the first.
        """
        self.ensure_one()
        self._wait_for_others(self)
        if self.load_id:
            return self.load_id._open()
        if self.step == "columns" and self.is_other_table:
            return self.action_columns()
        sheet = self._sheet()
        # Two files at once would both make the metrics that neither finds.
        self._wait_for_others(self.source_id)
        table = sheet.read_file(
            self._bytes(),
            sheet=self.sheet_id.name,
            header_line=self.header_line,
            # What is more than a page is loaded in the background.
            limit=sheet.loader_class.page_rows,
        )
        uses = self._uses() if self.column_ids else sheet.guess(table)
        self.load_id = self._start(sheet, self._bytes(), table, uses)
        self.load_id._load_soon(table)
        return self.load_id._open()

    def action_back(self):
        """Choose another file."""
        self.write({"step": "file", "sheet_id": False, "header_line": False})
        self.column_ids.unlink()
        return self._reopen()

    def _wait_for_others(self, record):
        """Wait until no other request works on a record.

        Unlike the ORM's lock, which refuses: who clicks twice shall see the result.
        """
        table = SQL.identifier(record._table)
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT FROM %s WHERE id = %s FOR NO KEY UPDATE", table, record.id),
            log_exceptions=False,
        )

    def _start(self, sheet, data, table, uses):
        """Return the cs.sheet.load of the file, what its columns hold remembered."""
        moment = self.measured_on and self.env["cs.account"]._day_start(
            self.measured_on, self.company_id
        )
        load = self.env["cs.sheet.load"]._start(
            self.source_id,
            data,
            table,
            company_id=self.company_id.id,
            filename=self.filename,
            column_uses=uses,
            moment=moment,
        )
        sheet.remember(table, uses)
        return load

    def _bytes(self):
        if not self.data:
            raise UserError(self.env._("Choose a file."))
        return base64.b64decode(self.data)

    def _sheet(self):
        """Return what loads this file, its source made if it is the first."""
        if self.source_id.sheet_kind != self.kind:
            self.source_id = self._find_source() or self._create_source()
        if self.source_id.sheet_creates_metrics != self.create_metrics:
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

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import spreadsheet"),
        }
