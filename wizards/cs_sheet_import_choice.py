from odoo import fields, models


class CsSheetImportChoice(models.TransientModel):
    """What can be chosen for the file under way: a use for a column, or a sheet."""

    _name = "cs.sheet.import.choice"
    _description = "Choice While Importing a Spreadsheet"
    _order = "id"

    import_id = fields.Many2one(
        comodel_name="cs.sheet.import", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        selection=[("use", "Use of a column"), ("sheet", "Sheet")], required=True
    )
    key = fields.Char()
    name = fields.Char(required=True)
