from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError

from .common import CsCase

START = date(2026, 1, 1)


class TestValue(CsCase):
    """Time to value, and the cycle of value perception."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_account("Padaria Aurora", csm_id=cls.csm.id)
        cls.subscribe(START)

    @classmethod
    def subscribe(cls, start_on, end_on=False):
        cls.env["cs.subscription"].create(
            {
                "account_id": cls.account.id,
                "name": "Expenses",
                "mrr": 900,
                "start_on": start_on,
                "end_on": end_on,
            }
        )

    def moment(self, day=None, outcome="achieved", moment=True, name="Value"):
        """Make an objective; decided on a day where one is given."""
        return self.env["cs.objective"].create(
            {
                "account_id": self.account.id,
                "name": name,
                "is_value_moment": moment,
                "outcome": outcome if day else False,
                "outcome_on": day,
            }
        )

    def figures(self):
        account = self.account
        if not account.first_value_on:
            self.assertEqual((account.ttv_days, account.cpv_days), (0, 0))
            return None, None
        return account.ttv_days, account.cpv_days or None

    def test_days_from_the_contract_to_the_first_value(self):
        self.assertEqual(self.figures(), (None, None))
        self.moment()
        self.assertEqual(self.figures(), (None, None))
        self.moment(date(2026, 2, 10))
        self.assertEqual(self.figures(), (40, None))
        self.moment(date(2026, 3, 12))
        self.assertEqual(self.figures(), (40, 30))
        self.moment(date(2026, 3, 12))  # one more on the same day
        self.assertEqual(self.figures(), (40, 30))
        self.moment(date(2026, 3, 23))
        self.assertEqual(self.figures(), (40, 20.5))

    def test_only_what_was_achieved_and_is_a_moment_of_value(self):
        for outcome in ("partly", "missed", "cancelled"):
            self.moment(date(2026, 1, 5), outcome)
        self.moment(date(2026, 1, 5), moment=False)
        self.assertEqual(self.figures(), (None, None))

    def test_the_buttons_and_what_is_taken_back(self):
        one = self.moment()
        with self.at_time("2026-02-10 15:00:00"):
            one.with_user(self.csm).action_achieved()
        self.assertEqual(self.figures(), (40, None))
        one.with_user(self.csm).action_reopen()
        self.assertEqual(self.figures(), (None, None))
        with self.at_time("2026-03-02 15:00:00"):
            one.with_user(self.csm).action_achieved()
        self.assertEqual(self.figures(), (60, None))
        one.outcome_on = date(2026, 2, 20)
        self.assertEqual(self.figures(), (50, None))
        one.is_value_moment = False
        self.assertEqual(self.figures(), (None, None))
        one.is_value_moment = True
        one.unlink()
        self.assertEqual(self.figures(), (None, None))

    def test_reached_on_the_first_day_or_before_is_no_time_at_all(self):
        self.moment(START)
        self.assertEqual(self.figures(), (0, None))
        self.assertTrue(self.account.first_value_on)
        self.moment(date(2025, 12, 1))  # on trial
        self.assertEqual(self.figures(), (0, None))
        self.moment(date(2026, 1, 11))
        self.assertEqual(self.figures(), (0, 10))

    def test_who_comes_back_counts_anew(self):
        self.account.subscription_ids.end_on = date(2026, 3, 31)
        self.moment(date(2026, 2, 10))
        self.assertEqual(self.figures(), (40, None))
        self.subscribe(date(2026, 8, 1))
        self.env["cs.account"]._refresh_value(self.account)
        self.assertEqual(self.figures(), (None, None))
        self.moment(date(2026, 5, 1))  # while it was away
        self.assertEqual(self.figures(), (None, None))
        self.moment(date(2026, 8, 21))
        self.assertEqual(self.figures(), (20, None))

    def test_an_earlier_contract_is_seen_at_night(self):
        self.moment(date(2026, 2, 10))
        self.account.subscription_ids.start_on = date(2025, 12, 31)
        with self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_score").method_direct_trigger()
        self.account.invalidate_recordset()
        self.assertEqual(self.figures(), (41, None))

    def test_why(self):
        self.assertIn("Mark the objective", self.account.value_explanation)
        self.moment()
        self.account.invalidate_recordset()
        self.assertIn("01/01/2026", self.account.value_explanation)
        self.assertIn("No moment of value", self.account.value_explanation)
        self.moment(date(2026, 2, 10), name="Closed in five days")
        self.moment(date(2026, 3, 12), name="Nobody overdue")
        why = self.account.with_user(self.csm).value_explanation
        first, since = why.splitlines()
        self.assertIn("40 days from 01/01/2026", first)
        self.assertIn("Closed in five days", first)
        self.assertIn("every 30.0 days", since)
        self.assertIn("Nobody overdue", since)

    def test_nobody_writes_it_by_hand(self):
        for name in ("ttv_days", "cpv_days", "first_value_on"):
            with self.subTest(name), self.assertRaises(UserError):
                self.account.with_user(self.manager).write({name: False})

    def test_the_mean_leaves_out_who_perceived_no_value(self):
        self.make_account("Without value")
        self.moment(date(2026, 2, 10))
        [(mean,)] = self.env["cs.account"]._read_group(
            [("id", "in", (self.account | self.make_account("New")).ids)],
            [],
            ["ttv_days:avg"],
        )
        self.assertEqual(mean, 40)

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(-20, 90),
                st.sampled_from(["achieved", "partly", "missed", "cancelled"]),
                st.booleans(),
            ),
            max_size=8,
        )
    )
    def test_as_a_person_would_count(self, objectives):
        with self.env.cr.savepoint(flush=True) as savepoint:
            for offset, outcome, moment in objectives:
                self.moment(START + timedelta(days=offset), outcome, moment)
            days = sorted(
                {
                    max(offset, 0)
                    for offset, outcome, moment in objectives
                    if moment and outcome == "achieved"
                }
            )
            gaps = [after - before for before, after in pairwise(days)]
            self.account.invalidate_recordset()
            ttv, cpv = self.figures()
            self.assertEqual(ttv, days[0] if days else None)
            expected = sum(gaps) / len(gaps) if gaps else 0
            self.assertAlmostEqual(cpv or 0, expected, delta=0.051)
            savepoint.rollback()
