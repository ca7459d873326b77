from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CsCase


@tagged("post_install", "-at_install")
class TestFollow(CsCase):
    """Contacts are put under customer success, many at once."""

    def follow(self, partners, user=None, **values):
        wizards = self.env["cs.follow"].with_user(user or self.manager)
        wizards = wizards.with_context(
            active_model="res.partner", active_ids=partners.ids
        )
        with Form(wizards) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.record

    def accounts_of(self, partners):
        return self.env["cs.account"].search([("partner_id", "in", partners.ids)])

    def test_companies_and_their_people_become_customers_once(self):
        partners = self.make_partner("A") + self.make_partner("B")
        person = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": partners[0].id}
        )
        known = self.make_account("C").partner_id
        wizard = self.follow(partners + person + known, csm_choice="none")
        self.assertEqual(wizard.known_ids, known)
        wizard.action_follow()
        self.assertEqual(len(self.accounts_of(partners)), 2)
        self.assertEqual(len(self.accounts_of(known)), 1)
        with self.assertRaises(UserError):
            self.follow(partners).action_follow()

    def test_a_csm_for_all_and_the_journey_from_today(self):
        partner = self.make_partner("A")
        self.follow(
            partner, csm_choice="one", csm_id=self.csm, starts_journey=True
        ).action_follow()
        account = self.accounts_of(partner)
        self.assertEqual(account.csm_id, self.csm)
        self.assertTrue(account.lifecycle_journey_id)

    def test_each_to_who_has_most_room(self):
        members = self.env["cs.team.member"]
        members.search([]).active = False
        members.create([{"user_id": self.csm.id}, {"user_id": self.other_csm.id}])
        partners = self.make_partner("A") + self.make_partner("B")
        self.follow(partners).action_follow()
        self.assertEqual(self.accounts_of(partners).csm_id, self.csm + self.other_csm)

    def test_who_is_full_is_named_and_takes_them_all_the_same(self):
        members = self.env["cs.team.member"]
        members.search([]).active = False
        members.create({"user_id": self.csm.id, "customer_limit": 1})
        first = self.follow(self.make_partner("A")).action_follow()
        self.assertEqual(first["type"], "ir.actions.act_window")
        partner = self.make_partner("B")
        second = self.follow(partner).action_follow()
        self.assertEqual(self.accounts_of(partner).csm_id, self.csm)
        self.assertIn(f"{self.csm.name} (200 %)", second["params"]["message"])
        self.assertEqual(second["params"]["next"]["res_model"], "cs.account")

    def test_whom_nobody_can_take_is_named(self):
        members = self.env["cs.team.member"]
        members.search([]).active = False
        members.create({"user_id": self.csm.id})
        self.make_account("VIP", csm_id=self.csm.id).touch_model = "exclusive"
        partner = self.make_partner("Padaria Nova")
        action = self.follow(partner).action_follow()
        self.assertFalse(self.accounts_of(partner).csm_id)
        self.assertIn("Padaria Nova", action["params"]["message"])

    def test_giving_many_away_asks_as_often_as_for_a_few(self):
        members = self.env["cs.team.member"]
        members.search([]).active = False
        members.create([{"user_id": self.csm.id}, {"user_id": self.other_csm.id}])

        def queries(count):
            accounts = self.make_accounts(count).with_user(self.manager)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["cs.follow"].with_user(self.manager)._give_csms(accounts)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(40), queries(10))

    def test_an_archived_customer_comes_back(self):
        account = self.make_account("A")
        account.active = False
        wizard = self.follow(account.partner_id, csm_choice="one", csm_id=self.csm)
        self.assertEqual(wizard.archived_ids, account)
        self.assertFalse(wizard.known_ids)
        wizard.action_follow()
        self.assertTrue(account.active)
        self.assertEqual((account.state, account.csm_id), ("active", self.csm))
        self.assertEqual(self.accounts_of(account.partner_id), account)

    def test_who_left_and_was_archived_is_taken_back(self):
        account = self.make_account("A", csm_id=self.other_csm.id)
        account.write({"active": False, "state": "churned"})
        self.follow(account.partner_id).action_follow()
        self.assertEqual((account.active, account.state), (True, "active"))
        self.assertEqual(account.csm_id, self.other_csm)

    def test_only_who_sees_all_customers(self):
        with self.assertRaises(AccessError):
            self.follow(self.make_partner("A"), user=self.csm)

    def test_no_company_in_which_one_does_not_work(self):
        other = self.env["res.company"].create({"name": "CS B"})
        partner = self.make_account("A", company_id=other.id).partner_id
        wizards = self.env["cs.follow"].with_user(self.manager)
        values = {"partner_ids": partner.ids, "company_id": other.id}
        with self.assertRaises(AccessError):
            wizards.create(values)
        spec = {"partner_ids": {}, "company_id": {}, "known_ids": {}}
        with self.assertRaises(AccessError):
            wizards.onchange(values, ["company_id"], spec)

    def test_the_contact_and_the_deal_lead_to_the_customer(self):
        account = self.make_account("A", csm_id=self.csm.id)
        person = self.env["res.partner"].create(
            {"name": "Ana", "parent_id": account.partner_id.id}
        )
        lead = self.env["crm.lead"].create({"name": "Mais", "partner_id": person.id})
        self.assertEqual(person.with_user(self.csm).cs_account_id, account)
        self.assertEqual(person.with_user(self.csm).cs_health_band, "unknown")
        action = person.with_user(self.csm).action_open_cs_account()
        self.assertEqual(action["res_id"], account.id)
        self.assertEqual(lead.sudo().cs_account_id, account)
        self.assertFalse(person.with_user(self.other_csm).cs_account_id)
        with self.assertRaises(AccessError):
            lead.with_user(self.salesperson).read(["cs_health_band"])
