from odoo import api, fields, models


class CsAccount(models.Model):
    """The alerts of a customer, counted for its card and its form."""

    _inherit = "cs.account"

    alert_ids = fields.One2many(comodel_name="cs.alert", inverse_name="account_id")
    open_alert_count = fields.Integer(
        string="Open alerts",
        compute="_compute_open_alert_count",
        search="_search_open_alert_count",
    )

    def _compute_open_alert_count(self):
        counts = self._count_by_account("cs.alert", ("state", "=", "open"))
        for account in self:
            account.open_alert_count = counts.get(account, 0)

    @api.model
    def _search_open_alert_count(self, operator, value):
        """Find customers by how many open alerts they have."""
        return self._search_count("cs.alert", [("state", "=", "open")], operator, value)
