from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .health_common import HealthCase

quickly = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
nps = st.none() | st.integers(0, 10)
users = st.none() | st.integers(0, 60)
tasks = st.none() | st.integers(0, 9)
START = datetime(2026, 3, 2, 12)


class TestHealthProperties(HealthCase):
    """What holds of every verdict, whatever the values."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rich = cls.make_card(
            "Rich",
            cls.measure("nps", 33.33, 0, 10),
            cls.measure("nps", 7, 4, 9, max_age_days=20),
            cls.measure("active_users", 21.7, -50, 0, basis="change_pct"),
            cls.measure("active_users", 11, -5, 20, basis="change", window_days=45),
            cls.measure(
                "active_users",
                5,
                0,
                3,
                basis="ratio",
                per_metric_id=cls.metric("employees").id,
            ),
            cls.measure("overdue_tasks", 13, 4, 0, when_missing="neutral"),
            cls.measure("last_interaction", 9, 60, 7),
            cls.measure("renewal", 4, 0, 40),
            cap_ids=[
                cls.cap("overdue_tasks", ">", 6, 45),
                cls.cap("last_interaction", ">", 20, 62.5),
                cls.cap("active_users", "<", -30, 50, basis="change_pct"),
            ],
            min_coverage=30,
        )

    def account_with(self, at=START, **facts):
        account = self.make_account()
        known = {key: value for key, value in facts.items() if value is not None}
        if known:
            self.record(account, at=at, **known)
        return account

    @quickly
    @given(nps, users, users, tasks)
    @example(7, 37, 31, 3)
    def test_contributions_sum_to_the_score(self, nps, before, after, overdue):
        account = self.account_with(nps=nps, overdue_tasks=overdue, active_users=before)
        later = START + timedelta(days=31)
        if after is not None:
            self.record(account, at=later, active_users=after, employees=7)
        for card in (self.card, self.rich):
            row = self.verdict(account, later + timedelta(hours=1), card)
            self.assertEqual(self.total(row["lines"]), row["score"])
            for line in row["lines"]:
                self.assertEqual(line["contribution"], round(line["contribution"], 1))

    @quickly
    @given(st.tuples(nps, users, tasks), st.tuples(nps, users, tasks))
    def test_two_explanations_differ_by_the_change(self, first, second):
        account = self.make_account()
        ends = []
        for days, facts in ((0, first), (40, second)):
            moment = START + timedelta(days=days)
            with self.at_time(moment):
                keys = ("nps", "active_users", "overdue_tasks")
                self.record(account, at=moment, **dict(zip(keys, facts, strict=True)))
                account._score()
                account.invalidate_recordset()
                ends.append((moment, account.health_score, account.explain_health()))
        (since, score, lines), (until, later, later_lines) = ends
        self.assertEqual(self.total(lines), score)
        self.assertEqual(self.total(later_lines), later)
        change = account.explain_change(since, until)
        self.assertEqual(self.total(change), round(later - score, 1))
        for move in change:
            brought = [
                sum(one["contribution"] for one in end if one["measure"] == name)
                for end in (lines, later_lines)
                for name in [move["measure"]]
            ]
            self.assertAlmostEqual(move["contribution"], brought[1] - brought[0], 6)

    @quickly
    @given(nps, users, tasks, st.floats(0.1, 50))
    def test_scaling_all_weights_changes_nothing(self, nps, use, overdue, factor):
        account = self.account_with(nps=nps, active_users=use, overdue_tasks=overdue)
        factor = round(factor, 1)
        scaled = self.rich.copy({"name": "Scaled"})
        for measure in scaled.measure_ids:
            # Weights have two decimals: those of the first card have one too many.
            measure.weight = measure.weight * 10
        weights = {one: one.weight for one in scaled.measure_ids}
        before = self.verdict(account, START + timedelta(hours=1), scaled)
        for measure, weight in weights.items():
            measure.weight = weight * factor
        after = self.verdict(account, START + timedelta(hours=1), scaled)
        for key in ("score", "band", "coverage"):
            self.assertEqual(before[key], after[key])
        self.assertEqual(
            [line["contribution"] for line in before["lines"]],
            [line["contribution"] for line in after["lines"]],
        )

    @quickly
    @given(nps, users, tasks, st.integers(0, 10), st.integers(0, 10))
    def test_a_better_value_never_lowers_the_score(self, nps, use, overdue, one, two):
        facts = {"active_users": use, "overdue_tasks": overdue}
        worse, better = (
            self.verdict(
                self.account_with(nps=value, **facts),
                START + timedelta(hours=1),
                self.rich,
            )
            for value in sorted((one, two))
        )
        self.assertLessEqual(worse["score"], better["score"])

    @quickly
    @given(
        st.integers(0, 10),
        st.integers(0, 60),
        st.integers(0, 9),
        st.sampled_from(("nps", "active_users", "overdue_tasks")),
    )
    @example(10, 40, 9, "overdue_tasks")
    @example(0, 40, 0, "nps")
    def test_what_goes_missing_never_makes_it_green(self, nps, use, overdue, gone):
        account = self.account_with(active_users=30)
        later = START + timedelta(days=31)
        facts = {"nps": nps, "active_users": use, "overdue_tasks": overdue}
        self.record(account, at=later, last_interaction="2026-03-20", **facts)
        cards = (self.card, self.rich)
        moments = [later + timedelta(hours=hours) for hours in (1, 3)]
        before = [self.verdict(account, moments[0], card) for card in cards]
        self.record(account, at=later + timedelta(hours=2), **{gone: None})
        for card, known in zip(cards, before, strict=True):
            missing = self.verdict(account, moments[1], card)
            if known["band"] != "green":
                self.assertNotEqual(missing["band"], "green")

    @quickly
    @given(st.integers(0, 10), users, tasks)
    def test_stale_is_as_missing(self, nps, use, overdue):
        """A value of NPS is stale after 180 days, one that was taken back is none."""
        now = START + timedelta(days=200)
        rest = {"active_users": use, "overdue_tasks": overdue}
        stale, missing = self.account_with(nps=nps), self.account_with(nps=nps)
        self.record(missing, at=now - timedelta(days=2), nps=None)
        for account in (stale, missing):
            known = {key: value for key, value in rest.items() if value is not None}
            if known:
                self.record(account, at=now - timedelta(days=1), **known)
        first, second = (
            self.verdict(account, now, self.card) for account in (stale, missing)
        )
        for key in ("score", "band", "coverage", "band_reason"):
            self.assertEqual(first[key], second[key])

    @quickly
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 40),
                st.sampled_from(
                    ("nps", "active_users", "overdue_tasks", "employees", "dates", "")
                ),
                st.none() | st.integers(0, 12),
                st.integers(0, 50),
            ),
            min_size=2,
            max_size=7,
        )
    )
    def test_who_is_not_judged_anew_would_be_judged_the_same(self, days):
        """Time passes, facts come, late ones too: what stands is what is true.

        The account keeps what the run before wrote wherever this run skips it.
        """
        self.card.is_default = False
        self.env.flush_all()
        self.rich.is_default = True
        account, moment = self.make_account(), START
        for wait, key, value, late in days:
            moment += timedelta(days=wait, hours=7)
            with self.at_time(moment):
                at = moment - timedelta(days=late)
                if key == "dates":
                    day = (at - timedelta(days=value or 0)).date().isoformat()
                    later = (at + timedelta(days=3 * (value or 0))).date().isoformat()
                    self.record(account, at=at, last_interaction=day, renewal=later)
                elif key:
                    self.record(account, at=at, **{key: value})
                account._score()
                account.invalidate_recordset()
                row = self.verdict(account, moment)
                self.assertEqual(
                    (account.health_score, account.health_band),
                    (row["score"], row["band"]),
                )
                self.assertAlmostEqual(account.health_coverage, row["coverage"], 1)
                trend = account.health_trend
                self.env["cs.account"]._forget_verdicts(account)
                self.assertEqual(account._score(), 0)
                account.invalidate_recordset()
                self.assertEqual(account.health_trend, trend)
        self.rich.is_default = False
        self.env.flush_all()
        self.card.is_default = True

    @quickly
    @given(
        st.lists(
            st.tuples(st.integers(1, 40), nps, users, tasks), min_size=1, max_size=5
        )
    )
    def test_the_past_replayed_is_the_snapshot_of_that_day(self, days):
        account, moment = self.make_account(), START
        for wait, *facts in days:
            moment += timedelta(days=wait)
            with self.at_time(moment):
                keys = ("nps", "active_users", "overdue_tasks")
                self.record(account, at=moment, **dict(zip(keys, facts, strict=True)))
                account._score()
        # What comes true later does not move a verdict on the past.
        self.record(account, at=moment + timedelta(days=1), nps=0, overdue_tasks=9)
        for snapshot in self.snapshots(account):
            row = self.verdict(account, snapshot.at)
            self.assertEqual(
                (row["score"], row["band"], row["scorecard_id"]),
                (snapshot.score, snapshot.band, snapshot.scorecard_id.id),
            )
