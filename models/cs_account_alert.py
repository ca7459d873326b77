from odoo import api, fields, models


class CsAccount(models.Model):
    """The alerts of a customer, counted for its card and its form."""

    _inherit = "cs.account"

    alert_ids = fields.One2many(comodel_name="cs.alert", inverse_name="account_id")
    open_alert_count = fields.Integer(
        string="Open alerts",
        compute="_compute_card",
        search="_search_open_alert_count",
    )

    @api.model
    def _search_open_alert_count(self, operator, value):
        """Find customers by how many open alerts they have."""
        return self._search_count("cs.alert", [("state", "=", "open")], operator, value)
