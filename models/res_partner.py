from odoo import api, fields, models

from .cs_account import HEALTH_BANDS


class ResPartner(models.Model):
    """The customer under care behind a contact, for who may see it."""

    _inherit = "res.partner"

    cs_account_ids = fields.One2many(
        comodel_name="cs.account",
        inverse_name="partner_id",
        groups="customer_success.group_cs_user",
    )
    cs_account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer under care",
        compute="_compute_cs_account_id",
        groups="customer_success.group_cs_user",
    )
    cs_health_band = fields.Selection(
        selection=HEALTH_BANDS,
        string="Health band",
        compute="_compute_cs_account_id",
        groups="customer_success.group_cs_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_cs_account_id(self):
        # Searched as the reader: who may not see the customer sees no button.
        accounts = self.env["cs.account"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        by_partner = {}
        for account in accounts.sorted(
            lambda one: one.company_id == self.env.company, reverse=True
        ):
            by_partner.setdefault(account.partner_id, account)
        for partner in self:
            account = by_partner.get(partner.commercial_partner_id, accounts.browse())
            partner.cs_account_id = account
            partner.cs_health_band = account.health_band

    def action_open_cs_account(self):
        """Open the customer under care of this contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.account",
            "res_id": self.cs_account_id.id,
            "view_mode": "form",
        }
