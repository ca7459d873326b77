from odoo import api, fields, models
from odoo.exceptions import UserError


class CsFollow(models.TransientModel):
    """Puts contacts under customer success, many at once."""

    _name = "cs.follow"
    _inherit = "cs.company.choice"
    _description = "Put under Customer Success"

    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        default=lambda self: self._default_partners(),
        domain="[('parent_id', '=', False)]",
    )
    csm_choice = fields.Selection(
        selection=[
            ("room", "Who has most room"),
            ("one", "One CSM"),
            ("none", "Nobody yet"),
        ],
        string="CSM",
        required=True,
        default="room",
    )
    csm_id = fields.Many2one(
        comodel_name="res.users",
        string="Which one",
        domain=lambda self: self.env["res.users"]._domain_of_csms("company_id"),
    )
    starts_journey = fields.Boolean(
        string="Start the journey",
        help="The journey of their segment begins today. Leave it out for customers "
        "that are past it.",
    )
    known_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Followed already",
        compute="_compute_known_ids",
    )
    archived_ids = fields.Many2many(
        comodel_name="cs.account",
        string="Come back from the archive",
        compute="_compute_archived_ids",
        context={"active_test": False},
    )

    @api.model
    def _default_partners(self):
        if self.env.context.get("active_model") != "res.partner":
            return self.env["res.partner"]
        chosen = self.env["res.partner"].browse(self.env.context.get("active_ids"))
        return chosen.commercial_partner_id

    @api.depends("partner_ids", "company_id")
    def _compute_known_ids(self):
        self._check_company_is_entered()
        for wizard in self:
            # sudo: a customer of a colleague is followed already, too
            known = self.env["cs.account"].sudo()
            wizard.known_ids = known.search(
                [
                    ("partner_id", "in", wizard.partner_ids.ids),
                    ("company_id", "=", wizard.company_id.id),
                ]
            ).partner_id

    @api.depends("partner_ids", "company_id")
    def _compute_archived_ids(self):
        accounts = self.env["cs.account"].with_context(active_test=False)
        for wizard in self:
            wizard.archived_ids = accounts.search(
                [
                    ("partner_id", "in", wizard.partner_ids.commercial_partner_id.ids),
                    ("company_id", "=", wizard.company_id.id),
                    ("active", "=", False),
                ]
            )

    def action_follow(self):
        """Make the customers that are new, judge them, and show them.

        Those that were archived come back, with all that is known of them.

        :return: the action of their list, or form of the only one; a message first
            where the team is full
        :raise UserError: nobody new is chosen, or no CSM
        """
        self.ensure_one()
        accounts = self.env["cs.account"]
        accounts.check_access("create")
        archived = self.archived_ids._origin
        new = self.partner_ids.commercial_partner_id - (
            self.known_ids._origin | archived.partner_id
        )
        if not new and not archived:
            raise UserError(self.env._("All of them are followed already."))
        if self.csm_choice == "one" and not self.csm_id:
            raise UserError(self.env._("Choose the CSM."))
        accounts = accounts.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "csm_id": self.csm_id.id if self.csm_choice == "one" else False,
                }
                for partner in new
            ]
        )
        self._bring_back(archived)
        accounts |= archived
        self.env["cs.metric.source"]._run_builtin(accounts)
        self.env["cs.segment"]._assign(accounts)
        takers = self.env["cs.team.member"]
        left = accounts.browse()
        if self.csm_choice == "room":
            left = accounts.filtered(lambda one: not one.csm_id)
            takers = self._give_csms(left)
            left = left.filtered(lambda one: not one.csm_id)
        if self.starts_journey:
            self._start_journeys(accounts)
        accounts._refresh_followups(accounts)
        accounts._score()
        return takers._say_who_is_full(self._show(accounts), left)

    def _bring_back(self, archived):
        """Follow again who was archived; who had left is taken back."""
        archived.action_unarchive()
        if self.csm_choice == "one":
            archived.csm_id = self.csm_id
        # sudo: as with a new deal, leaving ends; the fields are guarded
        archived.sudo().filtered(lambda one: one.state == "churned")._reactivate()
        for account in archived:
            account.message_post(body=self.env._("Back from the archive."))

    def _give_csms(self, accounts):
        """Give each to who has most room.

        :return: the cs.team.member records who take them
        """
        takers = self.env["cs.team.member"]
        for member, given in takers._by_member(takers._share_out(accounts)).items():
            given.csm_id = member.user_id
            takers |= member
        return takers

    def _start_journeys(self, accounts):
        for account in accounts:
            if account.lifecycle_journey_id:
                continue
            if template := account._lifecycle_template():
                account.start_journey(template.sudo(False))

    def _show(self, accounts):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_account_action"
        )
        if len(accounts) == 1:
            return {
                "type": "ir.actions.act_window",
                "res_model": "cs.account",
                "res_id": accounts.id,
                "view_mode": "form",
            }
        return {**action, "domain": [("id", "in", accounts.ids)], "context": {}}
