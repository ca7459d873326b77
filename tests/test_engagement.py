from datetime import date, timedelta
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .fetched_common import FetchedCase
from .test_metric_feature import FeatureCase

NOW = "2026-01-10 15:00:00"


@tagged("post_install", "-at_install")
class TestEngagement(FeatureCase):
    """How much the features of a customer's products are used, 0 to 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.booking = cls.make_feature("booking", full_use=20)
        cls.savings = cls.make_feature("savings_report", kind="differentiator")

    def test_an_essential_feature_counts_twice(self):
        self.use(booking=10, savings_report=8)
        # (2 × 50 + 1 × 80) ÷ 3
        self.assertEqual(self.engagement_at(NOW), 60)

    def test_points_stay_between_0_and_100(self):
        self.use(booking=900, savings_report=-5)
        self.assertEqual(self.engagement_at(NOW), 66.7)

    def test_unknown_and_stale_features_are_left_out(self):
        self.assertIsNone(self.engagement_at(NOW))
        self.use(booking=10)
        self.assertEqual(self.engagement_at(NOW), 50)
        self.use("2026-02-20", savings_report=10)
        self.assertEqual(self.engagement_at("2026-02-20 15:00:00"), 100)
        self.assertIsNone(self.engagement_at("2026-06-01 15:00:00"))
        self.assertFalse(self.present("engagement").is_known)

    def test_only_products_in_force_and_followed_features_count(self):
        cards = self.make_product("Cards")
        self.make_feature("cards_active", cards, full_use=10)
        self.use(booking=10, cards_active=10)
        self.assertEqual(self.engagement_at(NOW), 50)
        subscription = self.subscribe(cards)
        self.assertEqual(self.engagement_at(NOW), 75)
        self.booking.active = False
        self.assertEqual(self.engagement_at(NOW), 100)
        subscription.end_on = "2026-01-09"
        self.assertIsNone(self.engagement_at(NOW))

    def test_an_ended_subscription_tells_at_once(self):
        self.use(booking=10)
        self.assertEqual(self.engagement_at(NOW), 50)
        with self.at_time(NOW):
            plan = self.account.subscription_ids.with_context(cs_facts_later=False)
            plan.with_user(self.manager).end_on = "2026-01-09"
            self.assertIsNone(self.judged(metric="engagement"))

    def test_again_changes_nothing(self):
        self.use(booking=10)
        self.engagement_at(NOW)
        self.engagement_at("2026-01-11 15:00:00")
        self.assertEqual(self.history("engagement"), [(NOW, 50)])

    def test_what_another_source_says_is_left_to_it(self):
        self.use(booking=10)
        sheet = self.make_source()
        self.record_all(self.reading("engagement", 7, at="2026-01-01"), source=sheet)
        self.assertEqual(self.engagement_at(NOW), 7)
        self.env["cs.account"]._record_engagement_of([date(2026, 1, 10)])
        self.assertEqual(self.history("engagement"), [("2026-01-01 03:00:00", 7)])

    def test_the_past_is_recorded_on_request(self):
        self.use("2025-11-01", booking=5)
        self.use("2025-12-20", booking=15)
        days = [date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31)]
        self.account._record_engagement_of(days, self.account)
        self.account._record_engagement_of(days, self.account)
        self.assertEqual(
            self.history("engagement"),
            [("2025-12-01 02:59:59", 25), ("2026-01-01 02:59:59", 75)],
        )
        self.assertIsNone(self.judged(date(2025, 11, 29), "engagement"))

    def test_explained_feature_by_feature(self):
        self.use(booking=10)
        self.use("2025-11-01", savings_report=8)
        with self.at_time(NOW):
            own = self.account.with_user(self.csm)
            lines = {line["metric"]: line for line in own.explain_engagement()}
            self.assertEqual(lines["booking"]["points"], 50)
            self.assertEqual(lines["booking"]["contribution"], 50)
            self.assertEqual(lines["booking"]["product"], "Travel")
            self.assertEqual(lines["savings_report"]["state"], "stale")
            self.assertEqual(lines["savings_report"]["value"], 8)
            self.assertIsNone(lines["savings_report"]["points"])
            self.assertIn("50 of 100, from 1 of 2", own.engagement_summary)
            with self.assertRaises(AccessError):
                self.account.with_user(self.other_csm).explain_engagement()
        past = self.account.explain_engagement(date(2025, 11, 30))
        self.assertEqual(
            {line["metric"]: line["points"] for line in past},
            {"booking": None, "savings_report": 80},
        )

    def test_the_customers_form_lists_its_features(self):
        self.use(booking=10)
        with self.at_time(NOW):
            form = Form(self.account.with_user(self.csm))
            self.assertEqual(len(form.feature_use_ids), 2)
            used = self.account.with_user(self.csm).feature_use_ids
            booking = used.filtered(lambda use: use.metric_id == self.booking)
            self.assertEqual((booking.points, booking.display_value), (50, "10"))
            self.assertEqual((used - booking).display_value, "unknown")
            self.assertFalse((used - booking).points)

    def test_who_sees_the_use_of_features(self):
        uses = self.env["cs.feature.use"]
        mine = [("account_id", "=", self.account.id)]
        for user, seen in (
            (self.csm, 2),
            (self.other_csm, 0),
            (self.manager, 2),
            (self.specialist, 2),
        ):
            found = uses.with_user(user).search(mine)
            self.assertEqual(len(found), seen, user.login)
        with self.assertRaises(AccessError):
            uses.with_user(self.salesperson).search(mine)
        little = [("state", "=", "unknown"), ("metric_id", "=", self.booking.id)]
        self.assertEqual(uses.search([*mine, *little]).account_id, self.account)

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.data())
    def test_it_is_the_weighted_mean_of_what_is_fresh(self, data):
        features = (self.booking, self.savings)
        now = fields.Datetime.to_datetime(NOW)
        expected = []
        with self.env.cr.savepoint() as savepoint:
            for feature in features:
                value = data.draw(st.none() | st.floats(-50, 500))
                age = data.draw(st.integers(0, 45))
                self.record(
                    self.account, at=now - timedelta(days=age), **{feature.key: value}
                )
                if value is not None and age <= feature.stale_after_days:
                    weight = 2 if feature.feature_kind == "essential" else 1
                    points = min(100, max(0, 100 * value / feature.full_use))
                    expected.append((weight, points))
            counted = self.engagement_at(NOW)
            savepoint.rollback()
        if not expected:
            self.assertIsNone(counted)
            return
        mean = sum(w * p for w, p in expected) / sum(w for w, _p in expected)
        self.assertAlmostEqual(counted, mean, delta=0.0501)


@tagged("post_install", "-at_install")
class TestEngagementFollowsFetch(FetchedCase):
    """What was just fetched is counted at once, where it is a feature's."""

    def counted_after_fetch(self, key):
        source = self.make_fetched({"users": key}, is_automatic=True)
        run = patch.object(type(source), "_run_builtin", autospec=True)
        with self.giving([{"who": "SOL", "users": "12"}]), run as ran:
            self.fetch_due(source)
        return ran.call_count

    def test_only_after_features(self):
        self.assertEqual(self.counted_after_fetch("active_users"), 0)
        product = self.env["product.product"].create({"name": "Travel"})
        self.env.ref("customer_success.cs_metric_tours_completed").write(
            {"product_id": product.id, "feature_kind": "essential", "full_use": 9}
        )
        self.assertEqual(self.counted_after_fetch("tours_completed"), 1)
