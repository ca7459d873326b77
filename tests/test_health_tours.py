from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .health_common import HealthCase


class HealthTourCase(HealthCase, HttpCase):
    """A customer that was green a month ago and is red now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card.name = "Tour health"
        cls.account = cls.make_account("Padaria Aurora", csm_id=cls.csm.id)

    def setUp(self):
        super().setUp()
        self.judged(35, nps=9, active_users=40, overdue_tasks=0)
        self.judged(1, nps=3, active_users=10, overdue_tasks=3)

    def judged(self, days, **facts):
        with self.at_time(fields.Datetime.now() - timedelta(days=days)):
            self.record(self.account, **facts)
            self.account._score()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestHealthTour(HealthTourCase):
    """Health, read and decided in a browser by a CSM."""

    def test_a_red_customer_is_understood_and_decided(self):
        self.start_tour(
            "/odoo/cs-portfolio", "cs_health_tour", login="cs_csm", timeout=120
        )
        self.env.invalidate_all()
        account = self.account
        self.assertEqual((account.health_score, account.health_band), (55, "yellow"))
        self.assertEqual(account.health_computed, 20)
        self.assertIn("new CFO", account.health_override_id.reason)
        self.assertEqual(account.health_override_id.user_id, self.csm)


@tagged("post_install", "-at_install")
class TestScorecardTour(HealthTourCase):
    """The editor of scorecards, used in a browser by a specialist."""

    def setUp(self):
        super().setUp()
        # Use is fine, only the NPS is not.
        self.judged(0, active_users=40, overdue_tasks=0)

    def test_a_draft_is_tried_and_published(self):
        self.assertEqual(
            (self.account.health_score, self.account.health_band), (65, "yellow")
        )
        self.start_tour(
            "/odoo/action-customer_success.cs_scorecard_action",
            "cs_scorecard_tour",
            login="cs_specialist",
            timeout=120,
        )
        self.env.invalidate_all()
        card = self.account.health_scorecard_id
        self.assertEqual((card.name, card.version), ("Tour health", 2))
        self.assertEqual(self.account.health_band, "green")
        self.assertEqual(self.card.measure_ids[0].weight, 50)
