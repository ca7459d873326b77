from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from .common import CsCase


class ObjectiveCase(CsCase):
    """Objectives agreed on 2 March 2026, for the end of June."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_account("Padaria Aurora", csm_id=cls.csm.id)

    def objective(self, metric="csat", account=None, on="2026-03-02", **values):
        values = {
            "account_id": (account or self.account).id,
            "name": "Happy users",
            "metric_id": metric
            and self.env.ref(f"customer_success.cs_metric_{metric}").id,
            "baseline": 2,
            "target": 4,
            "due_on": date(2026, 6, 30),
            **values,
        }
        with self.at_time(f"{on} 15:00:00"):
            return self.env["cs.objective"].create(values)

    def night(self, day):
        """Judge as the night before a day does: at 02:00 in São Paulo."""
        with self.at_time(f"{day} 05:00:00"):
            return self.env["cs.objective"]._judge()

    def fact(self, at, account=None, **facts):
        with self.at_time("2026-12-01 12:00:00"):
            at = fields.Datetime.to_datetime(f"{at} 15:00:00")
            self.record(account or self.account, at, **facts)


class TestObjectiveJudged(ObjectiveCase):
    """The facts decide each night on objectives that are read from a metric."""

    def test_reached_is_achieved_on_the_day_it_was_true(self):
        one = self.objective()
        self.fact("2026-03-10", csat=3.9)
        self.assertFalse(self.night("2026-03-11"))
        self.fact("2026-04-10", csat=4)
        self.assertEqual(self.night("2026-04-13"), one)
        self.assertEqual((one.outcome, one.outcome_on), ("achieved", date(2026, 4, 10)))
        self.assertIn("CSAT answer", one.message_ids[0].body)
        self.assertFalse(self.night("2026-04-14"))

    def test_who_follows_the_customer_celebrates(self):
        one = self.objective()
        self.fact("2026-04-10", csat=5)
        self.night("2026-04-11")
        self.assertEqual(one.activity_ids.user_id, self.csm)
        to_celebrate = [("outcome", "=", "achieved"), ("celebrated_on", "=", False)]
        mine = self.env["cs.objective"].with_user(self.csm)
        self.assertIn(one, mine.search(to_celebrate))
        one.with_user(self.csm).action_celebrated()
        self.assertTrue(one.celebrated_on)
        self.assertFalse(one.activity_ids)

    def test_what_was_true_before_it_was_agreed_counts_from_then(self):
        self.fact("2026-02-20", csat=5)
        one = self.objective(baseline=5)
        self.night("2026-03-05")
        self.assertEqual(one.outcome_on, date(2026, 3, 2))

    def test_the_due_day_is_still_in_time(self):
        short, enough = self.objective(), self.objective("ces")
        self.fact("2026-06-20", csat=3.5)
        self.fact("2026-06-30", ces=4)
        self.night("2026-06-30")
        self.assertFalse(short.outcome)
        self.night("2026-07-01")
        self.assertEqual(
            (short.outcome, short.outcome_on), ("partly", date(2026, 7, 1))
        )
        self.assertEqual(
            (enough.outcome, enough.outcome_on), ("achieved", date(2026, 6, 30))
        )

    def test_what_came_after_the_due_day_is_late(self):
        one = self.objective()
        self.fact("2026-06-20", csat=2.5)
        self.fact("2026-07-02", csat=5)
        self.night("2026-07-03")
        self.assertEqual(one.outcome, "missed")

    def test_half_the_way_is_partly(self):
        half = self.objective(baseline=0, target=4)
        less = self.objective(baseline=0, target=4.02)
        self.fact("2026-06-20", csat=2)
        self.night("2026-07-01")
        self.assertEqual((half.outcome, less.outcome), ("partly", "missed"))
        (half | less).invalidate_recordset(["progress"])
        self.assertEqual((half.progress, less.progress < 50), (50, True))

    def test_lower_is_better(self):
        days = self.objective("last_interaction", baseline=60, target=30)
        self.assertFalse(days.is_higher_better)
        with self.at_time("2026-06-20 12:00:00"):
            self.record(self.account, last_interaction="2026-05-16")
        # 45 days on the due day: half the way from 60 to 30.
        self.night("2026-07-01")
        self.assertEqual(days.outcome, "partly")
        again = self.objective("last_interaction", baseline=60, target=46)
        self.night("2026-06-30")
        self.assertEqual((again.outcome, again.outcome_on.day), ("achieved", 30))

    def test_a_baseline_beyond_the_target_is_no_way_to_it(self):
        one = self.objective("last_interaction", baseline=0, target=5)
        with self.at_time("2026-06-20 12:00:00"):
            self.record(self.account, last_interaction="2026-06-10")
        with self.at_time("2026-06-30 12:00:00"):
            self.assertEqual(one.progress, 0)
        self.night("2026-07-01")
        self.assertEqual(one.outcome, "missed")

    def test_unknown_and_stale_are_left_to_a_person(self):
        unknown, stale = self.objective("ces"), self.objective("csat")
        self.fact("2026-03-20", csat=5)  # stale after 90 days
        self.assertFalse(self.night("2026-07-01"))
        self.assertFalse((unknown | stale).filtered("outcome"))
        self.fact("2026-06-01", csat=None)
        self.assertFalse(self.night("2026-07-01"))
        unknown.with_user(self.csm).action_missed()
        self.assertEqual(unknown.outcome, "missed")

    def test_long_past_due_is_left_to_a_person(self):
        one = self.objective()
        self.fact("2026-06-20", csat=2)
        self.assertFalse(self.night("2026-08-05"))
        self.assertEqual(self.night("2026-08-04"), one)

    def test_what_is_nobodys_business_any_more_is_not_judged(self):
        cancelled, by_hand = self.objective(), self.objective(metric=False)
        by_hand.manual_value = 5
        cancelled.action_cancel()
        left = self.make_account("Left", state="churned")
        self.objective(account=left)
        self.fact("2026-06-20", csat=5)
        self.fact("2026-06-20", left, csat=5)
        self.assertFalse(self.night("2026-06-25"))
        self.assertFalse(self.night("2026-07-01"))

    def test_reopened_stays_open_until_the_facts_may_decide_again(self):
        one = self.objective()
        self.fact("2026-04-10", csat=4)
        self.night("2026-04-11")
        one.with_user(self.csm).action_reopen()
        self.assertFalse(self.night("2026-04-12"))
        one.with_user(self.csm).by_hand = False
        self.assertEqual(self.night("2026-04-13"), one)

    def test_the_night_of_the_whole_portfolio_judges_it(self):
        one = self.objective(due_on=False)
        with self.at_time("2026-04-10 12:00:00"):
            self.record(self.account, csat=5)
            with self.enter_registry_test_mode():
                self.env.ref("customer_success.ir_cron_score").method_direct_trigger()
        one.invalidate_recordset()
        self.assertEqual(one.outcome, "achieved")

    def test_so_many_customers_so_few_questions(self):
        accounts = self.make_accounts(40)
        for account in accounts:
            self.objective(account=account)
        self.objective()
        for account in accounts | self.account:
            self.fact("2026-06-20", account, csat=3)
        with self.at_time("2026-06-25 05:00:00"):
            judge = self.env["cs.objective"]._judge
            self.env.flush_all()
            judge()
            with self.assertQueryCount(7):
                judge(self.account)
            with self.assertQueryCount(7):
                judge(accounts)

    @settings(max_examples=8, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 8), st.integers(0, 8), st.integers(0, 8), st.booleans()
            ),
            min_size=20,
            max_size=20,
        )
    )
    def test_as_a_person_would_count(self, examples):
        with self.env.cr.savepoint(flush=True) as savepoint:
            accounts = self.make_accounts(len(examples))
            expected = []
            for account, (value, baseline, target, higher) in zip(
                accounts, examples, strict=True
            ):
                one = self.objective(
                    "csat",
                    account,
                    baseline=baseline,
                    target=target,
                    is_higher_better=higher,
                )
                one.is_higher_better = higher
                self.fact("2026-06-20", account, csat=value)
                expected.append((one, outcome_by_hand(value, baseline, target, higher)))
            self.night("2026-07-01")
            self.env.invalidate_all()
            for (one, outcome), example in zip(expected, examples, strict=True):
                self.assertEqual(one.outcome, outcome, example)
                half = one.progress >= 50
                self.assertEqual(half, outcome in ("achieved", "partly"), example)
            savepoint.rollback()


def outcome_by_hand(value, baseline, target, higher):
    """What the words say: reached, at least half of the way, or neither."""
    if not higher:
        value, baseline, target = -value, -baseline, -target
    if value >= target:
        return "achieved"
    if baseline < target and 2 * (value - baseline) >= target - baseline:
        return "partly"
    return "missed"


class TestObjectiveByHand(ObjectiveCase):
    """What a CSM writes, and may write."""

    def test_the_present_number_is_the_baseline(self):
        self.fact("2026-03-01", csat=2.5)
        objectives = self.env["cs.objective"].with_user(self.csm)
        form = Form(objectives.with_context(default_account_id=self.account.id))
        form.name = "Happy users"
        form.metric_id = self.env.ref("customer_success.cs_metric_csat")
        self.assertEqual(form.baseline, 2.5)
        form.target = 4
        self.assertEqual(form.save().baseline, 2.5)
        made = objectives.create(
            {
                "account_id": self.account.id,
                "name": "By another system",
                "metric_id": self.env.ref("customer_success.cs_metric_csat").id,
            }
        )
        self.assertEqual(made.baseline, 2.5)

    def test_not_decided_in_the_future(self):
        one = self.objective(metric=False)
        one.action_achieved()
        with self.assertRaises(ValidationError):
            one.outcome_on = date(2099, 1, 1)

    def test_own_customers_only(self):
        other = self.make_account("Mercado Boreal", csm_id=self.other_csm.id)
        one = self.objective(account=other)
        with self.assertRaises(AccessError):
            one.with_user(self.csm).action_achieved()
        one.with_user(self.manager).action_revalidated()
        self.assertTrue(one.revalidated_on)
