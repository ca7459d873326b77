from odoo import fields, models

from .cs_improvement import PENDING


class CsAccount(models.Model):
    """What could be better at this customer."""

    _inherit = "cs.account"

    improvement_count = fields.Integer(compute="_compute_improvement_count")
    open_improvement_count = fields.Integer(compute="_compute_improvement_count")

    def _compute_improvement_count(self):
        counts = self._count_by_account("cs.improvement")
        pending = self._count_by_account("cs.improvement", ("state", "in", PENDING))
        for account in self:
            account.improvement_count = counts.get(account, 0)
            account.open_improvement_count = pending.get(account, 0)

    def action_open_improvements(self):
        """Open the queue of this customer."""
        return self._open("cs_improvement_action", search_default_pending=1)
