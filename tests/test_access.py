from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import CsCase


class TestAccess(CsCase):
    """Who sees which customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_account("Meu", csm_id=cls.csm.id)
        cls.theirs = cls.make_account("Dela", csm_id=cls.other_csm.id)
        cls.nobodys = cls.make_account("De ninguém")

    def seen_by(self, user):
        return self.env["cs.account"].with_user(user).search([])

    def test_own_portfolio_only(self):
        self.assertEqual(self.seen_by(self.csm), self.mine)
        with self.assertRaises(AccessError):
            self.theirs.with_user(self.csm).read(["mrr"])
        with self.assertRaises(AccessError):
            self.theirs.with_user(self.csm).write({"touch_model": "low"})

    def test_managers_see_all(self):
        for user in (self.manager, self.specialist, self.admin):
            self.assertLessEqual(
                self.mine | self.theirs | self.nobodys, self.seen_by(user)
            )

    def test_verdicts_are_not_written_by_hand(self):
        for values in ({"mrr": 5}, {"health_band": "green"}, {"segment_id": False}):
            with self.assertRaises(UserError):
                self.mine.with_user(self.csm).write(values)
        self.mine.with_user(self.csm).touch_model = "low"

    def test_a_csm_does_not_decide_whose_customer_it_is(self):
        mine = self.mine.with_user(self.csm)
        for values in ({"csm_id": self.other_csm.id}, {"active": False}):
            with self.assertRaises(AccessError):
                mine.write(values)
            self.mine.with_user(self.manager).write(values)
            self.mine.write({"csm_id": self.csm.id, "active": True})
        mine.write({"csm_id": self.csm.id, "active": True})

    def test_a_customer_stays_who_it_is(self):
        other = self.make_partner("Outra").id
        for user in (self.csm, self.admin):
            for values in ({"partner_id": other}, {"active_since": "2020-01-01"}):
                with self.assertRaises(UserError):
                    self.mine.with_user(user).write(values)
            self.mine.with_user(user).write({"partner_id": self.mine.partner_id.id})

    def test_a_csm_is_a_user_of_the_company_with_access(self):
        other = self.env["res.company"].create({"name": "CS B"})
        there = {"company_id": other.id, "company_ids": other.ids}
        for user in (
            self.make_user("cs_portal", "base.group_portal"),
            self.make_user("cs_b", "customer_success.group_cs_user", **there),
            self.salesperson,
        ):
            with self.assertRaisesRegex(ValidationError, "can't be a CSM"):
                self.nobodys.with_user(self.manager).csm_id = user
            self.nobodys.invalidate_recordset(flush=False)
        self.assertFalse(self.nobodys.csm_id)
        domain = self.nobodys.with_user(self.csm).fields_get(["csm_id"])["csm_id"]
        offered = self.env["res.users"].with_user(self.csm)
        offered = offered.search(
            safe_eval(domain["domain"], {"company_id": self.env.company.id})
        )
        self.assertIn(self.csm, offered)
        self.assertNotIn(self.salesperson, offered)

    def test_what_a_customer_has_is_of_its_company(self):
        other = self.env["res.company"].create({"name": "CS B"})
        segment = self.env["cs.segment"].create({"name": "B", "company_id": other.id})
        template = self.env["cs.journey.template"].create(
            {"name": "B", "company_id": other.id}
        )
        card = self.env["cs.scorecard"].create({"name": "B", "company_id": other.id})
        lead = self.env["crm.lead"].create(
            {"name": "A", "company_id": self.env.company.id}
        )
        member = self.env["cs.team.member"].create({"user_id": self.manager.id})
        shared = self.env.ref("customer_success.cs_segment_enterprise")
        for wrong in (
            lambda: self.mine.action_set_segment(segment, "Porque sim"),
            lambda: lead.write({"cs_sales_segment_id": segment.id}),
            lambda: member.write({"segment_ids": segment.ids}),
            lambda: shared.write({"journey_template_id": template.id}),
            lambda: shared.write({"scorecard_id": card.id}),
            lambda: self.make_account(
                partner_id=self.make_partner("B", company_id=other.id).id
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                wrong()

    def test_a_csm_makes_no_customers_and_deletes_none(self):
        partner = self.make_partner()
        with self.assertRaises(AccessError):
            self.env["cs.account"].with_user(self.csm).create(
                {"partner_id": partner.id}
            )
        with self.assertRaises(AccessError):
            self.mine.with_user(self.csm).unlink()

    def test_people_outside_see_nothing(self):
        portal = self.make_user("cs_portal", "base.group_portal")
        internal = self.make_user("cs_internal", "base.group_user")
        for user in (portal, internal, self.salesperson):
            with self.assertRaises(AccessError):
                self.seen_by(user)

    def test_stakeholders_follow_their_customer(self):
        person = self.env["res.partner"].create({"name": "Marta"})
        contact = self.env["cs.contact"].create(
            {"account_id": self.theirs.id, "partner_id": person.id}
        )
        with self.assertRaises(AccessError):
            contact.with_user(self.csm).read(["role_id"])
        contact.with_user(self.other_csm).read(["role_id"])

    def test_only_administrators_change_segments(self):
        segment = self.env.ref("customer_success.cs_segment_enterprise")
        with self.assertRaises(AccessError):
            segment.with_user(self.specialist).match_count = 1
        segment.with_user(self.admin).match_count = 2

    def test_specialists_keep_scorecards_and_rules(self):
        card = self.env.ref("customer_success.cs_scorecard_default")
        with self.assertRaises(AccessError):
            card.with_user(self.manager).min_coverage = 10
        card.with_user(self.specialist).min_coverage = 10
        rule = self.env.ref("customer_success.cs_alert_rule_use_fell")
        rule.with_user(self.specialist).due_days = 4

    def test_a_person_is_put_under_care_as_their_company(self):
        company = self.make_partner("Aurora")
        person = self.env["res.partner"].create(
            {"name": "Marta", "parent_id": company.id}
        )
        account = self.make_account(partner_id=person.id)
        self.assertEqual(account.partner_id, company)

    def test_one_account_per_customer_and_company(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.make_account(partner_id=self.mine.partner_id.id)

    def test_a_customer_does_not_move_to_another_company(self):
        other = self.env["res.company"].create({"name": "CS B"})
        with self.assertRaises(ValidationError):
            self.mine.company_id = other
