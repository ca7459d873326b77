from dateutil.relativedelta import relativedelta

from odoo import Command, fields, models
from odoo.exceptions import UserError


class CsHandoff(models.Model):
    """Accepting a handoff: a customer under care with people, contract and journey."""

    _inherit = "cs.handoff"

    def action_accept(self):
        """Take the customer over: all or nothing, and once.

        Makes or updates the account, its stakeholders and subscriptions, judges
        its segment, gives it a CSM and starts its journey if none runs.

        :raises UserError: for sales, or when the handoff was not submitted
        """
        self._check_is_customer_success()
        for handoff in self:
            handoff.check_access("write")
            # sudo: who accepts may get a customer of another CSM's portfolio made
            handoff.sudo()._accept(self.env.user)
        if self.has_access("read"):
            return True
        # It went to a colleague: the list is what can still be seen.
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_handoff_action"
        )

    def _accept(self, user):
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state == "accepted":
            return
        if self.state != "submitted":
            raise UserError(
                self.env._(
                    "The handoff of %(customer)s is not submitted yet.",
                    customer=self.name,
                )
            )
        self._check_amounts()
        account = self._find_or_make_account()
        self._bring_contacts(account)
        self._bring_subscriptions(account)
        self._bring_facts(account)
        self.env["cs.segment"]._assign(account)
        self._give_csm(account)
        self._start_lifecycle(account)
        account._ask_for_segment_facts(account)
        account._refresh_followups(account)
        account._score()
        self.write(
            {
                "state": "accepted",
                "account_id": account.id,
                "csm_id": account.csm_id.id,
                "accepted_on": fields.Datetime.now(),
                "accepted_by_id": user.id,
            }
        )
        self._settle_messages(account, user)

    def _find_or_make_account(self):
        account_model = self.env["cs.account"].with_context(
            active_test=False, mail_create_nosubscribe=True
        )
        partner = self.partner_id.commercial_partner_id
        account = account_model.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company_id.id)]
        )
        known = {
            name: self[name].id
            for name in ("industry_id", "package_id", "competitor_id")
            if self[name]
        }
        if self.competitor_known:
            known["competitor_known"] = True
        if not account:
            return account_model.create(
                {"partner_id": partner.id, "company_id": self.company_id.id, **known}
            )
        account.write({"active": True, **known})
        if account.state == "churned":
            account._reactivate()
        return account

    def _bring_contacts(self, account):
        present = account.contact_ids.partner_id
        account.write(
            {
                "contact_ids": [
                    Command.create(
                        {
                            "partner_id": contact.partner_id.id,
                            "role_id": contact.role_id.id,
                            "expectations": contact.expectations,
                        }
                    )
                    for contact in self.contact_ids
                    if contact.partner_id not in present
                ]
            }
        )

    def _bring_subscriptions(self, account):
        if not (self.line_ids or self.mrr):
            return
        start = self.contract_start_on or account._today()
        end = (
            start + relativedelta(months=self.contract_months, days=-1)
            if self.contract_months
            else False
        )
        common = {
            "account_id": account.id,
            "start_on": start,
            "end_on": end,
            "billing_months": self.contract_months or 1,
            "name": self.package_id.name or self.env._("Contract"),
        }
        lines = [
            {
                **common,
                "name": line.product_id.display_name,
                "product_id": line.product_id.id,
                "quantity": line.quantity,
                "mrr": line.mrr,
            }
            for line in self.line_ids
        ]
        rest = self.mrr - sum(self.line_ids.mapped("mrr"))
        if lines and rest:
            # The deal's price was not split: it stands on the first product.
            lines[0]["mrr"] += rest
        self.env["cs.subscription"].create(lines or [{**common, "mrr": self.mrr}])

    def _bring_facts(self, account):
        """Record what sales knows; then what our own records say takes over."""
        facts = {
            "employees": self.employees or None,
            # A contract that begins later counts as sold: nothing else says so yet.
            "mrr": self.mrr or None,
            "products": len(self.line_ids.product_id) or None,
        }
        if account.mrr:
            facts.update(mrr=None, products=None)
        answer = self.env["cs.metric.value"].record(
            [
                {"account": account.id, "metric": key, "value": value}
                for key, value in facts.items()
                if value is not None
            ]
        )
        if answer["errors"]:
            # A fact that comes from a source stays the source's.
            account.message_post(
                body=self.env._(
                    "Not taken from the handoff: %(reasons)s",
                    reasons="; ".join(error["reason"] for error in answer["errors"]),
                )
            )
        self.env["cs.metric.source"]._run_builtin(account)

    def _give_csm(self, account):
        if self.csm_id:
            account.csm_id = self.csm_id
        if account.csm_id:
            return
        member, load = self.env["cs.team.member"]._with_most_room(account)
        account.csm_id = member.user_id
        if not member:
            account.message_post(
                body=self.env._(
                    "Nobody in the team can take this customer: choose a CSM."
                )
            )
        if load > 100:
            account.message_post(
                body=self.env._(
                    "Of those who serve %(segment)s, %(csm)s has most room and still "
                    "carries %(load).0f %% with this customer: the team is full.",
                    segment=account.segment_id.name or self.env._("such customers"),
                    csm=member.user_id.name,
                    load=load,
                )
            )

    def _start_lifecycle(self, account):
        running = account.journey_ids.filtered(
            lambda journey: (
                journey.kind == "lifecycle" and journey.state in ("running", "paused")
            )
        )
        if not running:
            template = account._lifecycle_template()
            if template:
                account.start_journey(template)
        account._settle_tasks_closed_by("handoff_accepted")

    def _settle_messages(self, account, user):
        """Close what waited for this handoff and tell both sides who has it now."""
        self.activity_feedback(["mail.mail_activity_data_todo"])
        account.message_post(
            body=self.env._(
                "%(user)s accepted the handoff from %(salesperson)s.",
                user=user.name,
                salesperson=self.user_id.name or self.create_uid.name,
            ),
            # The CSM is told, unless it was they who accepted.
            partner_ids=(account.csm_id - user).partner_id.ids,
        )
        if account.csm_id:
            account.message_subscribe(partner_ids=account.csm_id.partner_id.ids)
