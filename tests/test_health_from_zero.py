from datetime import datetime, timedelta

from .health_common import HealthCase

BEFORE = datetime(2026, 3, 1, 12)
NOW = BEFORE + timedelta(days=31)


class TestHealthFromZero(HealthCase):
    """What grew out of nothing is growth, what is divided by 0 is no figure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.use = cls.make_card(
            "Use", cls.measure("active_users", 1, -50, 20, basis="change_pct")
        )
        cls.tickets = cls.make_card(
            "Tickets", cls.measure("tickets_30d", 1, 100, 0, basis="change_pct")
        )
        cls.ratio = cls.make_card(
            "Ratio",
            cls.measure("nps", 1, 0, 10),
            cls.measure(
                "active_users",
                1,
                0,
                2,
                basis="ratio",
                per_metric_id=cls.metric("employees").id,
            ),
        )

    def changed(self, card, key, before, after):
        account = self.make_account()
        self.record(account, at=BEFORE, **{key: before})
        self.record(account, at=NOW - timedelta(days=1), **{key: after})
        return self.verdict(account, NOW, card)

    def test_growth_from_nothing_is_the_best_of_growths(self):
        row = self.changed(self.use, "active_users", 0, 1)
        self.assertEqual((row["score"], row["band"]), (100, "green"))
        self.assertEqual(row["coverage"], 100)

    def test_nothing_that_stays_nothing_has_not_changed(self):
        row = self.changed(self.use, "active_users", 0, 0)
        self.assertEqual(row["lines"][0]["value"], 0)
        self.assertEqual(row["score"], 71.4)

    def test_below_zero_is_the_worst_of_falls(self):
        row = self.changed(self.use, "active_users", 0, -1)
        self.assertEqual((row["score"], row["band"]), (0, "red"))

    def test_where_less_is_better_it_is_the_worst(self):
        row = self.changed(self.tickets, "tickets_30d", 0, 1)
        self.assertEqual((row["score"], row["band"]), (0, "red"))

    def test_it_is_said_in_words(self):
        measure = self.use.measure_ids
        up = self.changed(self.use, "active_users", 0, 5)["lines"][0]["value"]
        down = self.changed(self.use, "active_users", 0, -5)["lines"][0]["value"]
        self.assertEqual(measure._seen_in_words(up), "up from 0")
        self.assertEqual(measure._seen_in_words(down), "down from 0")

    def test_a_condition_sees_the_rise(self):
        account = self.make_account()
        self.record(account, at=BEFORE, active_users=0)
        self.record(account, at=NOW - timedelta(days=1), active_users=3)
        self.use.cap_ids = [
            self.cap("active_users", ">", 50, 33, basis="change_pct"),
            self.cap("active_users", "<=", -30, 11, basis="change_pct"),
        ]
        row = self.verdict(account, NOW, self.use)
        self.assertEqual(row["score"], 33)
        cap = self.use.cap_ids[0]
        self.assertIn("up from 0", cap._answer(row["lines"][1]["value"]))

    def test_divided_by_nothing_it_is_unknown_and_not_lost(self):
        account = self.make_account()
        self.record(account, at=BEFORE, nps=10, active_users=5, employees=0)
        row = self.verdict(account, BEFORE + timedelta(days=1), self.ratio)
        self.assertEqual((row["score"], row["band"]), (100, "green"))
        self.assertEqual((row["coverage"], row["band_reason"]), (50, None))

    def test_a_divisor_that_went_missing_is_lost(self):
        account = self.make_account()
        self.record(account, at=BEFORE, nps=10, active_users=5, employees=5)
        self.record(account, at=NOW, employees=None)
        row = self.verdict(account, NOW + timedelta(hours=1), self.ratio)
        self.assertEqual(row["band_reason"], "lost")
