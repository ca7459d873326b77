from odoo import models
from odoo.tools.safe_eval import safe_eval


class IrActionsActWindow(models.Model):
    """Customers open on one's own portfolio for who has one."""

    _inherit = "ir.actions.act_window"

    def _get_action_dict(self):
        result = super()._get_action_dict()
        customers = self.env.ref(
            "customer_success.cs_account_action", raise_if_not_found=False
        )
        if self == customers and self.env["cs.team.member"]._is_csm(self.env.user):
            context = safe_eval(result["context"] or "{}")
            result["context"] = {**context, "search_default_mine": 1}
        return result
