from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyGates(JourneyCase):
    """Before a stage begins, something may have to be so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nps = cls.env.ref("customer_success.cs_metric_nps")

    def start(self, **gate):
        if gate.get("gate") == "condition":
            condition = {"metric_id": self.nps.id, "operator": ">=", "threshold": 7}
            gate["gate_condition_ids"] = [Command.create(condition)]
        template = self.make_template(
            [self.task("A")], ({"stuck_days": 5, **gate}, [self.task("B")])
        )
        with self.at("2026-01-05"):
            return self.make_account().start_journey(template)

    def reach(self, journey, day="2026-01-06"):
        with self.at(day):
            self.named(journey, "A").with_user(self.csm).action_done()

    def know(self, journey, day, nps):
        with self.at(day):
            self.record(journey.account_id, nps=nps)

    def test_conditions_that_hold_let_in_at_once(self):
        journey = self.start(gate="condition")
        self.know(journey, "2026-01-05", 9)
        self.reach(journey)
        self.assertEqual(self.open_names(journey), ["B"])

    def test_conditions_that_fail_make_the_customer_wait_and_the_night_look_again(self):
        journey = self.start(gate="condition")
        self.reach(journey)
        seen = journey.with_user(self.csm)
        self.assertIn("unknown — expected ≥ 7: fails", seen.waits_for)
        self.assertIn("Stage 2", seen.waits_for)
        self.assertEqual(seen.gate_since, self.day("2026-01-06"))
        self.assertEqual(seen.gate_deadline, self.day("2026-01-11"))
        self.assertEqual(journey.account_id.phase_id, self.phases[0])
        self.assertEqual(len(journey.visit_ids), 1)
        self.know(journey, "2026-01-08", 5)
        with self.at("2026-01-09"):
            self.nightly()
            # The next request; what is read is not kept.
            seen.invalidate_recordset(["waits_for"])
            self.assertIn(" 5 — expected", seen.waits_for)
        self.know(journey, "2026-01-09", 8)
        with self.at("2026-01-10"):
            self.nightly()
        self.assertEqual(self.open_names(journey), ["B"])
        self.assertEqual(journey.visit_ids[0].outcome, "advance")
        self.assertFalse(seen.waits_for)

    def test_who_waits_too_long_is_stuck(self):
        journey = self.start(gate="approval")
        self.reach(journey)
        for day, pace in (("2026-01-11", "on_track"), ("2026-01-12", "stuck")):
            with self.at(day):
                self.nightly()
                self.assertEqual(journey.account_id.pace, pace)

    def test_a_pause_gives_more_time_at_the_gate(self):
        journey = self.start(gate="approval")
        self.reach(journey)
        with self.at("2026-01-07"):
            journey.action_pause("Holidays")
        with self.at("2026-01-17"):
            journey.action_resume()
            self.assertEqual(journey.gate_deadline, self.day("2026-01-21"))
            self.assertTrue(journey.waits_for)

    def test_a_person_of_the_group_releases_it_with_a_note(self):
        journey = self.start(
            gate="approval",
            gate_group_id=self.env.ref("customer_success.group_cs_specialist").id,
        )
        self.reach(journey)
        with self.assertRaisesRegex(UserError, "Only people of"):
            journey.with_user(self.csm).action_release_gate("Please")
        with self.assertRaisesRegex(UserError, "Release the gate first"):
            journey.with_user(self.csm).action_advance("Let me through")
        with self.assertRaisesRegex(UserError, "Say why"):
            journey.with_user(self.specialist).action_release_gate(" ")
        form = Form(
            self.env["cs.reason"]
            .with_user(self.specialist)
            .with_context(
                default_decision="journey_release_gate",
                default_journey_ids=journey.ids,
            )
        )
        form.reason = "Postings are right"
        with self.at("2026-01-08"):
            form.save().action_confirm()
        self.assertEqual(self.open_names(journey), ["B"])
        stage = journey.visit_id.planned_stage_id
        self.assertEqual(stage.released_by_id, self.specialist)
        self.assertEqual(stage.release_note, "Postings are right")
        self.assertEqual(stage.released_on, self.day("2026-01-08"))

    def test_a_gate_may_be_released_before_the_customer_gets_there(self):
        journey = self.start(gate="condition")
        journey.with_user(self.manager).action_release_gate("Seen in the meeting")
        self.assertEqual(self.open_names(journey), ["A"])
        self.reach(journey)
        self.assertEqual(self.open_names(journey), ["B"])

    def test_who_returned_passes_the_gate_anew(self):
        journey = self.start(gate="approval")
        journey.with_user(self.manager).action_release_gate("Seen in the meeting")
        self.reach(journey)
        self.assertEqual(self.open_names(journey), ["B"])
        stage = journey.visit_id.planned_stage_id
        journey.action_return("Postings were wrong")
        self.assertFalse(stage.released_on or stage.released_by_id)
        self.assertFalse(stage.release_note)
        self.named(journey, "A", "open").action_done()
        self.assertTrue(journey.gate_since)

    def test_a_gate_of_the_template_is_copied(self):
        journey = self.start(gate="condition")
        stage = journey.template_id.stage_ids[1]
        stage.gate_condition_ids.threshold = 1
        stage.gate_condition_ids.unlink()
        stage.gate = False
        self.know(journey, "2026-01-05", 5)
        self.reach(journey)
        self.assertTrue(journey.waits_for)
        self.assertTrue(stage.template_id.copy().stage_ids)

    def test_gates_that_make_no_sense_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "first stage"):
            self.make_template(({"gate": "approval"}, [self.task("A")]))
        with self.assertRaisesRegex(ValidationError, "asks nothing"):
            self.make_template([], ({"gate": "condition"}, [self.task("A")]))
        template = self.make_template([], ({"gate": "approval"}, []))
        with self.assertRaisesRegex(ValidationError, "first stage"):
            template.stage_ids[1].sequence = -1
        journey = self.make_account().start_journey(
            self.make_template([self.task("A")], [self.task("B")])
        )
        with self.assertRaisesRegex(UserError, "no gate"):
            journey.action_release_gate("Go")
