from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyRecurrence(JourneyCase):
    """Recurring tasks come again by plan, one at a time, while the visit lasts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            (
                {"min_days": 45},
                [
                    cls.task("Learn", 1, duration_days=10),
                    cls.task(
                        "Weekly meeting",
                        1,
                        kind="interaction",
                        duration_days=7,
                        recurrence_days=7,
                    ),
                ],
            ),
            ({"endless": True}, [cls.task("Follow-up", recurrence_days=45)]),
        )

    def setUp(self):
        super().setUp()
        self.account = self.make_account()
        with self.at("2026-01-01"):
            self.journey = self.account.start_journey(self.template)

    def weekly(self, state="open"):
        return self.named(self.journey, "Weekly meeting", state)

    def test_comes_again_when_it_was_planned(self):
        with self.at("2026-01-05"):
            self.weekly().action_done()
            coming = self.weekly("waiting")
            self.assertEqual(coming.date_planned, self.day("2026-01-08"))
            with self.assertRaisesRegex(UserError, "2026-01-08"):
                coming.action_done()
            self.nightly()
            self.assertFalse(self.weekly())
        with self.at("2026-01-08"):
            self.nightly()
            self.assertEqual(self.weekly().date_deadline, self.day("2026-01-15"))

    def test_late_ones_do_not_pile_up(self):
        """Three weeks late: one opens, today, and none in the past."""
        with self.at("2026-01-23"):
            self.nightly()
            self.assertEqual(len(self.weekly()), 1)
            self.weekly().action_done()
            self.assertEqual(self.weekly().date_open, self.day("2026-01-23"))
            self.assertEqual(len(self.weekly("waiting")), 0)

    def test_six_or_seven_meetings_in_45_days_of_adoption(self):
        with self.at("2026-01-02"):
            self.named(self.journey, "Learn").action_done()
        for week in range(1, 8):
            with self.at(f"2026-{1 + (7 * week) // 32:02}-{(7 * week) % 31 + 1:02}"):
                self.nightly()
                self.weekly().action_done()
                self.nightly()
        meetings = self.named(self.journey, "Weekly meeting")
        self.assertIn(len(meetings.filtered("date_open")), (6, 7))
        self.assertEqual(self.journey.stage_id, self.template.stage_ids[1])
        self.assertFalse(self.weekly() | self.weekly("waiting"))

    def test_adoption_day_by_day(self):
        """One meeting after the other; judged on day 45, not on day 44."""
        most = 0
        with self.calendar("2026-01-01") as next_day:
            self.named(self.journey, "Learn").action_done()
            while self.journey.stage_id == self.template.stage_ids[0]:
                today = next_day()
                self.nightly()
                most = max(most, len(self.weekly()))
                # Held at the end of its week, as meetings are.
                due = self.weekly().filtered(lambda t, d=today: t.date_deadline <= d)
                due.action_done()
        self.assertEqual(today, self.day("2026-02-15"))
        self.assertEqual((today - self.journey.started_on).days, 45)
        self.assertEqual(most, 1)
        held = self.named(self.journey, "Weekly meeting", "done")
        self.assertEqual(len(held), 6)

    def test_skipping_one_does_not_end_the_series(self):
        with self.at("2026-01-05"):
            self.weekly().action_skip("Holidays")
        self.assertEqual(self.weekly("waiting").date_planned, self.day("2026-01-08"))

    def test_ongoing_lives_three_years_with_its_follow_ups(self):
        with self.at("2026-01-02"):
            self.named(self.journey, "Learn").action_done()
        day = self.day("2026-02-15")
        opened = []
        while day < self.day("2029-02-15"):
            with self.at(str(day - timedelta(days=1))):
                self.nightly()
                self.assertFalse(self.named(self.journey, "Follow-up", "open"), day)
            with self.at(str(day)):
                self.nightly()
                follow_up = self.named(self.journey, "Follow-up", "open")
                self.assertEqual(follow_up.mapped("date_open"), [day])
                opened.append(day)
                follow_up.action_done()
                day = self.named(self.journey, "Follow-up", "waiting").date_planned
                self.assertEqual((day - opened[-1]).days, 45)
        self.assertEqual(self.journey.state, "running")
        self.assertEqual(len(opened), 25)

    def test_a_series_to_come_is_not_skipped_before_it_begins(self):
        with self.assertRaisesRegex(UserError, "still to come"):
            self.named(self.journey, "Follow-up").action_skip("Never")


@tagged("post_install", "-at_install")
class TestJourneyCadence(JourneyCase):
    """What recurs as often as we speak with the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segment = cls.env.ref("customer_success.cs_segment_enterprise")
        cls.segment.write({"followup_days": 40, "results_meeting_days": 0})
        cls.template = cls.make_template(
            (
                {"endless": True},
                [
                    cls.task("Follow-up", recurrence_from="followup"),
                    cls.task("Results", recurrence_from="results"),
                    cls.task("Else", recurrence_from="adoption", recurrence_days=9),
                ],
            ),
        )
        cls.segment.adoption_contact_days = 0

    def setUp(self):
        super().setUp()
        self.account = self.make_account(segment_id=self.segment.id)
        with self.at("2026-01-01"):
            self.journey = self.account.start_journey(self.template)

    def conclude(self, day):
        with self.at(day):
            self.journey.task_ids.filtered(lambda t: t.state == "open").action_done()

    def planned(self, name):
        return self.named(self.journey, name, "waiting").date_planned

    def test_the_segment_says_how_often(self):
        self.assertEqual(self.open_names(self.journey), ["Else", "Follow-up"])
        self.conclude("2026-01-02")
        self.assertEqual(self.planned("Follow-up"), self.day("2026-02-10"))
        self.assertEqual(self.planned("Else"), self.day("2026-01-10"))

    def test_the_days_without_a_cadence_are_those_of_the_start(self):
        of_template = self.template.stage_ids.task_ids
        other = of_template.filtered(lambda task: task.name == "Else")
        other.recurrence_days = 2
        self.conclude("2026-01-02")
        with self.at("2026-01-03"):
            self.nightly()
        self.assertEqual(self.planned("Else"), self.day("2026-01-10"))
        [change] = self.journey._template_changes()
        self.assertIn("9 → 2", change.detail)
        with self.at("2026-01-03"):
            self.journey._update_from_template()
            self.assertIn("Else", self.open_names(self.journey), "2 days on")
        self.assertFalse(self.journey._template_changes())
        other.unlink()
        self.conclude("2026-01-04")
        with self.at("2026-01-04"):
            self.nightly()
        self.assertEqual(self.named(self.journey, "Else", "waiting").recurrence_days, 2)

    def test_a_recurring_mail_comes_in_each_visit(self):
        template = self.make_template(
            [
                self.task("Bulletin", kind="email", recurrence_days=30),
                self.task("News", kind="email", recurrence_from="followup"),
                self.task("Welcome", kind="email"),
            ]
        )
        once = {task.name: task.once for task in template.stage_ids.task_ids}
        self.assertEqual(once, {"Bulletin": False, "News": False, "Welcome": True})

    def test_on_demand_opens_for_nobody_until_there_is_a_cadence(self):
        results = self.named(self.journey, "Results")
        self.assertFalse(results.date_planned)
        with self.assertRaisesRegex(UserError, "on demand"):
            results.action_done()
        self.account.results_meeting_days = 60
        with self.at("2026-01-05"):
            self.nightly()
        self.assertEqual(results.state, "open")

    def test_the_customers_own_cadence_wins_and_moves_what_waits(self):
        self.conclude("2026-01-02")
        self.account.followup_days = 15
        with self.at("2026-01-05"):
            self.nightly()
        self.assertEqual(self.planned("Follow-up"), self.day("2026-01-16"))
        with self.at("2026-01-16"):
            self.nightly()
            self.assertEqual(self.open_names(self.journey), ["Else", "Follow-up"])
        self.account.followup_days = 5
        self.conclude("2026-01-17")
        with self.at("2026-01-18"):
            self.nightly()
        self.assertEqual(self.planned("Follow-up"), self.day("2026-01-21"))

    def test_the_phase_of_the_segment_wins_over_the_segment(self):
        self.env["cs.segment.phase"].create(
            {
                "segment_id": self.segment.id,
                "phase_id": self.account.phase_id.id,
                "followup_days": 20,
            }
        )
        self.conclude("2026-01-02")
        with self.at("2026-01-03"):
            self.nightly()
        self.assertEqual(self.planned("Follow-up"), self.day("2026-01-21"))
