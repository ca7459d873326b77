from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .cs_account import HEALTH_BANDS


class CrmLead(models.Model):
    """A won deal is handed off to customer success, once."""

    _inherit = "crm.lead"

    cs_handoff_ids = fields.One2many(
        comodel_name="cs.handoff", inverse_name="lead_id", string="Handoff to CS"
    )
    cs_handoff_state = fields.Selection(
        related="cs_handoff_ids.state", string="Handoff state"
    )

    cs_sales_segment_id = fields.Many2one(
        comodel_name="cs.segment",
        string="Opportunity profile",
        check_company=True,
        help="The segment as sales sees it; customer success compares it with its own.",
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
        for lead in self:
            lead.cs_account_id = lead.partner_id.cs_account_id
            lead.cs_health_band = lead.partner_id.cs_health_band

    def action_open_cs_account(self):
        """Open the customer under care of this deal."""
        return self.partner_id.action_open_cs_account()

    def action_cs_handoff(self):
        """Return the handoff of a won deal, made from the deal the first time.

        :return: the cs.handoff of this deal
        :raises UserError: when the deal is not won
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the deal may have been handed off by a colleague
        handoff = self.sudo().cs_handoff_ids[:1].with_env(self.env)
        if handoff:
            return handoff
        if self.won_status != "won":
            raise UserError(
                self.env._("Only a won deal is handed off. Mark the deal as won first.")
            )
        self.lock_for_update()
        if not self.partner_id:
            self.partner_id = self._create_customer()
        return self.env["cs.handoff"].create(self._prepare_cs_handoff_values())

    def action_open_cs_handoff(self):
        """Open the handoff of this deal, made if need be."""
        handoff = self.action_cs_handoff()
        if not handoff.has_access("read"):
            raise UserError(
                self.env._(
                    "This deal was handed off already, by %(user)s.",
                    user=handoff.sudo().user_id.name or handoff.sudo().create_uid.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.handoff",
            "res_id": handoff.id,
            "view_mode": "form",
        }

    def _prepare_cs_handoff_values(self):
        """Return what the deal already knows, so that nobody types it again."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        people = (self.partner_id | customer.child_ids) - customer
        company = self.company_id or self.env.company
        return {
            "lead_id": self.id,
            "company_id": company.id,
            "partner_id": customer.id,
            "user_id": (self.user_id or self.env.user).id,
            "mrr": self.recurring_revenue_monthly,
            "expected_close_on": self.date_deadline,
            "contract_start_on": self.env["cs.account"]._local_date(
                self.date_closed or fields.Datetime.now(), company
            ),
            "history": self.description,
            "contact_ids": [
                Command.create({"partner_id": person.id})
                for person in people
                if person.type == "contact"
            ],
        }
