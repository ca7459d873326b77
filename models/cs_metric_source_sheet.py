from odoo import fields, models

#: What a spreadsheet can hold; for each there is a loader in ``sheets/``.
SHEET_KINDS = [
    ("customers", "Customers"),
    ("subscriptions", "Subscriptions"),
    ("measurements", "Measurements"),
    ("billing", "Billing"),
]


class CsMetricSource(models.Model):
    """What is remembered of a spreadsheet from one month to the next."""

    _inherit = "cs.metric.source"

    builtin = fields.Selection(selection_add=[("billing", "Billing")])
    sheet_kind = fields.Selection(
        string="It holds", selection=SHEET_KINDS, default="measurements"
    )
    sheet_mapping = fields.Json(
        copy=False,
        help="What each column of the file holds, as last imported: {column: use}.",
    )
    sheet_name = fields.Char(
        string="Sheet", copy=False, help="Of a workbook, as last imported."
    )
    sheet_creates_metrics = fields.Boolean(
        string="Create missing metrics",
        default=True,
        help="Names of metrics that don't exist yet become number metrics.",
    )

    def action_import_sheet(self):
        """Open the import of a spreadsheet with this source chosen."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_sheet_import_action"
        )
        action["context"] = {"default_source_id": self.id}
        return action
