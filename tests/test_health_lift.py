from .health_common import HealthCase


class TestHealthLift(HealthCase):
    """What would lift the score most, as the customer's page says it."""

    def lift(self, *caps, override=None, **facts):
        card = self.make_card(
            "Lifted",
            self.measure("nps", 10, 0, 10),
            self.measure("csat", 10, 0, 5),
            cap_ids=list(caps),
        )
        self.card.is_default = False
        self.env.flush_all()
        card.is_default = True
        account = self.make_account()
        self.record(account, **facts)
        account._score()
        if override is not None:
            account.action_override_health("So it is", score=override)
        account.invalidate_recordset()
        return [
            (line["kind"], line["points"], line.get("held_at"))
            for line in account.health_explanation["lift"]
        ]

    def test_without_caps_the_largest_losses(self):
        self.assertEqual(
            self.lift(nps=5, csat=4),
            [("measure", 25.0, None), ("measure", 10.0, None)],
        )

    def test_the_caps_that_hold_it_down_come_first(self):
        """90 by its measures: 45.5 now, 60 without the lowest cap."""
        self.assertEqual(
            self.lift(
                self.cap("overdue_tasks", ">", 3, 45.5),
                self.cap("overdue_tasks", ">", 1, 60),
                nps=8,
                csat=5,
                overdue_tasks=5,
            ),
            [("cap", 14.5, None), ("cap", 30.0, None), ("measure", 10.0, None)],
        )

    def test_a_cap_that_does_not_bind_yet_stops_what_a_measure_can_lift(self):
        """50 by its measures; a cap holds at 60 what could be 75."""
        self.assertEqual(
            self.lift(
                self.cap("overdue_tasks", ">", 3, 60), nps=5, csat=2.5, overdue_tasks=5
            ),
            [("measure", 10.0, 60.0), ("measure", 10.0, 60.0)],
        )

    def test_a_cap_that_holds_exactly_lets_no_measure_lift(self):
        """50 by its measures, and 50 at most: the cap is what is to be mended."""
        self.assertEqual(
            self.lift(
                self.cap("overdue_tasks", ">", 3, 50), nps=5, csat=2.5, overdue_tasks=5
            ),
            [("cap", 0.0, None), ("measure", 25.0, None), ("measure", 25.0, None)],
        )

    def test_a_score_decided_by_hand_does_not_change_what_would_lift_the_computed(self):
        self.assertEqual(
            self.lift(nps=5, csat=5, override=10), [("measure", 25.0, None)]
        )
