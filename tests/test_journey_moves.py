from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyMoves(JourneyCase):
    """What people decide by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            [
                cls.task("Handoff", 1, closed_by="handoff_accepted"),
                cls.task("Plan", 2, duration_days=4),
            ],
            [cls.task("Teach", 1, duration_days=6)],
            ({"endless": True}, [cls.task("Follow")]),
        )
        cls.account = cls.make_account()

    def setUp(self):
        super().setUp()
        with self.at("2026-01-05"):
            self.journey = self.account.start_journey(self.template).with_user(self.csm)

    def test_advance_cancels_what_is_left(self):
        with self.assertRaises(UserError):
            self.journey.action_advance("")
        self.journey.action_advance("They did it before")
        self.assertEqual(self.open_names(self.journey), ["Teach"])
        self.assertEqual(self.named(self.journey, "Plan").state, "cancelled")
        visit = self.journey.visit_ids[0]
        self.assertEqual(visit.reason, "They did it before")
        self.assertEqual(visit.decided_by_id, self.csm)

    def test_return_brings_fresh_copies_but_not_of_what_is_done_once(self):
        with self.assertRaisesRegex(UserError, "first stage"):
            self.journey.action_return("Back")
        with self.at("2026-01-06"):
            self.named(self.journey, "Handoff").action_done()
            self.named(self.journey, "Plan").action_done()
        with self.at("2026-01-20"):
            self.journey.action_return("The plan did not hold")
            self.assertEqual(self.open_names(self.journey), ["Plan"])
            self.assertEqual(len(self.named(self.journey, "Handoff")), 1)
            self.assertEqual(self.account.phase_id, self.phases[0])
            self.assertEqual(self.account.phase_entered_on, self.day("2026-01-20"))
            self.named(self.journey, "Plan", "open").action_done()
        self.assertEqual(self.open_names(self.journey), ["Teach"])
        self.assertEqual(
            self.journey.visit_ids.mapped("outcome"),
            ["advance", "return", "advance", False],
        )

    def test_what_is_ahead_after_a_return_is_planned_and_taken_up_once(self):
        self.journey.action_advance("On")
        self.journey.action_advance("On")
        for _time in range(2):
            self.journey.action_return("Back")
        ahead = self.journey.planned_stage_ids[1:]
        self.assertEqual(ahead.mapped("status"), ["coming", "coming"])
        self.assertEqual(self.names(self.waiting()), ["Follow", "Plan", "Teach"])
        self.assertEqual(len(ahead.mapped("date_planned")), 2)
        self.assertFalse(self.journey._template_changes())
        self.journey.action_advance("On")
        self.assertEqual(self.open_names(self.journey), ["Teach"])
        self.assertEqual(self.names(self.waiting()), ["Follow"])

    def waiting(self):
        return self.journey.task_ids.filtered(lambda task: task.state == "waiting")

    def test_the_hooks_of_a_pause_tell_what_stops_and_what_opens_again(self):
        told = []
        tasks = type(self.env["cs.task"])
        for hook in ("_after_pause", "_after_resume"):
            self.patch(
                tasks,
                hook,
                lambda records, hook=hook: told.extend(
                    (hook, task.name, task.state) for task in records
                ),
            )
        self.journey.action_pause("Holidays")
        self.journey.action_resume()
        self.assertEqual(
            told,
            [
                ("_after_pause", "Handoff", "waiting"),
                ("_after_resume", "Handoff", "open"),
            ],
        )

    def test_who_leaves_is_asked_for_nothing_any_more(self):
        template = self.make_template(
            [self.task("Optional", 1, mandatory=False), self.task("A", 1)]
        )
        account = self.make_account()
        journey = account.start_journey(template)
        self.named(journey, "A").action_done()
        self.assertEqual(journey.state, "done")
        self.assertEqual(self.named(journey, "Optional").state, "open")
        account.sudo()._on_churned()
        self.assertEqual(self.named(journey, "Optional").state, "cancelled")

    def test_cancel_leaves_only_history(self):
        self.journey.action_cancel("The customer gave up")
        self.assertEqual(self.journey.state, "cancelled")
        self.assertEqual(set(self.journey.task_ids.mapped("state")), {"cancelled"})
        self.assertFalse(self.account.pace)
        with self.assertRaises(UserError):
            self.journey.action_advance("No")
        self.assertTrue(self.account.with_user(self.csm).start_journey(self.template))

    def test_pause_stops_the_clock(self):
        self.account.phase_deadline = before = self.day("2026-02-01")
        with self.at("2026-01-06"):
            self.named(self.journey, "Handoff").action_done()
        with self.at("2026-01-08"):
            self.account.pace = "stuck"
            self.journey.action_pause("Holidays of the customer")
            self.assertFalse(self.account.pace)
            plan = self.named(self.journey, "Plan")
            self.assertEqual(plan.state, "waiting")
            with self.assertRaisesRegex(UserError, "paused"):
                plan.action_done()
        with self.at("2026-01-28"):
            self.nightly()
            self.journey.action_resume()
            self.assertEqual(plan.state, "open")
            self.assertEqual(plan.date_open, self.day("2026-01-26"))
            self.assertEqual(plan.date_deadline, self.day("2026-01-30"))
            self.assertEqual(self.journey.visit_id.paused_days, 20)
            self.assertEqual(self.account.pace, "on_track")
        self.assertEqual(self.account.phase_deadline, before + timedelta(days=20))

    def test_endless_stage_is_left_by_hand_and_the_journey_ends(self):
        for _stage in range(3):
            self.journey.action_advance("On")
        self.assertEqual(self.journey.state, "done")

    def test_screen_asks_for_the_reason(self):
        form = Form(
            self.env["cs.reason"]
            .with_user(self.csm)
            .with_context(
                default_decision="journey_advance",
                default_journey_ids=self.journey.ids,
            )
        )
        form.reason = "Ready"
        form.save().action_confirm()
        self.assertEqual(self.journey.stage_id, self.template.stage_ids[1])

    def test_start_from_the_screen(self):
        risk = self.env.ref("customer_success.cs_journey_template_risk")
        form = Form(
            self.env["cs.journey.start"]
            .with_user(self.csm)
            .with_context(default_account_ids=self.account.ids)
        )
        form.template_id = risk
        form.save().action_start()
        self.assertEqual(self.account.journey_ids.template_id, self.template | risk)
