from odoo import fields, models


class CsReason(models.TransientModel):
    """Asks why an improvement is given up, too."""

    _inherit = "cs.reason"

    decision = fields.Selection(
        selection_add=[("improvement_drop", "Drop the improvement")],
        ondelete={"improvement_drop": "cascade"},
    )
    improvement_ids = fields.Many2many(
        comodel_name="cs.improvement", string="Improvements"
    )
