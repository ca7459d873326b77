from odoo import fields, models


class CsReason(models.TransientModel):
    """Asks why a plan is given up, too."""

    _inherit = "cs.reason"

    decision = fields.Selection(
        selection_add=[("plan_cancel", "Cancel the plan")],
        ondelete={"plan_cancel": "cascade"},
    )
    plan_ids = fields.Many2many(comodel_name="cs.plan", string="Plans")
