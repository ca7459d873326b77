from odoo import fields, models


class CsAccount(models.Model):
    """The alerts of a customer, counted for its card and its form."""

    _inherit = "cs.account"

    alert_ids = fields.One2many(comodel_name="cs.alert", inverse_name="account_id")
    open_alert_count = fields.Integer(
        string="Open alerts", compute="_compute_open_alert_count"
    )

    def _compute_open_alert_count(self):
        counts = dict(
            self.env["cs.alert"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "open")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.open_alert_count = counts.get(account, 0)

    def action_open_alerts(self):
        """Open the alerts of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_alert_action"
        )
        return {**action, "domain": [("account_id", "=", self.id)]}
