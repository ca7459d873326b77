from odoo.fields import Command

from .common import CsCase


class TestTeam(CsCase):
    """New customers go to the CSM with most room."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.team.member"].search([]).action_archive()
        cls.enterprise = cls.env.ref("customer_success.cs_segment_enterprise")
        cls.small = cls.env.ref("customer_success.cs_segment_me_pme")

    def make_member(self, user, **values):
        return self.env["cs.team.member"].create({"user_id": user.id, **values})

    def pick(self, account):
        member, _load = self.env["cs.team.member"]._with_most_room(account)
        return member.user_id

    def test_lowest_load_after_taking_it(self):
        """One of 2 with 1 customer is fuller than one of 40 with 3."""
        self.make_member(self.csm, customer_limit=2)
        self.make_member(self.other_csm, customer_limit=40)
        self.make_account(csm_id=self.csm.id)
        for _number in range(3):
            self.make_account(csm_id=self.other_csm.id)
        self.assertEqual(self.pick(self.make_account()), self.other_csm)

    def test_who_serves_the_segment(self):
        self.make_member(self.csm, segment_ids=[Command.set(self.small.ids)])
        self.make_member(self.other_csm, segment_ids=[Command.set(self.enterprise.ids)])
        account = self.make_account()
        account.segment_id = self.small
        self.assertEqual(self.pick(account), self.csm)
        account.segment_id = self.enterprise
        self.assertEqual(self.pick(account), self.other_csm)

    def test_who_serves_the_industry_first(self):
        health = self.env.ref("customer_success.cs_industry_health")
        self.make_member(self.csm)
        self.make_member(self.other_csm, industry_ids=[Command.set(health.ids)])
        account = self.make_account(industry_id=health.id)
        self.make_account(csm_id=self.other_csm.id)
        self.assertEqual(self.pick(account), self.other_csm)

    def test_full_ones_take_it_too(self):
        self.make_member(self.csm, customer_limit=1)
        self.make_account(csm_id=self.csm.id)
        member, load = self.env["cs.team.member"]._with_most_room(self.make_account())
        self.assertEqual(member.user_id, self.csm)
        self.assertEqual(load, 200)

    def test_who_left_the_company_gets_none(self):
        self.make_member(self.csm)
        self.csm.active = False
        self.assertFalse(self.pick(self.make_account()))

    def test_unsegmented_customers_go_to_who_serves_the_default(self):
        self.make_member(self.csm, segment_ids=[Command.set(self.enterprise.ids)])
        self.make_member(self.other_csm, segment_ids=[Command.set(self.small.ids)])
        self.assertEqual(self.pick(self.make_account()), self.other_csm)

    def test_managers_and_specialists_get_none(self):
        self.make_member(self.manager, role="manager")
        self.assertFalse(self.pick(self.make_account()))

    def test_cost_is_for_administrators(self):
        self.make_member(self.csm, monthly_cost=5000)
        names = self.env["cs.team.member"].with_user(self.manager).fields_get()
        self.assertNotIn("monthly_cost", names)
        names = self.env["cs.team.member"].with_user(self.admin).fields_get()
        self.assertIn("monthly_cost", names)
