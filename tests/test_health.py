from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.fields import Command

from .common import CsCase


class TestHealth(CsCase):
    """A score that says where each of its points comes from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.scorecard"].search([]).write({"is_default": False})
        cls.env.flush_all()
        metrics = {
            key: cls.env.ref(f"customer_success.cs_metric_{key}").id
            for key in ("nps", "active_users", "overdue_tasks")
        }
        cls.card = cls.env["cs.scorecard"].create(
            {
                "name": "Test",
                "is_default": True,
                "min_coverage": 40,
                "measure_ids": [
                    Command.create(
                        {
                            "metric_id": metrics["nps"],
                            "worst": 0,
                            "best": 10,
                            "weight": 50,
                        }
                    ),
                    Command.create(
                        {
                            "metric_id": metrics["active_users"],
                            "basis": "change_pct",
                            "window_days": 30,
                            "worst": -50,
                            "best": 0,
                            "weight": 30,
                        }
                    ),
                    Command.create(
                        {
                            "metric_id": metrics["overdue_tasks"],
                            "worst": 4,
                            "best": 0,
                            "weight": 20,
                        }
                    ),
                ],
            }
        )

    def use_of(self, account, before, after):
        """Use, measured on March 1 and April 1 of 2026."""
        self.record(account, at=datetime(2026, 3, 1), active_users=before)
        self.record(account, at=datetime(2026, 4, 1), active_users=after)

    def test_points_and_weights(self):
        """NPS 8 → 80, use −25 % → 50, 1 overdue task → 75: 0.5·80+0.3·50+0.2·75."""
        account = self.make_account()
        with self.at_time("2026-04-02 12:00:00"):
            self.use_of(account, 40, 30)
            self.record(account, nps=8, overdue_tasks=1)
            account._score()
        self.assertAlmostEqual(account.health_score, 70.0, 4)
        self.assertEqual(account.health_band, "green")
        self.assertEqual(account.health_coverage, 100)

    def test_what_is_unknown_shares_its_weight_and_lowers_coverage(self):
        account = self.make_account()
        self.record(account, nps=8)
        account._score()
        self.assertAlmostEqual(account.health_score, 80.0, 4)
        self.assertEqual(account.health_coverage, 50)

    def test_too_little_known_is_never_green(self):
        account = self.make_account()
        self.record(account, overdue_tasks=0)
        account._score()
        self.assertEqual(account.health_band, "unknown")

    def test_nothing_known(self):
        account = self.make_account()
        account._score()
        self.assertEqual(account.health_band, "unknown")
        self.assertEqual(
            sum(line["contribution"] for line in account.explain_health()), 0
        )

    def test_stale_is_unknown(self):
        account = self.make_account()
        self.record(account, at=datetime(2026, 1, 1), active_users=10)
        self.record(account, at=datetime(2026, 2, 10), active_users=10)
        self.record(account, at=datetime(2026, 2, 10), nps=10)
        stale_after = self.env.ref("customer_success.cs_metric_active_users")
        self.assertEqual(stale_after.stale_after_days, 45)
        verdict = account._score(as_of=datetime(2026, 6, 1))[0]
        use = [line for line in verdict["lines"] if line["weight"] == 30]
        self.assertIsNone(use[0]["points"])

    def test_explanation_sums_to_the_score(self):
        account = self.make_account()
        with self.at_time("2026-04-02 12:00:00"):
            self.use_of(account, 37, 31)
            self.record(account, nps=7, overdue_tasks=3)
            account._score()
            lines = account.explain_health()
        total = sum(line["contribution"] for line in lines)
        self.assertAlmostEqual(total, account.health_score, 6)
        self.assertEqual(
            set(lines[0]),
            {
                "measure",
                "value",
                "age_days",
                "points",
                "weight",
                "contribution",
                "kind",
            },
        )
        self.assertEqual([line["kind"] for line in lines], ["measure"] * 3)

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(nps=st.integers(0, 10), overdue=st.integers(0, 9), factor=st.floats(0.1, 50))
    def test_scaling_all_weights_changes_nothing(self, nps, overdue, factor):
        account = self.make_account()
        self.record(account, nps=nps, overdue_tasks=overdue)
        before = account._score(as_of=datetime(2099, 1, 1), scorecard=self.card)[0]
        weights = {measure: measure.weight for measure in self.card.measure_ids}
        for measure in self.card.measure_ids:
            measure.weight = weights[measure] * round(factor, 2)
        after = account._score(as_of=datetime(2099, 1, 1), scorecard=self.card)[0]
        for measure, weight in weights.items():
            measure.weight = weight
        self.assertAlmostEqual(before["score"], after["score"], 1)

    def test_again_writes_nothing(self):
        account = self.make_account()
        self.record(account, nps=8)
        self.assertEqual(account._score(), 1)
        self.assertEqual(account._score(), 0)
        snapshots = self.env["cs.health.snapshot"]
        self.assertEqual(snapshots.search_count([("account_id", "=", account.id)]), 1)

    def test_the_past_is_judged_by_what_was_true_then_and_not_written(self):
        account = self.make_account()
        self.record(account, at=datetime(2026, 3, 1), nps=10)
        self.record(account, at=datetime(2026, 4, 1), nps=0)
        row = account._score(as_of=date(2026, 3, 15))[0]
        self.assertEqual((row["score"], row["band"]), (100, "green"))
        self.assertEqual(account.health_band, "unknown")
        self.assertFalse(
            self.env["cs.health.snapshot"].search([("account_id", "=", account.id)])
        )

    def test_trend_is_points_since_30_days_ago(self):
        account = self.make_account()
        with self.at_time("2026-03-01 12:00:00"):
            self.record(account, nps=9)
            account._score()
        with self.at_time("2026-04-02 12:00:00"):
            self.record(account, nps=5)
            account._score()
        self.assertAlmostEqual(account.health_trend, -40, 4)
        self.assertEqual(len(account.explain_health(date(2026, 3, 2))), 3)
        self.assertAlmostEqual(
            sum(
                line["contribution"]
                for line in account.explain_health(date(2026, 3, 2))
            ),
            90,
            4,
        )

    def test_coverage_moves_where_the_score_does_not(self):
        account = self.make_account()
        self.record(account, nps=10)
        account._score()
        self.record(account, overdue_tasks=0)
        account._score()
        self.assertEqual((account.health_score, account.health_coverage), (100, 70))

    def test_no_trend_into_the_unknown(self):
        account = self.make_account()
        with self.at_time("2026-03-01 12:00:00"):
            self.record(account, nps=9)
            account._score()
        with self.at_time("2027-03-01 12:00:00"):
            account._score()
        self.assertEqual((account.health_band, account.health_trend), ("unknown", 0))

    def test_the_segments_scorecard_judges(self):
        account = self.make_account()
        self.record(account, employees=10, nps=8)
        self.env["cs.segment"]._assign(account)
        own = self.card.copy({"name": "Own", "is_default": False})
        own.measure_ids.filtered(lambda m: m.metric_id.key == "nps").best = 8
        account.segment_id.scorecard_id = own
        account._score()
        self.assertAlmostEqual(account.health_score, 100, 4)

    def test_a_colleague_may_not_ask_why(self):
        account = self.make_account(csm_id=self.csm.id)
        self.record(account, nps=8)
        account._score()
        self.assertTrue(account.with_user(self.csm).explain_health())
        with self.assertRaises(AccessError):
            account.with_user(self.other_csm).explain_health()

    def test_many_cost_no_more_queries(self):
        accounts = self.env["cs.account"].concat(
            *(self.make_account() for _number in range(40))
        )
        for account in accounts:
            self.record(account, nps=account.id % 10)
        accounts[:1]._score()
        with self.assertQueryCount(22):
            accounts._score()

    def test_nightly_action_judges_everybody(self):
        account = self.make_account()
        self.record(account, nps=8, employees=10)
        with self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_score").method_direct_trigger()
        account.invalidate_recordset()
        self.assertEqual(account.health_band, "green")
        self.assertTrue(account.segment_id)
