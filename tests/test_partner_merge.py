from datetime import date, datetime

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

    def test_people_merged_keep_their_interactions_and_what_is_known(self):
        account = self.make_account()
        people = self.env["res.partner"].create(
            [{"name": "Marta"}, {"name": "Marta S."}, {"name": "M. Souza"}]
        )
        role = self.env["cs.contact.role"].create({"name": "Sponsor"})
        kept, twin, third = self.env["cs.contact"].create(
            [
                {"account_id": account.id, "partner_id": person.id, **known}
                for person, known in zip(
                    people,
                    [{}, {"role_id": role.id}, {"expectations": "Speed"}],
                    strict=True,
                )
            ]
        )
        interactions = self.env["cs.interaction"].create(
            [
                {"account_id": account.id, "contact_ids": [Command.set(met.ids)]}
                for met in (twin, third, kept | twin)
            ]
        )
        self.merge(people, people[2])
        self.assertEqual(account.contact_ids, kept)
        self.assertEqual((kept.role_id, kept.expectations), (role, "Speed"))
        for interaction in interactions:
            self.assertEqual(interaction.contact_ids, kept)

    def test_one_person_at_two_customers_that_become_one(self):
        older, newer = self.make_account("Aurora"), self.make_account("Aurora Ltda")
        person = self.env["res.partner"].create({"name": "Marta"})
        kept, twin = self.env["cs.contact"].create(
            [
                {"account_id": older.id, "partner_id": person.id},
                {
                    "account_id": newer.id,
                    "partner_id": person.id,
                    "expectations": "Speed",
                },
            ]
        )
        interaction = self.env["cs.interaction"].create(
            {"account_id": newer.id, "contact_ids": [Command.set(twin.ids)]}
        )
        self.merge(older.partner_id | newer.partner_id, older.partner_id)
        self.assertEqual(older.contact_ids, kept)
        self.assertEqual(kept.expectations, "Speed")
        self.assertEqual(interaction.account_id, older)
        self.assertEqual(interaction.contact_ids, kept)

    def test_people_merged_are_one_on_the_handoff(self):
        people = self.env["res.partner"].create(
            [{"name": "Marta"}, {"name": "Marta S."}]
        )
        handoff = self.env["cs.handoff"].create(
            {
                "partner_id": self.make_partner("Aurora").id,
                "contact_ids": [
                    Command.create({"partner_id": people[0].id}),
                    Command.create(
                        {"partner_id": people[1].id, "expectations": "Speed"}
                    ),
                ],
            }
        )
        self.merge(people, people[1])
        self.assertEqual(handoff.contact_ids.partner_id, people[1])
        self.assertEqual(handoff.contact_ids.expectations, "Speed")

    def test_running_lifecycle_of_the_newer_shows_on_the_kept(self):
        older, newer = self.make_account("Aurora"), self.make_account("Aurora Ltda")
        template = self.env.ref("customer_success.cs_journey_template_me_pme")
        journey = newer.start_journey(template)
        self.env["cs.account"]._refresh_pace(journey)
        names = ["phase_id", "phase_entered_on", "phase_deadline", "pace"]
        shown = [newer[name] for name in names]
        self.assertTrue(all(shown))
        self.merge(older.partner_id | newer.partner_id, older.partner_id)
        self.assertEqual(older.lifecycle_journey_id, journey)
        self.assertEqual([older[name] for name in names], shown)

    def test_an_active_customer_does_not_vanish_in_an_archived_one(self):
        older, newer = self.make_account("Aurora"), self.make_account("Aurora Ltda")
        older.active = False
        self.merge(older.partner_id | newer.partner_id, older.partner_id)
        self.assertTrue(older.active)

    def test_an_active_customer_takes_a_churned_one_back(self):
        older, newer = self.make_account("Aurora"), self.make_account("Aurora Ltda")
        older.write({"state": "churned", "churned_on": date(2026, 1, 1)})
        self.merge(older.partner_id | newer.partner_id, older.partner_id)
        self.assertEqual((older.state, older.churned_on), ("active", False))

    def test_tasks_that_move_go_to_the_csm_that_stays(self):
        older = self.make_account("Aurora", csm_id=self.csm.id)
        newer = self.make_account("Aurora Ltda", csm_id=self.other_csm.id)
        task = self.env["cs.task"].create({"name": "Call", "account_id": newer.id})
        self.assertEqual(task.user_id, self.other_csm)
        self.merge(older.partner_id | newer.partner_id, older.partner_id)
        self.assertEqual((task.account_id, task.user_id), (older, self.csm))

    def test_segment_and_score_are_judged_anew(self):
        older, newer = self.make_account("Aurora"), self.make_account("Aurora Ltda")
        self.record(newer, employees=5000, mrr=90000, nps=9)
        self.assertFalse(older.segment_id)
        self.merge(older.partner_id | newer.partner_id, older.partner_id)
        self.assertTrue(older.segment_id)
        self.assertTrue(older.health_coverage)
