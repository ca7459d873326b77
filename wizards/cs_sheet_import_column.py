from odoo import api, fields, models


class CsSheetImportColumn(models.TransientModel):
    """A column of the file that is being imported, and what it holds."""

    _name = "cs.sheet.import.column"
    _description = "Column of an Imported Spreadsheet"
    _order = "id"

    import_id = fields.Many2one(
        comodel_name="cs.sheet.import", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(string="Column of the file", required=True, readonly=True)
    sample = fields.Char(string="First values", readonly=True)
    is_unused = fields.Boolean(compute="_compute_is_unused")
    choice_id = fields.Many2one(
        comodel_name="cs.sheet.import.choice",
        string="It holds",
        domain="[('import_id', '=', import_id), ('kind', '=', 'use')]",
    )

    @api.depends("choice_id")
    def _compute_is_unused(self):
        for column in self:
            column.is_unused = not column.choice_id.key
