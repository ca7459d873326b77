from odoo import fields, models


class CsAccount(models.Model):
    """What the customer's form opens."""

    _inherit = "cs.account"

    interaction_count = fields.Integer(compute="_compute_interaction_count")
    handoff_count = fields.Integer(compute="_compute_handoff_count")

    def _compute_interaction_count(self):
        counts = self._count_by_account("cs.interaction")
        for account in self:
            account.interaction_count = counts.get(account, 0)

    def _compute_handoff_count(self):
        counts = self._count_by_account("cs.handoff")
        for account in self:
            account.handoff_count = counts.get(account, 0)

    def _count_by_account(self, model, *domain):
        """Return how many records of a model each account has: ``{account: n}``."""
        return dict(
            self.env[model]._read_group(
                [("account_id", "in", self.ids), *domain], ["account_id"], ["__count"]
            )
        )

    def _open(self, action, **context):
        """Return an action of this addon, limited to this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"customer_success.{action}"
        )
        context = {"default_account_id": self.id, **context}
        return {**action, "domain": [("account_id", "=", self.id)], "context": context}

    def action_open_tasks(self):
        """Open the tasks of this customer."""
        return self._open("cs_task_action", search_default_open=1)

    def action_open_alerts(self):
        """Open the alerts of this customer."""
        return self._open("cs_alert_action", search_default_open_alerts=1)

    def action_open_interactions(self):
        """Open the interactions with this customer."""
        return self._open("cs_interaction_action")

    def action_open_handoffs(self):
        """Open the handoffs by which this customer came."""
        return self._open("cs_handoff_action")

    def action_open_start_journey(self):
        """Ask which journey to start."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start a journey"),
            "res_model": "cs.journey.start",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_ids": self.ids},
        }
