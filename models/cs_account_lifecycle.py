from odoo import fields, models


class CsAccount(models.Model):
    """The life of a customer as a whole: it starts, leaves, comes back."""

    _inherit = "cs.account"

    handoff_ids = fields.One2many(comodel_name="cs.handoff", inverse_name="account_id")
    subscription_ids = fields.One2many(
        comodel_name="cs.subscription",
        inverse_name="account_id",
        string="Subscriptions",
    )

    def _lifecycle_template(self):
        """Return the lifecycle template of the segment; unsegmented: the default's."""
        self.ensure_one()
        # sudo: templates of a segment are the company's, whoever starts the journey
        segments = self.env["cs.segment"].sudo()
        segment = self.segment_id.sudo() or segments._default_segment(self.company_id)
        return segment.journey_template_id

    def _reactivate(self):
        """Take back customers that had left: a new deal or subscription runs."""
        self.write({"state": "active", "churned_on": False, "churn_reason_id": False})
        for account in self:
            account.active_since = self._today(account.company_id)
