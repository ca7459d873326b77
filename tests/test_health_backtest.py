from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..models import cs_health_backtest_run as run
from .backtest_common import BacktestCase


class TestBacktest(BacktestCase):
    """Whether a score would have warned of those who left."""

    def test_figures_by_hand(self):
        """Of 18 pairs 12 are in order and 4 tied; 2 of 3 warnings, 2 of 3 caught."""
        backtest = self.backtest()
        self.assertEqual(backtest.state, "done")
        self.assertEqual(
            self.observations(backtest),
            {
                ("Aurora", 3): (20, True),
                ("Bela", 3): (50, False),
                ("Bela", 4): (30, True),
                ("Clara", 3): (80, False),
                ("Clara", 4): (80, True),
                ("Dora", 3): (90, False),
                ("Dora", 4): (30, False),
                ("Elis", 3): (80, False),
                ("Elis", 4): (80, False),
                ("Flora", 3): (None, False),
                ("Flora", 4): (None, False),
            },
        )
        self.assertAlmostEqual(backtest.auc, 14 / 18, 3)
        self.assertAlmostEqual(backtest.precision, 66.7, 1)
        self.assertAlmostEqual(backtest.recall, 66.7, 1)
        self.assertEqual(backtest.lead_days, 16.5)
        self.assertEqual(
            (backtest.customers, backtest.customers_left, backtest.customers_warned),
            (6, 3, 2),
        )
        self.assertEqual(backtest.observations_unknown, 2)
        self.assertAlmostEqual(backtest.base_rate, 100 * 3 / 11, 1)

    def test_confusion_by_band(self):
        lines = self.backtest().band_line_ids
        self.assertEqual(
            [
                (
                    line.band,
                    line.left,
                    line.stayed,
                    round(line.precision, 1),
                    round(line.recall, 1),
                )
                for line in lines
            ],
            [
                ("red", 2, 1, 66.7, 66.7),
                ("yellow", 0, 1, 50.0, 66.7),
                ("green", 1, 4, 33.3, 100.0),
                ("unknown", 0, 2, 0.0, 0.0),
            ],
        )

    def test_by_score(self):
        lines = self.backtest().bucket_line_ids
        self.assertEqual(
            [(line.score_from, line.left, line.stayed) for line in lines],
            [(20, 1, 0), (30, 1, 1), (50, 0, 1), (80, 1, 3), (90, 0, 1)],
        )

    def test_who_was_missed_with_its_scores(self):
        backtest = self.backtest(days_before=60)
        missed, *caught = backtest.customer_ids
        self.assertEqual(missed.account_id, self.clara)
        self.assertEqual((missed.is_warned, missed.last_score), (False, 80))
        self.assertEqual(missed.scores, "80.0 → 80.0")
        self.assertEqual(missed.left_on, date(2026, 4, 20))
        self.assertFalse(missed.warned_on)
        self.assertEqual(
            {line.account_id: line.lead_days for line in caught},
            {self.aurora: 19, self.bela: 14},
        )

    def test_a_warning_that_was_taken_back_begins_anew(self):
        """Red in February, fine in March, red in April: warned since April."""
        self.record(self.bela, at=datetime(2026, 2, 1), use_in_test=1)
        backtest = self.backtest(period=(date(2026, 2, 1), date(2026, 4, 1)))
        line = backtest.customer_ids.filtered(lambda one: one.account_id == self.bela)
        self.assertEqual(line.warned_on, date(2026, 4, 1))

    def test_a_warning_taken_back_before_leaving_has_no_lead_time(self):
        """Red on March 1, fine on April 1, left on April 15: it was called off."""
        self.record(self.bela, at=datetime(2026, 2, 15), use_in_test=1)
        self.record(self.bela, at=datetime(2026, 3, 1), use_in_test=1)
        self.record(self.bela, at=datetime(2026, 3, 15), use_in_test=9)
        self.record(self.bela, at=datetime(2026, 4, 1), use_in_test=9)
        backtest = self.backtest(days_before=60)
        line = backtest.customer_ids.filtered(lambda one: one.account_id == self.bela)
        self.assertTrue(line.is_warned)
        self.assertTrue(line.is_taken_back)
        self.assertFalse(line.warned_on)
        self.assertEqual(backtest.lead_days, 19)
        self.assertEqual(backtest.customers_warned, 2)
        self.assertIn("taken back", backtest.conclusion)

    def test_no_later_value_is_read(self):
        before = self.observations(self.backtest())
        for account in (self.aurora, self.clara, self.dora, self.flora):
            # A minute after the end of the day in São Paulo, for each of both days.
            for month in (3, 4):
                self.record(account, at=datetime(2026, month, 2, 3, 1), use_in_test=0)
                self.record(account, at=datetime(2026, month, 3), use_in_test=10)
        after = self.observations(self.backtest())
        march = {key: value for key, value in before.items() if key[1] == 3}
        self.assertEqual({key: after[key] for key in march}, march)
        # What came true in March is known in April.
        self.assertEqual(after["Clara", 4], (100, True))

    def test_a_value_of_the_day_itself_is_read(self):
        self.record(self.clara, at=datetime(2026, 3, 2, 2, 59), use_in_test=0)
        self.assertEqual(self.observations(self.backtest())["Clara", 3], (0, False))

    def test_values_that_came_later_are_counted(self):
        backtest = self.backtest()
        self.assertEqual((backtest.values_used, backtest.values_late), (9, 9))
        with self.at_time("2026-03-01 15:00:00"):
            self.record(self.elis, at=datetime(2026, 3, 1, 14), use_in_test=7)
        backtest = self.backtest()
        self.assertEqual((backtest.values_used, backtest.values_late), (9, 7))

    def test_late_values_of_changes_ratios_and_caps_are_counted(self):
        """April reads use now, use 31 days ago, what it is divided by, and the cap."""
        other = self.env["cs.metric"].create(
            {"key": "other_in_test", "name": "Other in test", "stale_after_days": 0}
        )
        third = self.env["cs.metric"].create(
            {"key": "third_in_test", "name": "Third in test", "stale_after_days": 0}
        )
        measures = (
            {"basis": "change", "window_days": 31, "worst": -10, "best": 0},
            {"basis": "ratio", "per_metric_id": other.id, "worst": 0, "best": 1},
        )
        card = self.make_card(
            "Compares",
            measure_ids=[
                Command.create({"metric_id": self.metric.id, "weight": 10, **values})
                for values in measures
            ],
            cap_ids=[
                Command.create(
                    {
                        "metric_id": third.id,
                        "operator": "<",
                        "threshold": 5,
                        "max_score": 50,
                    }
                )
            ],
        )
        self.env["cs.account"].search(self.scope).subscription_ids.unlink()
        self.scope = [("id", "=", self.dora.id)]
        self.subscribe(self.dora, "2026-01-01")
        self.record(
            self.dora, at=datetime(2026, 3, 30), other_in_test=2, third_in_test=9
        )
        backtest = self.backtest(card, period=(date(2026, 4, 1), date(2026, 4, 30)))
        self.assertEqual((backtest.values_used, backtest.values_late), (4, 4))

    def test_days_before(self):
        """Within 60 days of March 1 all three left."""
        backtest = self.backtest(days_before=60)
        left = [
            key for key, (_score, left) in self.observations(backtest).items() if left
        ]
        self.assertEqual(
            sorted(left),
            [("Aurora", 3), ("Bela", 3), ("Bela", 4), ("Clara", 3), ("Clara", 4)],
        )

    def test_a_warning_may_be_yellow_too(self):
        backtest = self.backtest()
        other = backtest.copy({"warned_from": "yellow"})
        with self.at_time(self.NOW):
            other.action_run()
        self.assertAlmostEqual(other.precision, 50.0, 1)
        self.assertAlmostEqual(other.recall, 66.7, 1)

    def test_too_few_to_believe(self):
        backtest = self.backtest()
        self.assertFalse(backtest.is_believable)
        self.assertIn("Not to be believed: only 3", backtest.conclusion)
        self.assertIn("2 of the 3", backtest.conclusion)

    def test_thirty_can_be_believed(self):
        for number in range(27):
            self.customer(f"Left {number}", "2026-04-10", march=1)
        backtest = self.backtest()
        self.assertTrue(backtest.is_believable)
        self.assertNotIn("Not to be believed", backtest.conclusion)

    def test_nobody_left(self):
        backtest = self.backtest(period=(date(2026, 1, 1), date(2026, 1, 31)))
        self.assertIn("No customer left", backtest.conclusion)
        self.assertFalse(backtest.has_auc)
        self.assertFalse(backtest.has_recall)

    def test_who_left_without_a_verdict_is_no_proof(self):
        for number in range(30):
            self.customer(f"Unknown {number}", "2026-04-10")
        backtest = self.backtest()
        self.assertEqual(
            (backtest.customers_left, backtest.customers_left_judged), (33, 3)
        )
        self.assertFalse(backtest.is_believable)
        self.assertIn("only 3 of the customers that left", backtest.conclusion)

    def test_what_cannot_be_said_is_not_said(self):
        """No warning at all, and nobody that left had a verdict."""
        unknown = self.customer("Unknown", "2026-03-20")
        self.scope = [("id", "in", (unknown | self.elis).ids)]
        backtest = self.backtest(period=(date(2026, 3, 1), date(2026, 3, 2)))
        self.assertEqual(backtest.customers_left, 1)
        self.assertFalse(backtest.has_auc)
        self.assertFalse(backtest.has_precision)
        self.assertTrue(backtest.has_recall)
        self.assertFalse(backtest.has_lead_days)
        self.assertIn("AUC", backtest.unsaid)
        self.assertIn("Precision", backtest.unsaid)
        bands = {line.band: line for line in backtest.band_line_ids}
        self.assertFalse(bands["red"].has_precision)
        self.assertFalse(bands["red"].has_left_share)
        self.assertFalse(bands["unknown"].has_precision)
        self.assertTrue(bands["green"].has_precision)

    def test_nothing_unsaid_where_all_is_known(self):
        backtest = self.backtest()
        self.assertFalse(backtest.unsaid)
        self.assertEqual(backtest.warnings, 3)

    # Who is with us

    def test_a_renewal_within_the_days_of_grace_is_no_leaving(self):
        self.subscribe(self.aurora, "2026-04-10")
        observed = self.observations(self.backtest())
        self.assertEqual(observed["Aurora", 3], (20, False))
        self.assertEqual(observed["Aurora", 4], (20, False))

    def test_who_came_back_much_later_had_left(self):
        self.subscribe(self.aurora, "2026-06-01")
        observed = self.observations(self.backtest())
        self.assertEqual(observed["Aurora", 3], (20, True))
        self.assertNotIn(("Aurora", 4), observed)

    def test_who_was_not_there_yet(self):
        late = self.customer("Late", march=1)
        late.subscription_ids.start_on = "2026-03-15"
        observed = self.observations(self.backtest())
        self.assertNotIn(("Late", 3), observed)
        self.assertIn(("Late", 4), observed)

    def test_without_subscriptions_from_the_first_fact_until_it_left(self):
        account = self.customer("Gone", march=1)
        account.subscription_ids.unlink()
        account.sudo().write({"state": "churned", "churned_on": "2026-03-25"})
        observed = self.observations(self.backtest())
        self.assertEqual(observed["Gone", 3], (10, True))
        self.assertNotIn(("Gone", 4), observed)

    # Setting up

    def test_months_of_which_it_is_not_known_who_left(self):
        """30 days and 30 of grace before July 15: May 1 is the last month."""
        backtest = self.backtest(period=(date(2026, 4, 1), date(2026, 12, 31)))
        self.assertEqual(
            {month for _name, month in self.observations(backtest)}, {4, 5}
        )
        with self.assertRaisesRegex(UserError, "long enough ago"):
            self.backtest(period=(date(2026, 6, 1), date(2026, 12, 31)))

    def test_period_as_a_number_of_months(self):
        backtest = self.backtest(period=2)
        self.assertEqual(
            {month for _name, month in self.observations(backtest)}, {4, 5}
        )

    def test_period_as_text(self):
        backtest = self.backtest(period=["2026-03-01", "2026-03-31"])
        self.assertEqual(self.months(backtest), {3})

    def test_nonsense_is_refused(self):
        for period in ("2026", ("x", "y"), (date(2026, 3, 1),)):
            with self.subTest(period), self.assertRaises(UserError):
                self.backtest(period=period)
        with self.assertRaises(UserError):
            self.card.with_user(self.specialist).backtest(30, 2, [("id", "=", 0)])
        with self.assertRaises(ValidationError):
            self.card.with_user(self.specialist).backtest(30, 2, [("nothing", "=", 0)])

    def test_what_was_made_stays(self):
        backtest = self.backtest()
        with self.assertRaises(UserError):
            backtest.days_before = 90
        with self.assertRaises(UserError):
            backtest.auc = 1
        self.assertIn("Use in test: 0 points at 0, 100 at 10", backtest.judged_by)

    # In the background

    def test_a_large_portfolio_is_judged_in_the_background(self):
        now = self.backtest()
        with patch.object(run, "SMALL", 1):
            later = self.backtest()
        self.assertEqual(later.state, "waiting")
        with self.at_time(self.NOW):
            self.assertTrue(later._step())
            self.assertEqual((later.state, later.progress), ("running", 50))
            with self.enter_registry_test_mode():
                self.env.ref(
                    "customer_success.ir_cron_backtest"
                ).method_direct_trigger()
        later.invalidate_recordset()
        self.assertEqual((later.state, later.progress), ("done", 100))
        self.assertEqual(self.observations(later), self.observations(now))
        self.assertEqual((later.auc, later.lead_days), (now.auc, now.lead_days))

    def test_one_that_fails_says_why_and_stops_no_other(self):
        with patch.object(run, "SMALL", 1):
            bad, good = self.backtest(), self.backtest()
        judge = run.CsHealthBacktest._judge

        def judge_or_fail(backtest, day):
            if backtest == bad:
                raise ValueError("nobody foresaw this")
            return judge(backtest, day)

        with (
            patch.object(run.CsHealthBacktest, "_judge", judge_or_fail),
            self.at_time(self.NOW),
            self.enter_registry_test_mode(),
            self.assertLogs(run.__name__, "ERROR"),
        ):
            self.env.ref("customer_success.ir_cron_backtest").method_direct_trigger()
        (bad | good).invalidate_recordset()
        self.assertEqual((bad.state, good.state), ("failed", "done"))
        self.assertIn("nobody foresaw this", bad.failure)

    def test_stopped_it_can_be_changed_and_run_again(self):
        with patch.object(run, "SMALL", 1):
            backtest = self.backtest()
        with self.at_time(self.NOW):
            backtest._step()
            backtest.action_stop()
            self.assertFalse(self.observations(backtest))
            backtest.days_before = 60
            backtest.action_run()
        self.assertEqual(backtest.state, "done")

    # Two beside each other

    def test_two_scorecards_side_by_side(self):
        blunt = self.make_card("Blunt", yellow_from=0, green_from=0)
        first, second = self.backtest(), self.backtest(blunt)
        action = (first | second).with_user(self.manager).action_compare()
        comparison = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((comparison.first_id, comparison.second_id), (first, second))
        rows = {line.name: (line.first, line.second) for line in comparison.line_ids}
        self.assertEqual(rows["AUC"], ("0.778", "0.778"))
        self.assertEqual(rows["Of them, warned of"], ("2", "0"))
        self.assertFalse(comparison.is_unlike)
        self.assertIn("only the first of 2, only the second of 0", comparison.verdict)
        self.assertEqual(rows["Precision (%)"], ("66.7", "–"))
        self.assertEqual(len(comparison.curves["series"]), 2)

    def test_unlike_settings_are_said(self):
        comparison = self.env["cs.health.backtest.comparison"].create(
            {
                "first_id": self.backtest().id,
                "second_id": self.backtest(days_before=60).id,
            }
        )
        self.assertTrue(comparison.is_unlike)

    def test_nothing_to_compare_with(self):
        self.env["cs.health.backtest"].search([]).unlink()
        with self.assertRaisesRegex(UserError, "no other back-test"):
            self.backtest().action_compare()

    def test_of_another_company_nothing_is_compared(self):
        other = self.env["res.company"].create({"name": "Other"})
        first, second, far = self.backtest(), self.backtest(), self.backtest()
        far.sudo().company_id = other
        self.env.flush_all()
        comparisons = self.env["cs.health.backtest.comparison"].with_user(self.manager)
        with self.assertRaises(AccessError):
            comparisons.create({"first_id": far.id, "second_id": first.id})
        comparison = comparisons.create({"first_id": first.id, "second_id": second.id})
        with self.assertRaises(AccessError):
            comparison.second_id = far
            self.env.flush_all()

    def test_the_day_of_leaving_warns_nobody(self):
        late = self.customer("Late", "2026-04-01", march=8, april=1)
        backtest = self.backtest()
        observed = self.observations(backtest)
        self.assertNotIn(("Late", 4), observed)
        self.assertEqual(observed["Late", 3][0], 80)
        of_late = backtest.customer_ids.filtered(lambda one: one.account_id == late)
        self.assertFalse(of_late.is_warned)

    def test_numbers_that_are_none_are_refused(self):
        card = self.card.with_user(self.specialist)
        for days_before, period in (
            ("30", 3),
            (None, 3),
            (True, 3),
            (0, 3),
            (10**9, 3),
            (30, 10**9),
            (30, 0),
            (30, True),
        ):
            with (
                self.subTest(days=days_before, period=period),
                self.assertRaises(UserError),
            ):
                card.backtest(days_before, period, self.scope)

    # Who may

    def test_who_may(self):
        backtest = self.backtest()
        with self.assertRaises(AccessError):
            self.backtest(user=self.manager)
        with self.assertRaises(AccessError):
            self.backtest(user=self.csm)
        self.assertEqual(backtest.with_user(self.manager).auc, backtest.auc)
        self.assertTrue(backtest.with_user(self.manager).customer_ids)
        with self.assertRaises(AccessError):
            backtest.with_user(self.csm).read(["auc"])

    def test_only_customers_of_its_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.customer("Stranger", march=1)
        stranger.sudo()._write({"company_id": other.id})
        stranger.invalidate_recordset()
        self.assertNotIn(("Stranger", 3), self.observations(self.backtest()))

    def test_a_month_costs_no_more_queries_for_more_customers(self):
        self.backtest()
        accounts = [self.customer(f"More {number}", march=3) for number in range(30)]
        self.assertTrue(accounts)
        with self.assertQueryCount(200):
            self.backtest()
