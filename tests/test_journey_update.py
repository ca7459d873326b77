from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyUpdate(JourneyCase):
    """A running journey takes over its template's changes, seen before they happen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            ({"name": "Past"}, [cls.task("Old")]),
            (
                {"name": "Now"},
                [
                    cls.task("Done"),
                    cls.task("Open", duration_days=3),
                    cls.task("Next", 2),
                    cls.task("Weekly", 1, recurrence_days=7, mandatory=False),
                ],
            ),
            ({"name": "Later", "expected_days": 5}, [cls.task("Far")]),
            ({"name": "Last"}, [cls.task("End")]),
        )
        cls.past, cls.now, cls.later, cls.last = cls.template.stage_ids
        cls.journey = cls.make_account().start_journey(cls.template)
        cls.journey.task_ids.filtered(lambda t: t.name == "Old").action_done()
        cls.journey.task_ids.filtered(lambda t: t.name == "Done").action_done()

    def of_template(self, name):
        return self.template.stage_ids.task_ids.filtered(lambda t: t.name == name)

    def look(self, user=None):
        journey = self.journey.with_user(user or self.csm)
        journey.invalidate_recordset()
        action = journey.action_open_update()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.csm)
            .browse(action["res_id"])
        )

    def shown(self, wizard):
        return [(line.change, line.stage, line.task or "") for line in wizard.line_ids]

    def test_nothing_to_update(self):
        wizard = self.look()
        self.assertFalse(wizard.line_ids)

    def test_shows_then_does(self):
        self.of_template("Old").name = "Older"
        self.of_template("Done").duration_days = 99
        self.of_template("Open").duration_days = 10
        self.of_template("Next").unlink()
        self.now.task_ids = [Command.create({"name": "Extra", "position": 2})]
        self.later.expected_days = 8
        self.of_template("Far").write(
            {"responsible": "user", "user_id": self.specialist.id}
        )
        wizard = self.look()
        self.assertCountEqual(
            self.shown(wizard),
            [
                ("changed", "Now", "Open"),
                ("removed", "Now", "Next"),
                ("added", "Now", "Extra"),
                ("changed", "Later", ""),
                ("changed", "Later", "Far"),
            ],
        )
        details = {line.task or line.stage: line.detail for line in wizard.line_ids}
        self.assertEqual(details["Open"], "Days: 3 → 10")
        self.assertEqual(details["Later"], "Expected days: 5 → 8")
        self.assertIn(self.specialist.name, details["Far"])
        self.assertEqual(
            self.named(self.journey, "Open").duration_days, 3, "Shown only"
        )
        wizard.action_confirm()
        opened = self.named(self.journey, "Open")
        self.assertEqual((opened.date_deadline - opened.date_open).days, 10)
        self.assertFalse(self.named(self.journey, "Next"))
        self.assertEqual(self.named(self.journey, "Extra").state, "waiting")
        self.assertEqual(self.named(self.journey, "Extra").user_id, self.csm)
        self.assertEqual(self.named(self.journey, "Far").user_id, self.specialist)
        self.assertEqual(self.named(self.journey, "Done").duration_days, 1)
        self.assertTrue(self.named(self.journey, "Old"))
        self.assertFalse(self.look().line_ids, "All of it")
        opened.with_user(self.csm).action_done()
        self.assertEqual(self.open_names(self.journey), ["Extra", "Weekly"])

    def test_open_work_that_the_template_dropped_is_skipped_for_good(self):
        self.of_template("Open").unlink()
        self.of_template("Weekly").unlink()
        self.look().action_confirm()
        dropped = self.named(self.journey, "Open")
        self.assertEqual(dropped.state, "skipped")
        self.assertIn("template", dropped.reason)
        self.assertEqual(self.open_names(self.journey), ["Next"])
        self.journey.with_user(self.csm).action_advance("Go")
        self.journey.with_user(self.csm).action_return("Once more")
        again = self.journey.visit_id.task_ids.mapped("name")
        self.assertCountEqual(again, ["Done", "Next"])

    def test_stages_come_and_go(self):
        self.last.active = False
        self.template.stage_ids = [
            Command.create(
                {
                    "name": "New",
                    "sequence": 9,
                    "phase_id": self.phases[-1].id,
                    "task_ids": [Command.create({"name": "Fresh"})],
                }
            ),
            Command.create(
                {
                    "name": "Behind",
                    "sequence": 0,
                    "phase_id": self.phases[0].id,
                }
            ),
        ]
        self.template.stage_ids.invalidate_recordset()
        behind = self.template.stage_ids.filtered(lambda s: s.name == "Behind")
        behind.sequence = -1
        wizard = self.look()
        self.assertCountEqual(
            self.shown(wizard), [("removed", "Last", ""), ("added", "New", "")]
        )
        wizard.action_confirm()
        self.assertEqual(
            self.journey.planned_stage_ids.mapped("name"),
            ["Past", "Now", "Later", "New"],
        )
        self.assertFalse(self.named(self.journey, "End"))
        fresh = self.named(self.journey, "Fresh")
        self.assertTrue(fresh.date_planned, "It is in the plan")
        for name in ("Open", "Next", "Far", "Fresh"):
            self.named(self.journey, name).with_user(self.csm).action_done()
        self.assertEqual(self.journey.state, "done")

    def reorder(self, *names):
        """Drag the stages of the template into an order, as the screen does."""
        self.template.stage_ids.invalidate_recordset()
        for number, name in enumerate(names):
            stage = self.template.stage_ids.filtered(
                lambda s, name=name: s.name == name
            )
            stage.sequence = 10 + number
        self.template.invalidate_recordset(["stage_ids"])

    def add_stage(self, name):
        self.template.stage_ids = [
            Command.create(
                {
                    "name": name,
                    "phase_id": self.phases[-1].id,
                    "task_ids": [Command.create({"name": f"Do {name}"})],
                }
            )
        ]

    def walk(self):
        """Do all that is left; return the stages walked through."""
        for _stage in range(9):
            self.journey.task_ids.filtered(lambda t: t.state == "open").action_done()
        self.assertEqual(self.journey.state, "done")
        return self.journey.visit_ids.planned_stage_id.sorted(
            lambda stage: stage.visit_ids[0].id
        ).mapped("name")

    def test_other_numbers_alone_change_nothing(self):
        for number, stage in enumerate(self.template.stage_ids):
            stage.sequence = 1000 - 100 * (4 - number)
        self.template.invalidate_recordset(["stage_ids"])
        self.assertFalse(self.look().line_ids)
        self.assertEqual(self.walk(), ["Past", "Now", "Later", "Last"])

    def test_a_stage_added_and_dragged_between_is_walked_in_its_place(self):
        for number, stage in enumerate(self.journey.planned_stage_ids):
            stage.sequence = 10 * number
        self.add_stage("New")
        self.reorder("Past", "Now", "New", "Later", "Last")
        self.assertEqual(self.shown(self.look()), [("added", "New", "")])
        self.look().action_confirm()
        self.assertFalse(self.look().line_ids)
        self.assertEqual(self.walk(), ["Past", "Now", "New", "Later", "Last"])
        self.assertEqual(self.named(self.journey, "Far").state, "done")

    def test_stages_to_come_change_places(self):
        self.reorder("Last", "Past", "Now", "Later")
        wizard = self.look()
        self.assertEqual(self.shown(wizard), [("changed", "Last", "")])
        self.assertIn("Last, Later", wizard.line_ids.detail)
        wizard.action_confirm()
        self.assertFalse(self.look().line_ids)
        self.assertEqual(self.walk(), ["Past", "Now", "Last", "Later"])

    def test_names_of_stages_follow_in_all_languages(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.later.with_context(lang="pt_BR").name = "Depois"
        self.assertEqual(self.shown(self.look()), [("changed", "Later", "")])
        self.look().action_confirm()
        mine = self.journey.planned_stage_ids[2]
        self.assertEqual(mine.name, "Later")
        self.assertEqual(mine.with_context(lang="pt_BR").name, "Depois")
        self.assertFalse(self.look().line_ids)

    def test_says_what_opens_beside_later_work(self):
        self.named(self.journey, "Open").action_done()
        self.now.task_ids = [Command.create({"name": "Extra", "position": 1})]
        self.assertIn("beside what is open already: Next", self.look().line_ids.detail)

    def test_a_pause_costs_no_work_that_was_begun(self):
        self.journey.action_pause("Holidays")
        self.of_template("Open").unlink()
        self.of_template("Next").unlink()
        self.look().action_confirm()
        self.assertEqual(self.named(self.journey, "Open").state, "skipped")
        self.assertFalse(self.named(self.journey, "Next"))

    def test_texts_follow_in_all_languages(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        task = self.of_template("Far")
        task.with_context(lang="pt_BR").name = "Longe"
        self.assertEqual(self.shown(self.look()), [("changed", "Later", "Far")])
        self.look().action_confirm()
        mine = self.named(self.journey, "Far")
        self.assertEqual(mine.with_context(lang="pt_BR").name, "Longe")
        self.assertFalse(self.look().line_ids)

    def test_indicators_carried_along_stay(self):
        metric = self.env.ref("customer_success.cs_metric_engagement")
        values = {"kind": "indicator", "metric_id": metric.id, "threshold": 70}
        template = self.make_template(
            [self.task("A"), self.task("Use", continuous=True, **values)],
            [self.task("B")],
        )
        account = self.make_account("Carried")
        self.record(account, engagement=90)
        self.journey = account.start_journey(template)
        self.journey.action_advance("Go")
        carried = self.journey.visit_id.task_ids.filtered(lambda t: t.name == "Use")
        self.assertTrue(carried)
        self.assertFalse(self.look().line_ids)
        self.named(self.journey, "Use").template_task_id.threshold = 80
        wizard = self.look()
        self.assertEqual(self.shown(wizard), [("changed", "Stage 2", "Use")])
        wizard.action_confirm()
        self.assertEqual(carried.threshold, 80)

    def test_gates_and_cadences(self):
        metric = self.env.ref("customer_success.cs_metric_engagement")
        question = {"metric_id": metric.id, "operator": ">=", "threshold": 70}
        account = self.journey.account_id
        account.followup_days = 21
        self.of_template("Weekly").recurrence_from = "followup"
        self.later.write(
            {"gate": "condition", "gate_condition_ids": [Command.create(question)]}
        )
        wizard = self.look()
        self.assertCountEqual(
            self.shown(wizard),
            [("changed", "Now", "Weekly"), ("changed", "Later", "")],
        )
        wizard.action_confirm()
        self.assertEqual(self.named(self.journey, "Weekly").recurrence_days, 21)
        later = self.journey.planned_stage_ids[2]
        self.assertEqual(later.gate_condition_ids.threshold, 70)
        self.assertFalse(self.look().line_ids)
        self.later.gate_condition_ids.threshold = 80
        self.assertEqual(self.shown(self.look()), [("changed", "Later", "")])
        self.look().action_confirm()
        self.assertEqual(later.gate_condition_ids.threshold, 80)

    def test_only_what_was_shown(self):
        self.of_template("Far").duration_days = 4
        wizard = self.look()
        self.of_template("Far").duration_days = 5
        with self.assertRaisesRegex(UserError, "look again"):
            wizard.action_confirm()
        self.assertEqual(self.named(self.journey, "Far").duration_days, 1)

    def test_a_paused_journey_stays_paused(self):
        self.journey.action_pause("Holidays")
        self.now.task_ids = [Command.create({"name": "Extra", "position": 1})]
        self.look().action_confirm()
        self.assertEqual(self.named(self.journey, "Extra").state, "waiting")
        self.journey.action_resume()
        self.assertEqual(self.named(self.journey, "Extra").state, "open")

    def test_who_may(self):
        self.of_template("Far").duration_days = 4
        with self.assertRaises(AccessError):
            self.look(self.other_csm)
        self.look(self.manager).action_confirm()
        self.journey.action_cancel("Enough")
        with self.assertRaises(UserError):
            self.look()
