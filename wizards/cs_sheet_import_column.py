from odoo import fields, models


class CsSheetImportColumn(models.TransientModel):
    """A column of the file that is being imported."""

    _name = "cs.sheet.import.column"
    _description = "Column of an Imported Spreadsheet"

    import_id = fields.Many2one(
        comodel_name="cs.sheet.import", required=True, ondelete="cascade"
    )
    name = fields.Char(required=True)
