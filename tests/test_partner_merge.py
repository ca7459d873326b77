from datetime import datetime

from odoo.fields import Command

from .common import CsCase


class TestPartnerMerge(CsCase):
    """Merging contacts loses no customer and nothing that hangs on one."""

    def merge(self, partners, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, into)

    def test_two_customers_become_the_older(self):
        older = self.make_account("Aurora", csm_id=self.csm.id)
        newer = self.make_account("Aurora Ltda")
        person = self.env["res.partner"].create({"name": "Marta"})
        newer.contact_ids = [Command.create({"partner_id": person.id})]
        self.record(older, at=datetime(2026, 1, 1), nps=5)
        self.record(newer, at=datetime(2026, 2, 1), nps=9)
        self.record(newer, employees=50)
        template = self.env.ref("customer_success.cs_journey_template_me_pme")
        older.start_journey(template)
        newer.start_journey(template)
        newer.message_post(body="Histórico")
        partners = older.partner_id | newer.partner_id
        self.merge(partners, newer.partner_id)
        self.assertTrue(older.exists())
        self.assertFalse(newer.exists())
        self.assertEqual(older.partner_id.name, "Aurora Ltda")
        self.assertEqual(older.contact_ids.partner_id, person)
        values = {fact.metric_id.key: fact.value for fact in older.value_ids}
        self.assertEqual((values["nps"], values["employees"]), (9, 50))
        running = older.journey_ids.filtered(lambda j: j.state == "running")
        self.assertEqual(len(running), 1)
        self.assertEqual(len(older.journey_ids), 2)
        self.assertIn("Histórico", "".join(older.message_ids.mapped("body")))

    def test_customers_of_two_companies_stay_two(self):
        other = self.env["res.company"].create({"name": "CS B"})
        here = self.make_account("Aurora")
        there = self.make_account("Aurora Ltda", company_id=other.id)
        self.merge(here.partner_id | there.partner_id, here.partner_id)
        self.assertEqual(here.partner_id, there.partner_id)
        self.assertTrue(here.exists() and there.exists())

    def test_a_customer_merged_into_a_plain_contact(self):
        account = self.make_account("Aurora")
        plain = self.make_partner("Aurora Ltda")
        self.merge(account.partner_id | plain, plain)
        self.assertEqual(account.partner_id, plain)

    def test_people_merged_are_one_stakeholder(self):
        account = self.make_account()
        people = self.env["res.partner"].create(
            [{"name": "Marta"}, {"name": "Marta S."}]
        )
        account.contact_ids = [
            Command.create({"partner_id": person.id}) for person in people
        ]
        self.merge(people, people[0])
        self.assertEqual(account.contact_ids.partner_id, people[0])
