from odoo.tests import tagged
from odoo.tools import html2plaintext

from .journey_common import JourneyCase

LIFECYCLES = ("enterprise", "me_pme")
PLAYBOOKS = ("expansion", "risk", "renewal", "cancellation")


@tagged("post_install", "-at_install")
class TestJourneyTemplatesShipped(JourneyCase):
    """What is installed can be walked from the first day to Ongoing."""

    def make_active(self, account):
        """Let enough of the customer's people use the product, and go on to."""
        for name in ("weekly_active_users", "engagement"):
            metric = self.env.ref(f"customer_success.cs_metric_{name}")
            metric.stale_after_days = 0
        self.record(account, weekly_active_users=80, employees=100, engagement=75)

    def shipped(self, name):
        return self.env.ref(f"customer_success.cs_journey_template_{name}")

    def test_every_kind_of_task_is_shown(self):
        for name in LIFECYCLES:
            kinds = set(self.shipped(name).stage_ids.task_ids.mapped("kind"))
            self.assertEqual(
                kinds, {"task", "interaction", "survey", "indicator", "email"}
            )

    def test_lifecycles_begin_with_handoff_and_kick_off(self):
        for name in LIFECYCLES:
            template = self.shipped(name)
            first, second = template.stage_ids[0].task_ids[:2]
            self.assertEqual(first.name, "Handoff Sales <> CS")
            self.assertEqual(first.closed_by, "handoff_accepted")
            self.assertTrue(first.once)
            self.assertEqual(second.name, "Kick-off meeting")
            self.assertEqual(second.duration_days, 3)
            kinds = template.stage_ids.phase_id.mapped("kind")
            self.assertEqual(kinds, ["project", "onboarding", "adoption", "ongoing"])

    def test_walk_from_the_handoff_to_ongoing(self):
        for name, meetings in zip(LIFECYCLES, (6, 3), strict=True):
            segment = self.env.ref(f"customer_success.cs_segment_{name}")
            account = self.make_account(name, segment_id=segment.id)
            with self.at("2026-01-05"):
                self.make_active(account)
                journey = account.start_journey(self.shipped(name))
            with self.at("2026-01-23"):
                account._settle_tasks_closed_by("handoff_accepted")
                kick_off = self.named(journey, "Kick-off meeting")
                self.assertEqual(kick_off.date_deadline, self.day("2026-01-26"))
            with self.calendar("2026-01-23") as next_day:
                for _day in range(120):
                    today = next_day()
                    self.nightly()
                    journey.task_ids.filtered(
                        lambda t, d=today: t.state == "open" and t.date_deadline <= d
                    ).with_user(self.csm).action_done()
            self.assertEqual(account.phase_id.kind, "ongoing", name)
            adoption = journey.visit_ids.filtered(
                lambda v: v.phase_id.kind == "adoption"
            )
            self.assertGreaterEqual((adoption.left_on - adoption.entered_on).days, 45)
            recurring = adoption.task_ids.filtered(
                lambda t: t.recurrence_days and t.date_open
            )
            self.assertGreaterEqual(len(recurring), meetings)

    def walk(self, journey):
        """Do whatever is open, day after day, until nothing moves any more."""
        with self.calendar("2026-01-05") as next_day:
            for _day in range(400):
                if journey.state != "running" or journey.visit_id.stage_id.endless:
                    return
                next_day()
                self.nightly()
                if journey.gate_since:
                    manager = journey.with_user(self.manager)
                    manager.action_release_gate("Postings are right")
                journey.task_ids.filtered(
                    lambda t: t.state == "open" and not t.recurrence_days
                ).action_done()

    def test_playbooks_can_be_walked_to_their_end(self):
        for name in PLAYBOOKS:
            account = self.make_account(name)
            with self.at("2025-11-03"):
                self.make_active(account)
            with self.at("2026-01-05"):
                journey = account.start_journey(self.shipped(name))
            self.walk(journey)
            self.assertEqual(journey.state, "done", name)

    def test_the_ello_journey_has_five_steps(self):
        template = self.shipped("ello")
        self.assertEqual(
            template.stage_ids.mapped("name"),
            [
                "1. Initial diagnostic",
                "2. Action plan",
                "3. Execution and training",
                "4. Income statement",
                "5. Follow-up",
            ],
        )
        with self.at("2026-01-05"):
            journey = self.make_account().start_journey(template)
        self.walk(journey)
        self.assertEqual(journey.stage_id.name, "5. Follow-up")
        with self.at("2027-03-01"):
            self.nightly()
            self.assertEqual(journey.state, "running", "It goes on")
        trainings = journey.task_ids.interaction_ids.filtered(
            lambda i: i.kind == "training"
        )
        self.assertGreaterEqual(len(trainings), 4)

    def test_the_income_statement_waits_for_right_postings(self):
        with self.at("2026-01-05"):
            journey = self.make_account().start_journey(self.shipped("ello"))
            journey.action_advance("Known")
            journey.action_advance("Planned")
            for task in journey.visit_id.task_ids.filtered(
                lambda t: t.name.startswith(("Teach", "Show", "Practise"))
            ).sorted("position"):
                task.action_done()
            verify = self.open_names(journey)
            self.assertEqual(
                verify, ["Verify the week: postings and classifications are right"]
            )
            self.named(journey, verify[0]).action_done()
            journey.task_ids.filtered(lambda t: t.state == "open").action_done()
        self.assertEqual(journey.stage_id.name, "3. Execution and training")
        self.assertTrue(journey.gate_since, "Somebody who looked lets it in")

    def test_follow_ups_of_small_customers_are_on_demand(self):
        segment = self.env.ref("customer_success.cs_segment_me_pme")
        account = self.make_account(segment_id=segment.id)
        with self.at("2026-01-05"):
            journey = account.start_journey(self.shipped("me_pme"))
            for _stage in range(3):
                journey.action_advance("Known")
            self.assertEqual(account.phase_id.kind, "ongoing")
            followup = self.named(
                journey, "Follow up on the action plan, where there is one"
            )
            self.assertEqual(followup.state, "waiting")
        account.followup_days = 15
        with self.at("2026-01-06"):
            self.nightly()
        self.assertEqual((followup.state, followup.recurrence_days), ("open", 15))

    def test_cancellation_starts_for_who_stays_and_for_who_left(self):
        template = self.shipped("cancellation")
        for state in ("active", "churned"):
            account = self.make_account(state, state=state)
            journey = account.with_user(self.csm).start_journey(template)
            self.assertEqual(journey.state, "running", state)
            window = self.env["cs.journey.start"].create(
                {"account_ids": account.ids, "template_id": template.id}
            )
            self.assertEqual(window.has_left, state == "churned")

    def test_use_that_falls_again_brings_back_the_recovery(self):
        account = self.make_account()
        with self.at("2025-11-03"):
            self.make_active(account)
        with self.at("2026-01-05"):
            journey = account.start_journey(self.shipped("risk"))
            journey.action_advance("The cause is known")
            journey.action_advance("The customer says it is solved")
        with self.at("2026-02-10"):
            self.record(account, weekly_active_users=40)
            journey.task_ids.filtered(
                lambda t: t.state == "open" and not t.recurrence_days
            ).action_done()
            self.nightly()
        self.assertEqual(journey.stage_id.name, "Recover")
        self.assertEqual(journey.visit_ids[-2].outcome, "return")

    def test_nothing_is_offered_before_the_product_is_used(self):
        account = self.make_account()
        with self.at("2025-11-03"):
            self.make_active(account)
            self.record(account, engagement=60)
        with self.at("2026-01-05"):
            journey = account.start_journey(self.shipped("expansion"))
            for _position in range(3):
                journey.task_ids.filtered(lambda t: t.state == "open").action_done()
        self.assertEqual(journey.visit_ids[0].outcome, "repeat")
        self.assertEqual(journey.stage_id.name, "Find the need")

    def test_titles(self):
        for name in (*LIFECYCLES, *PLAYBOOKS, "ello"):
            for task in self.shipped(name).stage_ids.task_ids:
                self.assertFalse(task.title_hint, task.name)

    def test_every_task_says_how(self):
        for name in (*LIFECYCLES, *PLAYBOOKS, "ello"):
            for task in self.shipped(name).stage_ids.task_ids:
                self.assertTrue(task.description, task.name)
                self.assertGreater(
                    len(html2plaintext(task.material or "").split()), 8, task.name
                )
                if task.kind in ("task", "interaction"):
                    self.assertTrue(task.effort_hours, task.name)
                if task.kind == "survey":
                    self.assertTrue(task.survey_id, task.name)

    def test_stages_take_no_longer_than_expected(self):
        for name in (*LIFECYCLES, *PLAYBOOKS, "ello"):
            for stage in self.shipped(name).preview["stages"]:
                with self.subTest(f"{name}, {stage['name']}"):
                    if stage["expected"]:
                        self.assertLessEqual(stage["days"], stage["expected"])

    def test_cadences_of_the_segments(self):
        def every(name, words):
            tasks = self.shipped(name).stage_ids.task_ids
            return tasks.filtered(lambda t: words in t.name).mapped("recurrence_days")

        self.assertEqual(every("enterprise", "weekly adoption"), [7])
        self.assertEqual(every("me_pme", "Contact the customer"), [14])
        self.assertEqual(every("enterprise", "follow-up meeting"), [45])
        self.assertEqual(every("enterprise", "on site"), [365])
        for name in LIFECYCLES:
            self.assertEqual(every(name, "bulletin"), [30])
            self.assertEqual(every(name, "results meeting")[-1:], [90])
            adoption = self.shipped(name).stage_ids[2]
            self.assertEqual(adoption.min_days, 45)
