from .health_common import HealthCase


class TestHealthToday(HealthCase):
    """The form says of when things are, however long the score has stood still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.twins = cls.make_card(
            "Twins",
            cls.measure("nps", 1, 0, 10),
            cls.measure("mood", 1, 0, 10),
            cls.measure("last_interaction", 1, 90, 45),
            cap_ids=[cls.cap("mood", "<", 9, 65)],
        )
        cls.card.is_default = False
        cls.env.flush_all()
        cls.twins.is_default = True
        cls.account = cls.make_account()

    def setUp(self):
        super().setUp()
        self.judge("2026-03-02 12:00", nps=8, mood=6, last_interaction="2026-03-01")

    def judge(self, moment, **facts):
        with self.at_time(moment):
            self.record(self.account, **facts)
            changed = self.account._score()
        self.account.invalidate_recordset()
        return changed

    def explained(self, moment):
        with self.at_time(moment):
            lines = self.account.explain_health()
            self.account.invalidate_recordset()
            shown = self.account.health_explanation
        self.assertEqual(self.total(lines), self.account.health_score)
        self.assertEqual(self.total(shown["lines"]), self.account.health_score)
        by_name = {(line["kind"], line["measure"]): line for line in lines}
        shown = {(line["kind"], line["measure"]): line for line in shown["lines"]}
        return by_name, shown

    def measured(self, lines, word):
        [line] = [
            line
            for (kind, name), line in lines.items()
            if kind == "measure" and word in name
        ]
        return line

    def test_a_value_confirmed_is_as_young_as_its_confirmation(self):
        self.assertEqual(self.judge("2026-03-20 12:00", nps=8), 0)
        lines, shown = self.explained("2026-03-21 13:00")
        self.assertEqual(self.measured(lines, "NPS")["age_days"], 1)
        self.assertEqual(self.measured(shown, "NPS")["age_days"], 1)
        self.assertEqual(self.measured(lines, "Mood")["age_days"], 19)
        self.assertFalse(self.measured(shown, "NPS")["newer"])

    def test_days_go_on_while_the_points_stand(self):
        lines, shown = self.explained("2026-03-21 13:00")
        line = self.measured(lines, "interaction")
        self.assertEqual((line["value"], line["points"]), (20, 100))
        self.assertIn("20", self.measured(shown, "interaction")["seen"])

    def test_values_that_outweigh_each_other(self):
        """The score stands, so its lines do: what is seen since stands beside them."""
        self.assertEqual(self.judge("2026-03-20 12:00", nps=6, mood=8), 0)
        lines, shown = self.explained("2026-03-21 13:00")
        nps = self.measured(lines, "NPS")
        self.assertEqual((nps["value"], nps["points"], nps["age_days"]), (8, 80, 19))
        self.assertIn("6", self.measured(shown, "NPS")["newer"])
        self.assertIn("8", self.measured(shown, "Mood")["newer"])
        self.assertFalse(self.measured(shown, "interaction")["newer"])

    def test_what_is_not_judged_yet(self):
        self.record(self.account, nps=None)
        with self.at_time("2026-03-03 12:00"):
            self.record(self.account, mood=10)
        lines, shown = self.explained("2026-03-03 13:00")
        self.assertEqual(self.measured(lines, "Mood")["value"], 6)
        self.assertIn("10", self.measured(shown, "Mood")["newer"])
        [cap] = [line for (kind, _name), line in shown.items() if kind == "cap"]
        self.assertIn("10", cap["newer"])

    def test_what_became_stale(self):
        _lines, shown = self.explained("2027-03-03 13:00")
        self.assertEqual(self.measured(shown, "NPS")["newer"], "unknown")

    def test_the_past_is_told_as_of_then(self):
        self.judge("2026-03-20 12:00", nps=8)
        with self.at_time("2026-04-01 12:00"):
            lines = self.account.explain_health(self.env["cs.account"]._today())
            then = self.account.explain_health("2026-03-10 12:00:00")
        ages = [
            line["age_days"]
            for one in (lines, then)
            for line in one
            if "NPS" in line["measure"]
        ]
        self.assertEqual(ages, [12, 8])

    def test_yesterday_evening_is_not_today(self):
        with self.at_time("2026-03-20 23:00"):
            self.record(self.account, nps=8)
        lines, shown = self.explained("2026-03-21 11:00")
        self.assertEqual(self.measured(lines, "NPS")["age_days"], 0)
        self.assertEqual(self.measured(shown, "NPS")["age_days"], 1)

    def test_it_says_since_when_the_score_stands(self):
        with self.at_time("2026-03-20 12:00"):
            self.assertIn("03/02/2026", self.account.health_explanation["since"])
