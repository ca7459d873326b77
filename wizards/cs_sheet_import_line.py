from odoo import fields, models


class CsSheetImportLine(models.TransientModel):
    """Which column of the file holds one of our fields."""

    _name = "cs.sheet.import.line"
    _description = "Mapping of an Imported Spreadsheet"

    import_id = fields.Many2one(
        comodel_name="cs.sheet.import", required=True, ondelete="cascade"
    )
    key = fields.Char(required=True)
    name = fields.Char(string="Our field", readonly=True)
    is_required = fields.Boolean(readonly=True)
    column_id = fields.Many2one(
        comodel_name="cs.sheet.import.column",
        string="Column of the file",
        domain="[('import_id', '=', import_id)]",
    )
