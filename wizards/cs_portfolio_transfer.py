from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class CsPortfolioTransfer(models.TransientModel):
    """Hands customers from one CSM to another, with their open work and a note."""

    _name = "cs.portfolio.transfer"
    _description = "Transfer of a Portfolio"

    from_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False), ('company_ids', 'in', allowed_company_ids)]",
    )
    to = fields.Selection(
        string="Who takes them",
        selection=[("one", "One CSM"), ("room", "Who has most room, each")],
        required=True,
        default="one",
    )
    to_id = fields.Many2one(
        comodel_name="res.users",
        domain=lambda self: (
            f"[('id', '!=', from_id)] + "
            f"{self.env['res.users']._domain_of_csms('company_ids')}"
        ),
    )
    account_ids = fields.Many2many(
        comodel_name="cs.account",
        string="Customers",
        compute="_compute_account_ids",
        store=True,
        readonly=False,
        domain="[('state', '=', 'active')]",
    )
    company_ids = fields.Many2many(
        comodel_name="res.company", compute="_compute_company_ids"
    )
    note = fields.Html(
        string="Hand-over note",
        help="What the new CSM must know; it is written on each customer.",
    )
    customer_count = fields.Integer(string="Number", compute="_compute_customer_count")

    @api.depends("from_id")
    def _compute_account_ids(self):
        chosen = self.env.context.get("active_ids")
        accounts = self.env["cs.account"]
        for transfer in self:
            if self.env.context.get("active_model") == "cs.account" and chosen:
                transfer.account_ids = accounts.browse(chosen)
            elif transfer.from_id:
                transfer.account_ids = accounts.search(
                    [("csm_id", "=", transfer.from_id.id), ("state", "=", "active")]
                )
            else:
                transfer.account_ids = accounts

    @api.depends("account_ids.company_id")
    def _compute_company_ids(self):
        for transfer in self:
            transfer.company_ids = transfer.account_ids.company_id or self.env.companies

    @api.depends("account_ids")
    def _compute_customer_count(self):
        for transfer in self:
            transfer.customer_count = len(transfer.account_ids)

    def action_transfer(self):
        """Hand them over; open tasks, alerts and activities go along.

        :return: the action of the list of the customers
        :raise UserError: nobody to hand over, or nobody to take them
        """
        self.ensure_one()
        if not self.account_ids:
            raise UserError(self.env._("Choose the customers to hand over."))
        self.account_ids.check_access("write")
        before = {account: account.csm_id for account in self.account_ids}
        by_csm = self._new_csms()
        for csm, accounts in by_csm.items():
            accounts._hand_over(csm, before, self.note)
        self._tell(by_csm)
        action = {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.cs_account_action"
            ),
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", self.account_ids.ids)],
            "context": {},
        }
        takers = self.env["cs.team.member"].search(
            [
                ("user_id", "in", [csm.id for csm in by_csm]),
                ("company_id", "in", self.account_ids.company_id.ids),
                ("role", "=", "csm"),
            ]
        )
        return takers._say_who_is_full(action)

    def _new_csms(self):
        """Return who takes whom: ``{user: accounts}``."""
        if self.to == "one":
            if not self.to_id:
                raise UserError(self.env._("Choose who takes the customers."))
            return {self.to_id: self.account_ids}
        leaving = self.from_id or self.account_ids.csm_id
        members = self.env["cs.team.member"].with_context(cs_without_csms=leaving.ids)
        shares = members._share_out(self.account_ids)
        if not all(member for member, _load in shares.values()):
            raise UserError(self.env._("Nobody else in the team can take customers."))
        by_csm = {}
        for member, accounts in members._by_member(shares).items():
            # A person may be in the team of several companies.
            user = member.user_id
            by_csm[user] = by_csm.get(user, self.env["cs.account"]) | accounts
        return by_csm

    def _tell(self, by_csm):
        """Tell each new CSM once, in their language, whatever the number."""
        for csm, accounts in by_csm.items():
            speaking = self.with_context(lang=csm.lang or self.env.lang)
            subject = (
                speaking.env._("A customer is yours now")
                if len(accounts) == 1
                else speaking.env._(
                    "%(count)s customers are yours now", count=len(accounts)
                )
            )
            names = Markup().join(
                Markup("<li>%s</li>") % account._get_html_link()
                for account in accounts[:50]
            )
            speaking.env["mail.thread"].message_notify(
                partner_ids=csm.partner_id.ids,
                subject=subject,
                body=Markup("%s<ul>%s</ul>") % (self.note or "", names),
            )
