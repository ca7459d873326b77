import base64
import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_metric_source_sheet import SHEET_KINDS

#: So long the rows of a file are kept; what became of how many of them stays.
KEPT = timedelta(days=90)
_GC_BATCH = 20
#: States in which there is something left to do.
UNDER_WAY = ("waiting", "running")


class CsSheetLoad(models.Model):
    """A spreadsheet that was imported, or is being imported, and what became of it.

    Its rows are cut into pages, each of which is loaded in one transaction: a long
    file goes on where it was cut, and nothing is loaded twice.
    """

    _name = "cs.sheet.load"
    _description = "Imported Spreadsheet"
    _order = "id desc"
    _rec_name = "filename"

    source_id = fields.Many2one(
        comodel_name="cs.metric.source",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    kind = fields.Selection(
        selection=SHEET_KINDS, string="It holds", required=True, readonly=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    filename = fields.Char(string="File", readonly=True)
    data = fields.Binary(string="Content", readonly=True, attachment=True)
    checksum = fields.Char(readonly=True, index=True)
    sheet = fields.Char(readonly=True)
    header_line = fields.Integer(readonly=True, aggregator=None)
    delimiter = fields.Char(readonly=True, export_string_translation=False)
    header = fields.Json(readonly=True)
    column_uses = fields.Json(
        readonly=True, help="What each column holds: {column: use}."
    )
    traits = fields.Json(readonly=True, help="What a page must know of the whole file.")
    moment = fields.Datetime(
        string="True at",
        readonly=True,
        help="The moment of the measurements that say none.",
    )
    unused_columns = fields.Json(readonly=True)
    unused = fields.Char(string="Not used", compute="_compute_unused")

    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    error = fields.Text(string="Why it failed", readonly=True)
    attempts = fields.Integer(
        readonly=True,
        aggregator=None,
        help="How often the next page was begun and not finished.",
    )
    page_ids = fields.One2many(
        comodel_name="cs.sheet.load.page", inverse_name="load_id"
    )
    rows_total = fields.Integer(string="Rows", readonly=True)
    rows_done = fields.Integer(string="Rows done", readonly=True)
    kept = fields.Integer(readonly=True, help="They changed something.")
    unchanged = fields.Integer(readonly=True, help="They say what was known already.")
    unmatched = fields.Integer(readonly=True, help="Nobody knows their customer.")
    bad = fields.Integer(
        string="Refused", readonly=True, help="They make no sense as they are."
    )
    created = fields.Integer(
        string="Records made",
        readonly=True,
        help="Customers, subscriptions or metrics that did not exist before.",
    )
    seconds = fields.Float(readonly=True)
    is_emptied = fields.Boolean(
        string="Rows given up",
        readonly=True,
        help="It was long ago: its file and its rows are no longer kept.",
    )

    _under_way_idx = models.Index("(id) WHERE state IN ('waiting', 'running')")

    @api.depends("unused_columns")
    def _compute_unused(self):
        for load in self:
            load.unused = ", ".join(load.unused_columns or ())

    @api.model
    def _start(self, source, data, table, **values):
        """Begin to load a file.

        The same file again, while it is being loaded, is the same load.

        :param source: its ``cs.metric.source``
        :param data: its bytes
        :param table: a :class:`~..sheets.table.Table` of its first rows
        :param values: fields: company_id, filename, column_uses, moment
        :return: the cs.sheet.load
        """
        checksum = hashlib.sha256(data).hexdigest()
        # sudo: whoever dropped it before; nothing but a moment is taken from it.
        same_sudo = self.sudo().search(
            [
                ("checksum", "=", checksum),
                ("source_id", "=", source.id),
                ("company_id", "=", values["company_id"]),
                ("sheet", "=", table.sheet or False),
            ]
        )
        for load_sudo in same_sudo:
            if load_sudo.state in UNDER_WAY and load_sudo.create_uid == self.env.user:
                return load_sudo.sudo(False)
        # What says no moment was true when it came first: again, it is no news.
        values["moment"] = (
            values.get("moment") or same_sudo[-1:].moment or fields.Datetime.now()
        )
        return self.create(
            {
                "source_id": source.id,
                "kind": source.sheet_kind,
                "data": base64.b64encode(data),
                "checksum": checksum,
                "sheet": table.sheet,
                "header_line": table.header_line,
                **values,
            }
        )

    def _open(self):
        """Return the action that shows this load."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "name": self.env._("Imported spreadsheet"),
        }

    def action_stop(self):
        """Leave the rest of the file; what was loaded stays."""
        self.check_access("write")
        self.filtered(lambda load: load.state in UNDER_WAY).state = "stopped"

    def action_go_on(self):
        """Take up a file that was stopped, or that failed, where it was left."""
        self.check_access("write")
        if any(load.is_emptied for load in self):
            raise UserError(
                self.env._("The rows are no longer kept: import the file again.")
            )
        self.filtered(lambda load: load.state in ("stopped", "failed")).write(
            {"state": "waiting", "error": False, "attempts": 0}
        )
        self._trigger()

    @api.model
    def _trigger(self):
        # sudo: who may import a file may have it loaded.
        self.env.ref("customer_success.ir_cron_load_sheets").sudo()._trigger()

    @api.autovacuum
    def _gc_rows(self):
        """Give up files and rows of long ago: they hold data of whole portfolios."""
        old = self.search(
            [
                ("create_date", "<", fields.Datetime.now() - KEPT),
                ("is_emptied", "=", False),
                ("state", "not in", UNDER_WAY),
            ],
            limit=_GC_BATCH,
        )
        old.page_ids.unlink()
        old.write({"data": False, "is_emptied": True})
        return len(old), len(old) == _GC_BATCH
