from odoo.exceptions import UserError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyWalk(JourneyCase):
    """Positions open one after the other, stages end, the phase follows."""

    def start(self, template, day="2026-01-05", account=None):
        account = account or self.make_account()
        with self.at(day):
            return account.with_user(self.csm).start_journey(template)

    def test_kick_off_is_due_three_days_after_the_handoff_is_concluded(self):
        """Concluded on January 23rd, the kick-off is due on January 26th."""
        template = self.make_template(
            [
                self.task("Handoff Sales <> CS", 1, closed_by="handoff_accepted"),
                self.task("Kick-off meeting", 2, duration_days=3, kind="interaction"),
            ]
        )
        journey = self.start(template, "2026-01-20")
        self.assertEqual(self.open_names(journey), ["Handoff Sales <> CS"])
        with self.at("2026-01-23"):
            journey.account_id._settle_tasks_closed_by("handoff_accepted")
        kick_off = self.named(journey, "Kick-off meeting")
        self.assertEqual(kick_off.state, "open")
        self.assertEqual(kick_off.date_open, self.day("2026-01-23"))
        self.assertEqual(kick_off.date_deadline, self.day("2026-01-26"))
        handoff = self.named(journey, "Handoff Sales <> CS")
        self.assertEqual(handoff.date_done, self.day("2026-01-23"))

    def test_day_is_the_companys(self):
        """At 23:30 in São Paulo it is still that day, though UTC has the next."""
        template = self.make_template([self.task("A", 1), self.task("B", 2)])
        journey = self.start(template)
        with self.at("2026-01-10 02:30:00"):
            self.named(journey, "A").with_user(self.csm).action_done()
        self.assertEqual(self.named(journey, "A").date_done, self.day("2026-01-09"))
        self.assertEqual(self.named(journey, "B").date_open, self.day("2026-01-09"))

    def test_optional_tasks_open_and_block_nothing(self):
        template = self.make_template(
            [
                self.task("Must", 1),
                self.task("May", 1, mandatory=False),
                self.task("Also may", 2, mandatory=False),
                self.task("Then must", 3),
            ]
        )
        journey = self.start(template)
        self.assertEqual(self.open_names(journey), ["May", "Must"])
        self.named(journey, "Must").action_done()
        self.assertEqual(self.open_names(journey), ["Also may", "May", "Then must"])

    def test_skipping_settles_too_and_needs_a_reason(self):
        template = self.make_template([self.task("A", 1), self.task("B", 2)])
        journey = self.start(template)
        task = self.named(journey, "A").with_user(self.csm)
        with self.assertRaises(UserError):
            task.action_skip("  ")
        task.action_skip("The customer knows it")
        self.assertEqual(task.state, "skipped")
        self.assertEqual(task.reason, "The customer knows it")
        self.assertEqual(self.open_names(journey), ["B"])

    def test_stage_advances_and_phase_follows(self):
        template = self.make_template(
            (
                {"expected_days": 10},
                [self.task("A"), self.task("Maybe", mandatory=False)],
            ),
            ({"expected_days": 20}, [self.task("B")]),
        )
        journey = self.start(template, "2026-01-05")
        account = journey.account_id
        self.assertEqual(account.phase_id, self.phases[0])
        self.assertEqual(account.phase_entered_on, self.day("2026-01-05"))
        self.assertEqual(account.phase_deadline, self.day("2026-01-15"))
        self.assertEqual(account.pace, "on_track")
        with self.at("2026-01-07"):
            self.named(journey, "A").with_user(self.csm).action_done()
        self.assertEqual(journey.stage_id, template.stage_ids[1])
        self.assertEqual(self.named(journey, "Maybe").state, "open")
        self.assertEqual(account.phase_id, self.phases[1])
        self.assertEqual(account.phase_entered_on, self.day("2026-01-07"))
        self.assertEqual(account.phase_deadline, self.day("2026-01-27"))
        first, second = journey.visit_ids
        self.assertEqual(
            (first.left_on, first.outcome), (self.day("2026-01-07"), "advance")
        )
        self.assertFalse(second.left_on)
        self.named(journey, "B").action_done()
        self.assertEqual(journey.state, "done")
        self.assertFalse(journey.visit_ids.filtered(lambda v: not v.left_on))

    def test_concluding_twice_does_nothing_twice(self):
        template = self.make_template(
            [self.task("A")], [self.task("B")], [self.task("C")]
        )
        journey = self.start(template)
        task = self.named(journey, "A")
        task.action_done()
        task.action_done()
        self.assertEqual(journey.stage_id, template.stage_ids[1])
        self.assertEqual(len(journey.visit_ids), 2)

    def test_two_last_tasks_concluded_together_advance_once(self):
        template = self.make_template(
            [self.task("A"), self.task("B")], [self.task("C")]
        )
        journey = self.start(template)
        journey.task_ids.filtered(lambda t: t.state == "open").action_done()
        self.assertEqual(self.open_names(journey), ["C"])
        self.assertEqual(len(journey.visit_ids), 2)

    def test_waiting_task_says_what_is_before_it(self):
        template = self.make_template(
            [self.task("Set up", 1), self.task("Test", 2)], [self.task("Adopt")]
        )
        journey = self.start(template)
        with self.assertRaisesRegex(UserError, "Set up"):
            self.named(journey, "Test").action_done()
        with self.assertRaisesRegex(UserError, "Stage 2"):
            self.named(journey, "Adopt").action_done()
        self.named(journey, "Set up").action_skip("Done by the partner")
        with self.assertRaisesRegex(UserError, "skipped already"):
            self.named(journey, "Set up").action_done()

    def test_minimum_days_hold_a_finished_stage(self):
        """Adoption of 45 days: not on day 44, on day 45."""
        template = self.make_template(
            ({"min_days": 45}, [self.task("A")]), [self.task("B")]
        )
        journey = self.start(template, "2026-01-01")
        with self.at("2026-01-02"):
            self.named(journey, "A").action_done()
        with self.at("2026-02-14"):
            self.nightly()
            self.assertEqual(journey.stage_id, template.stage_ids[0])
        with self.at("2026-02-15"):
            self.nightly()
            self.assertEqual(journey.stage_id, template.stage_ids[1])
            self.assertEqual(self.named(journey, "B").date_open, self.day("2026-02-15"))

    def test_empty_stages_are_passed_at_once_and_endless_ones_stay(self):
        template = self.make_template(
            [],
            [self.task("Maybe", mandatory=False)],
            ({"endless": True}, [self.task("Follow")]),
        )
        journey = self.start(template)
        self.assertEqual(journey.stage_id, template.stage_ids[2])
        self.named(journey, "Follow").action_done()
        self.assertEqual(journey.state, "running")
        self.assertEqual(journey.stage_id, template.stage_ids[2])

    def test_editing_the_template_changes_no_running_journey(self):
        template = self.make_template(
            ({"min_days": 0}, [self.task("A", duration_days=2)]), [self.task("B")]
        )
        journey = self.start(template)
        stage = template.stage_ids[0]
        stage.min_days = 90
        stage.task_ids.write({"name": "Z", "duration_days": 9})
        template.stage_ids[1].task_ids.unlink()
        self.named(journey, "A").action_done()
        self.assertEqual(self.open_names(journey), ["B"])
        with self.assertRaises(UserError):
            stage.unlink()

    def test_what_was_offered_can_be_done_after_the_end(self):
        template = self.make_template(
            [self.task("A", 1), self.task("Ask", 2, mandatory=False)]
        )
        journey = self.start(template)
        self.named(journey, "A").action_done()
        self.assertEqual(journey.state, "done")
        ask = self.named(journey, "Ask").with_user(self.csm)
        self.assertEqual(ask.state, "open")
        ask.action_done()
        self.assertEqual(ask.state, "done")
        self.assertEqual(journey.state, "done")

    def test_an_archived_template_starts_nothing(self):
        template = self.make_template([self.task("A")])
        template.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            self.start(template)

    def test_names_of_stages_are_those_of_the_start(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        template = self.make_template([self.task("A")])
        stage = template.stage_ids.with_context(lang="pt_BR")
        stage.name = "Etapa 1"
        stage.visible_to_customer = True
        journey = self.start(template)
        template.stage_ids.name = "Renamed"
        stage.name = "Outra"
        mine = journey.planned_stage_ids
        self.assertEqual(mine.name, "Stage 1")
        self.assertEqual(mine.with_context(lang="pt_BR").name, "Etapa 1")
        [[shown]] = journey.account_id.get_customer_stages()
        self.assertEqual(shown["name"], "Stage 1")

    def test_second_lifecycle_is_refused_and_playbooks_run_beside(self):
        template = self.make_template([self.task("A")])
        journey = self.start(template)
        account = journey.account_id.with_user(self.csm)
        other = self.make_template([self.task("A")], name="Other")
        with self.assertRaisesRegex(UserError, "Walk"):
            account.start_journey(other)
        risk = self.make_template([self.task("Call")], kind="risk", name="Risk")
        playbook = account.start_journey(risk)
        with self.assertRaisesRegex(UserError, "Risk"):
            account.start_journey(risk.id)
        self.assertEqual(account.phase_id, journey.visit_id.phase_id)
        self.named(playbook, "Call").action_done()
        self.assertEqual(playbook.state, "done")
        self.assertTrue(account.start_journey(risk))

    def test_projection_shows_when_all_that_waits_will_open(self):
        template = self.make_template(
            [
                self.task("A", 1, duration_days=3),
                self.task("B", 2, duration_days=4),
                self.task("C", 2, duration_days=2, mandatory=False),
            ],
            ({"min_days": 10}, [self.task("D", 1, duration_days=1)]),
            [self.task("E", 1)],
        )
        journey = self.start(template, "2026-03-02")
        plan = {task.name: task.date_planned for task in journey.task_ids}
        self.assertEqual(plan["B"], self.day("2026-03-05"))
        self.assertEqual(plan["C"], self.day("2026-03-05"))
        self.assertEqual(plan["D"], self.day("2026-03-09"))
        self.assertEqual(plan["E"], self.day("2026-03-19"))
        with self.at("2026-03-03"):
            self.named(journey, "A").action_done()
        self.assertEqual(self.named(journey, "D").date_planned, self.day("2026-03-07"))
        with self.at("2026-03-20"):
            self.nightly()
        self.assertEqual(self.named(journey, "D").date_planned, self.day("2026-03-20"))

    def test_moving_a_deadline_changes_the_duration(self):
        template = self.make_template(
            [self.task("A", duration_days=2)], [self.task("B")]
        )
        journey = self.start(template, "2026-03-02")
        task = self.named(journey, "A").with_user(self.csm)
        with self.at("2026-03-02"):
            task.date_deadline = "2026-03-12"
        self.assertEqual(task.duration_days, 10)
        self.assertEqual(task.date_deadline, self.day("2026-03-12"))
        self.assertEqual(self.named(journey, "B").date_planned, self.day("2026-03-12"))
        with self.at("2026-03-03"), self.assertRaisesRegex(UserError, "2026-03-02"):
            task.date_deadline = "2026-02-20"
