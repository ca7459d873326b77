from odoo.exceptions import AccessError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyMap(JourneyCase):
    """What happened and when, what will happen, and what work it asks of whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            (
                {"name": "Start", "expected_days": 5},
                [
                    cls.task("Call", duration_days=3, effort_hours=1),
                    cls.task(
                        "Send the data",
                        position=2,
                        duration_days=4,
                        responsible="customer",
                    ),
                ],
            ),
            (
                {"name": "Adopt", "min_days": 21},
                [
                    cls.task(
                        "Meet",
                        mandatory=False,
                        recurrence_days=7,
                        duration_days=7,
                        effort_hours=2,
                    ),
                    cls.task(
                        "Configure",
                        duration_days=5,
                        effort_hours=3,
                        responsible="user",
                        user_id=cls.specialist.id,
                    ),
                ],
            ),
            (
                {"name": "Live", "endless": True},
                [
                    cls.task(
                        "Follow up",
                        mandatory=False,
                        recurrence_days=45,
                        effort_hours=1,
                    )
                ],
            ),
        )

    def drawn(self, journey, user=None):
        journey.invalidate_recordset()
        return journey.with_user(user or self.csm).journey_map[0]

    def test_dates_ahead_and_the_work_that_is_asked(self):
        account = self.make_account()
        with self.at("2026-01-05"):
            journey = account.start_journey(self.template)
            drawn = self.drawn(journey)
        start, adopt, live = drawn["stages"]
        self.assertEqual((start["status"], start["entered"]), ("current", "2026-01-05"))
        # 3 + 4 days, then 21 of the second stage.
        self.assertEqual(adopt["planned"], "2026-01-12")
        self.assertEqual(live["planned"], "2026-02-02")
        self.assertEqual(start["expected"], 5)
        meet = next(line for line in adopt["tasks"] if line["name"] == "Meet")
        self.assertEqual(meet["date"], "2026-01-12")
        self.assertEqual(meet["again"], ["2026-01-19", "2026-01-26"])
        follow = live["tasks"][0]
        self.assertEqual(follow["again"], ["2026-03-19"])
        # One call, three meetings of 2 hours, two follow-ups; until 90 days of Live.
        self.assertEqual(drawn["until"], "2026-05-03")
        asked = {line["who"]: (line["hours"], line["count"]) for line in drawn["asks"]}
        self.assertEqual(
            asked,
            {
                self.csm.name: (1 + 3 * 2 + 2 * 1, 6),
                self.specialist.name: (3, 1),
                account.partner_id.display_name: (0, 1),
            },
        )

    def test_what_is_past_shows_when_it_was(self):
        account = self.make_account()
        with self.at("2026-01-05"):
            journey = account.start_journey(self.template)
        with self.at("2026-01-09"):
            late = self.drawn(journey)["stages"][0]["tasks"][0]
            self.assertTrue(late["late"])
            self.named(journey, "Call").with_user(self.csm).action_done()
        with self.at("2026-01-15"):
            journey.with_user(self.csm).action_advance("They sent all by hand")
            start, adopt, _live = self.drawn(journey)["stages"]
        self.assertEqual(
            (start["status"], start["entered"], start["left"], start["days"]),
            ("passed", "2026-01-05", "2026-01-15", 10),
        )
        self.assertEqual(start["outcome"], "advance")
        self.assertEqual(start["tasks"][0]["date"], "2026-01-09")
        self.assertEqual(adopt["planned"], "2026-02-05", "Day 21 of the stage")

    def test_a_stage_walked_twice(self):
        journey = self.make_account().start_journey(self.template)
        journey.action_advance("Go")
        journey.action_return("Data was wrong")
        start, adopt, _live = self.drawn(journey)["stages"]
        self.assertEqual((start["status"], start["times"]), ("current", 2))
        self.assertEqual(adopt["status"], "coming")
        self.assertTrue(adopt["planned"])
        ahead = [line["name"] for line in adopt["tasks"] if line["state"] == "waiting"]
        self.assertEqual(sorted(ahead), ["Configure", "Meet"])
        asked = {line["who"]: line["hours"] for line in self.drawn(journey)["asks"]}
        self.assertEqual(asked[self.specialist.name], 3)
        self.assertEqual(adopt["reason"], "Data was wrong")

    def test_a_paused_journey_promises_nothing(self):
        journey = self.make_account().start_journey(self.template)
        journey.action_pause("Holidays")
        drawn = self.drawn(journey)
        self.assertFalse(drawn["until"])
        self.assertEqual([s["planned"] for s in drawn["stages"]], [False] * 3)

    def test_customers_show_the_lifecycle_first_then_playbooks(self):
        account = self.make_account()
        playbook = self.make_template([self.task("Ask")], kind="risk", name="Risk")
        account.start_journey(playbook)
        lifecycle = account.start_journey(self.template)
        account.invalidate_recordset()
        shown = account.with_user(self.csm).journey_map
        self.assertEqual([m["name"] for m in shown], ["Walk", "Risk"])
        lifecycle.action_cancel("Enough")
        account.invalidate_recordset()
        self.assertEqual([m["name"] for m in account.journey_map], ["Risk"])

    def test_only_who_sees_the_customer(self):
        journey = self.make_account().start_journey(self.template)
        self.assertTrue(self.drawn(journey, self.manager))
        with self.assertRaises(AccessError):
            self.drawn(journey, self.other_csm)
