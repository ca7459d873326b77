from datetime import datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from .health_common import HealthCase

thoroughly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
BEFORE = datetime(2026, 3, 2, 12)
NOW = BEFORE + timedelta(days=31)
BANDS = ("unknown", "red", "yellow", "green")
#: What a customer may be, by metric: from the worst value to the best one.
RANGES = {
    "nps": range(11),
    "active_users": range(61),
    "savings": range(-40, 41),
    "volume_invoices": range(31),
    "tickets_open": range(12, -1, -1),
    "overdue_invoices": range(9, -1, -1),
    "last_interaction": range(70, -1, -1),
    "renewal": range(-10, 91),
    "single_contact": (1, 0),
}
DATES = {"last_interaction": -1, "renewal": 1}
known = {key: st.sampled_from(list(values)) for key, values in RANGES.items()}
rests = st.fixed_dictionaries({key: st.none() | one for key, one in known.items()})
starts = st.fixed_dictionaries(
    {key: st.sampled_from((None, 0)) | known[key] for key in RANGES if key not in DATES}
)
pairs = st.sampled_from(list(RANGES)).flatmap(
    lambda key: st.tuples(st.just(key), known[key], known[key])
)
divisors = st.none() | st.integers(0, 20)
ages = st.none() | st.integers(0, 400)
cards = st.sampled_from(("skip", "zero", "neutral"))
NOTHING = dict.fromkeys(RANGES)
BEST = {key: values[-1] for key, values in RANGES.items()}


class TestHealthBetter(HealthCase):
    """Whatever is looked at, and however: better is never worse, gone never green."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        per_employee = {
            "basis": "ratio",
            "per_metric_id": cls.metric("employees").id,
        }
        cls.cards = {
            missing: cls.make_card(
                missing,
                *(
                    cls.measure(*measure, when_missing=missing, **values)
                    for *measure, values in (
                        ("nps", 20, 0, 10, {"max_age_days": 20}),
                        ("active_users", 15, -8, 12, {"basis": "change"}),
                        ("active_users", 9, 0, 3, per_employee),
                        ("savings", 21, -50, 80, {"basis": "change_pct"}),
                        ("savings", 4, -2, 2, per_employee),
                        ("volume_invoices", 18, -50, 25, {"basis": "change_pct"}),
                        ("tickets_open", 13, 100, -20, {"basis": "change_pct"}),
                        ("tickets_open", 6, 2, 0, per_employee),
                        ("overdue_invoices", 7, 4, 0, {"months_from": 3}),
                        ("volume_invoices", 5, 0, 9, {"months_to": 4}),
                        ("last_interaction", 11, 60, 7, {}),
                        ("renewal", 10, 0, 60, {}),
                        ("single_contact", 3, 1, 0, {}),
                    )
                ),
                cap_ids=[
                    cls.cap("tickets_open", ">=", 9, 66),
                    cls.cap("last_interaction", ">", 45, 72.5),
                    cls.cap("renewal", "<", 0, 58),
                    cls.cap("single_contact", "=", 1, 85),
                    cls.cap("active_users", "<", -30, 50, basis="change_pct"),
                    cls.cap("savings", "<=", -20, 61, basis="change"),
                    cls.cap("volume_invoices", "<", 0.2, 77, **per_employee),
                ],
                min_coverage=20,
                grace_days=30,
            )
            for missing in ("skip", "zero", "neutral")
        }

    def customer(self, start, rest, divisor, age):
        """Make a customer with values of a month ago and of now; None: unknown."""
        account = self.make_account()
        self.tell(account, BEFORE, start)
        self.tell(account, NOW - timedelta(days=1), rest)
        tenure = None
        if age is not None:
            tenure = (NOW - timedelta(days=age)).date().isoformat()
        self.tell(account, BEFORE, {"employees": divisor, "tenure": tenure})
        return account

    def tell(self, account, at, facts):
        self.record(
            account,
            at=at,
            **{
                key: (NOW + timedelta(days=DATES[key] * value)).date().isoformat()
                if key in DATES
                else value
                for key, value in facts.items()
                if value is not None
            },
        )

    @thoroughly
    @given(cards, st.tuples(starts, rests, divisors, ages), pairs)
    @example("skip", (NOTHING | {"savings": 0}, NOTHING, 1, 90), ("savings", -3, 0))
    @example("skip", (NOTHING | {"savings": 0}, NOTHING, 1, 90), ("savings", 0, 1))
    @example("zero", (NOTHING | {"savings": -9}, NOTHING, None, 9), ("savings", -9, 2))
    @example("zero", ({"tickets_open": 0}, NOTHING, 3, 90), ("tickets_open", 1, 0))
    @example("neutral", (NOTHING, NOTHING, 0, None), ("active_users", 3, 9))
    @example("skip", (NOTHING, NOTHING, 0, 200), ("single_contact", 1, 0))
    def test_better_is_never_worse(self, card, customer, pair):
        start, rest, divisor, age = customer
        key, *values = pair
        order = list(RANGES[key]).index
        worse, better = (
            self.verdict(
                self.customer(start, rest | {key: value}, divisor, age),
                NOW,
                self.cards[card],
            )
            for value in sorted(values, key=order)
        )
        self.assertEqual(worse["coverage"], better["coverage"])
        self.assertLessEqual(worse["score"], better["score"])
        self.assertLessEqual(BANDS.index(worse["band"]), BANDS.index(better["band"]))

    @thoroughly
    @given(
        cards,
        st.tuples(
            starts,
            st.fixed_dictionaries(known),
            st.integers(1, 20),
            st.integers(0, 400),
        ),
        st.sampled_from((*RANGES, "employees", "tenure")),
    )
    @example("skip", (NOTHING, BEST | {"overdue_invoices": 9}, 1, 200), "tenure")
    @example("skip", (NOTHING, BEST, 1, 5), "tenure")
    def test_gone_is_never_green(self, card, customer, gone):
        account = self.customer(*customer)
        before = self.verdict(account, NOW, self.cards[card])
        self.record(account, at=NOW + timedelta(hours=1), **{gone: None})
        after = self.verdict(account, NOW + timedelta(hours=2), self.cards[card])
        if before["band"] != "green":
            self.assertNotEqual(after["band"], "green")
