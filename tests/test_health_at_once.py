from odoo.fields import Command
from odoo.tests import Form

from .health_common import HealthCase


class TestHealthAtOnce(HealthCase):
    """What a person writes down on a customer moves its health there and then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card.measure_ids = [
            Command.clear(),
            cls.measure("mrr", 50, 0, 1000),
            cls.measure("potential", 20, 0, 100),
            cls.measure("contacts", 20, 0, 4),
            cls.measure("from_competitor", 10, 0, 1),
        ]
        cls.card.min_coverage = 0
        cls.account = cls.make_account(csm_id=cls.csm.id)

    def subscribe(self, accounts, **values):
        return self.env["cs.subscription"].create(
            [
                {"account_id": account.id, "name": "Plan", "mrr": 500, **values}
                for account in accounts
            ]
        )

    def test_a_subscription(self):
        plan = self.subscribe(self.account)
        self.assertEqual(self.account.health_score, 50)
        with Form(plan.with_user(self.manager)) as form:
            form.mrr = 800
        self.assertEqual(self.account.health_score, 80)
        plan.unlink()
        self.assertEqual(self.account.health_band, "unknown")

    def test_the_profile(self):
        with Form(self.account.with_user(self.csm)) as form:
            form.potential_mrr = 60
        self.assertEqual(self.account.health_score, 60)
        with Form(self.account.with_user(self.csm)) as form:
            form.competitor_known = True
        self.assertEqual(self.account.health_score, 40)

    def test_a_contact(self):
        people = self.env["cs.contact"].with_user(self.csm)
        marta = self.env["res.partner"].create({"name": "Marta"})
        person = people.create({"account_id": self.account.id, "partner_id": marta.id})
        self.assertEqual(self.account.health_score, 25)
        person.unlink()
        self.assertEqual(self.account.health_band, "unknown")

    def test_who_left_keeps_the_last_verdict(self):
        plan = self.subscribe(self.account)
        self.account.state = "churned"
        plan.mrr = 1000
        self.assertEqual(self.account.health_score, 50)

    def test_nobody_else_is_judged(self):
        others = self.make_accounts(3)
        self.subscribe(self.account)
        self.assertFalse(any(others.mapped("health_judged_at")))

    def test_an_import_waits_for_the_night(self):
        plan = self.subscribe(self.account)
        plan.with_context(import_file=True).mrr = 1000
        self.assertEqual(self.account.mrr, 1000)
        self.assertEqual(self.account.health_score, 50)
        self.account._score()
        self.account.invalidate_recordset()
        self.assertEqual(self.account.health_score, 100)

    def test_many_cost_no_more_queries(self):
        one = self.subscribe(self.account)
        many = self.subscribe(self.make_accounts(30))
        self.env.flush_all()
        counts = []
        for mrr, plans in enumerate((one, one, many), 600):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            plans.mrr = mrr
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2, counts)
        self.assertLessEqual(counts[1], 70, counts)
        self.assertEqual(set(many.account_id.mapped("health_score")), {60.2})
