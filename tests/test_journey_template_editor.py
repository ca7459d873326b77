from odoo import Command
from odoo.tests import Form, tagged

from odoo.addons.customer_success.journeys.titles import begins_with_verb

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyTemplateEditor(JourneyCase):
    """A manager draws a template: order, parallel work, hints, copies, sharing."""

    def edit(self, record):
        return Form(record.with_user(self.specialist))

    def order(self, stage):
        """Return what the editor's list shows, in its own order."""
        stage.invalidate_recordset()
        tasks = stage.task_ids.sorted(lambda task: (task.sequence, task.id))
        return [(task.name, task.position) for task in tasks]

    def drag(self, stage, *names):
        """Put the rows into another order and save, as the list's handle does.

        The browser numbers all rows first, and then asks the stage once.
        """
        stage = stage.with_user(self.specialist)
        by_name = {task.name: task.id for task in stage.task_ids}
        moved = {
            by_name[name]: {"sequence": number} for number, name in enumerate(names, 1)
        }
        columns = ("sequence", "position", "together", "name")
        answer = stage.onchange(
            {"task_ids": [Command.update(*item) for item in moved.items()]},
            ["task_ids"],
            {"task_ids": {"fields": {key: {} for key in columns}}},
        )
        for _command, task_id, values in answer["value"]["task_ids"]:
            moved[task_id] |= values
        stage.write({"task_ids": [Command.update(*item) for item in moved.items()]})

    def toggle(self, stage, name, together):
        with self.edit(stage) as form:
            for index in range(len(form.task_ids)):
                with form.task_ids.edit(index) as line:
                    if line.name == name:
                        line.together = together

    def make_stage(self, *positions):
        tasks = [
            self.task(name, position)
            for name, position in zip("ABCDEF", positions, strict=False)
        ]
        return self.make_template(tasks).stage_ids

    def test_drag_a_task_to_the_front(self):
        stage = self.make_stage(1, 2, 3)
        self.drag(stage, "C", "A", "B")
        self.assertEqual(self.order(stage), [("C", 1), ("A", 2), ("B", 3)])

    def test_toggle_together_with_the_one_before(self):
        stage = self.make_stage(1, 2, 3)
        self.toggle(stage, "B", True)
        self.assertEqual(self.order(stage), [("A", 1), ("B", 1), ("C", 2)])
        self.toggle(stage, "B", False)
        self.assertEqual(self.order(stage), [("A", 1), ("B", 2), ("C", 3)])

    def test_parallel_tasks_stay_together_when_swapped(self):
        stage = self.make_stage(1, 1, 2)
        self.drag(stage, "B", "A", "C")
        self.assertEqual(self.order(stage), [("B", 1), ("A", 1), ("C", 2)])

    def test_a_task_drawn_away_leaves_its_position(self):
        stage = self.make_stage(1, 1, 2)
        self.drag(stage, "A", "C", "B")
        self.assertEqual(self.order(stage), [("A", 1), ("C", 2), ("B", 3)])

    def test_delete_the_first_of_a_position(self):
        stage = self.make_stage(1, 2, 2)
        with self.edit(stage) as form:
            form.task_ids.remove(index=1)
        self.assertEqual(self.order(stage), [("A", 1), ("C", 2)])

    def test_the_first_of_all_has_none_before(self):
        stage = self.make_stage(1, 2)
        self.toggle(stage, "A", True)
        self.assertEqual(self.order(stage), [("A", 1), ("B", 2)])

    def test_add_a_task(self):
        stage = self.make_stage(1, 1)
        with self.edit(stage) as form, form.task_ids.new() as line:
            line.name = "Call"
            # The list numbers a new row after the last.
            line.sequence = 3000
        self.assertEqual(self.order(stage), [("A", 1), ("B", 1), ("Call", 2)])

    def test_a_position_written_alone_moves_the_task_in_the_list(self):
        stage = self.make_stage(1, 2, 3)
        stage.task_ids[0].position = 4
        self.assertEqual(self.order(stage), [("B", 2), ("C", 3), ("A", 4)])

    def test_journeys_follow_the_order_within_a_position(self):
        stage = self.make_stage(1, 1)
        self.drag(stage, "B", "A")
        journey = self.make_account().start_journey(stage.template_id)
        self.assertEqual(journey.task_ids.sorted("id").mapped("name"), ["B", "A"])

    # Hints

    def test_titles_of_tasks_begin_with_a_verb(self):
        for title in (
            "Agree on the goals of the first quarter",
            "Kick-off meeting",
            "Send the list of users",
            "Set up the product",
            "Agendar a reunião de kick-off",
            "Definir as metas do trimestre",
            "Propor o plano ao cliente",
            "Reunir-se com o patrocinador",
            "Pôr no ar com o cliente",
            "Ver o uso do mês",
            "Dar acesso aos sistemas",
            "Ir ao cliente",
        ):
            self.assertTrue(begins_with_verb(title), title)
        for title in (
            "List of users",
            "The goals of the quarter",
            "Weekly active users",
            "Reunião de kick-off",
            "Lugar da reunião",
            "Usuários ativos por semana",
            "Par de usuários para o piloto",
        ):
            self.assertFalse(begins_with_verb(title), title)
        # Without a small word the reader's language decides.
        self.assertTrue(begins_with_verb("Treinar usuários-chave", "pt_BR"))
        self.assertTrue(begins_with_verb("Validar DRE", "pt_BR"))
        self.assertFalse(begins_with_verb("Number DRE", "en_US"))

    def test_hints_never_block(self):
        stage = self.make_stage(1)
        with self.edit(stage) as form, form.task_ids.edit(0) as line:
            line.name = "List of users"
            self.assertIn("verb", line.title_hint)
            line.name = "Send the list of users"
            self.assertFalse(line.title_hint)
        with self.edit(stage) as form, form.task_ids.edit(0) as line:
            line.name = "Measure the active users"
        task = stage.task_ids
        task.kind = "task"
        self.assertFalse(task.title_hint)

    # Preview

    def test_preview_days_and_hours(self):
        template = self.make_template(
            (
                {"name": "Start", "expected_days": 5},
                [
                    self.task("Call", duration_days=3, effort_hours=1),
                    self.task("Read", duration_days=2, effort_hours=0.5),
                    self.task(
                        "Send data",
                        2,
                        duration_days=4,
                        responsible="customer",
                        effort_hours=2,
                    ),
                    self.task("Note", 2, duration_days=30, mandatory=False),
                ],
            ),
            (
                {"name": "Adopt", "min_days": 45},
                [
                    self.task(
                        "Meet", duration_days=7, recurrence_days=7, effort_hours=1
                    ),
                    self.task(
                        "Configure",
                        2,
                        duration_days=10,
                        effort_hours=3,
                        responsible="user",
                        user_id=self.specialist.id,
                    ),
                ],
            ),
            (
                {"name": "Live", "endless": True},
                [self.task("Follow up", recurrence_days=45, effort_hours=1.5)],
            ),
        )
        plan = template.with_user(self.specialist).preview
        start, adopt, live = plan["stages"]
        # The longest mandatory of each position: 3 + 4; an optional one waits for none.
        self.assertEqual((start["days"], start["expected"]), (7, 5))
        self.assertEqual([t["start"] for t in start["tasks"]], [0, 0, 3, 3])
        self.assertEqual((adopt["start"], adopt["days"], adopt["work"]), (7, 45, 10))
        self.assertEqual(
            adopt["tasks"][0]["ticks"], [7, 14, 21, 28, 35, 42, 49], "Seven meetings"
        )
        self.assertEqual(live["tasks"][0]["ticks"], [52, 97])
        self.assertEqual((plan["days"], plan["drawn"]), (52, 142))
        asks = {ask["who"]: (ask["hours"], ask["monthly"]) for ask in plan["asks"]}
        self.assertEqual(
            asks,
            {
                "The customer's CSM": (1 + 0.5 + 7 * 1, 1.0),
                self.specialist.name: (3, 0),
                "The customer": (2, 0),
            },
        )

    def test_preview_follows_what_is_saved(self):
        stage = self.make_stage(1, 2)
        template = stage.template_id
        self.assertEqual(template.preview["days"], 2)
        with self.edit(stage) as form, form.task_ids.edit(1) as line:
            line.duration_days = 9
        self.assertEqual(template.preview["days"], 10)

    # Copies

    def test_copy_takes_everything_along(self):
        template = self.make_template(
            [self.task("A", material="<p>Link</p>"), self.task("B", 1), self.task("C")],
            [self.task("D", recurrence_days=7)],
        )
        twin = template.with_user(self.specialist).copy()
        self.assertEqual(twin.name, "Walk (copy)")
        self.assertEqual(self.content(twin), self.content(template))
        twin.stage_ids[0].task_ids.unlink()
        self.assertEqual(len(template.stage_ids[0].task_ids), 3)

    def test_archived_templates_start_for_nobody_new(self):
        template = self.make_template([self.task("A")])
        journey = self.make_account().start_journey(template)
        template.with_user(self.specialist).action_archive()
        self.assertEqual(journey.state, "running")
        self.assertNotIn(template, self.env["cs.journey.template"].search([]))

    def test_editing_a_template_changes_no_running_journey(self):
        template = self.make_template([self.task("A"), self.task("B", 2)])
        journey = self.make_account().start_journey(template)
        before = self.content(journey, "task_ids")
        stage = template.stage_ids.with_user(self.specialist)
        stage.write(
            {
                "min_days": 30,
                "task_ids": [
                    Command.update(
                        stage.task_ids[0].id, {"name": "X", "kind": "email"}
                    ),
                    Command.delete(stage.task_ids[1].id),
                    Command.create({"name": "New"}),
                ],
            }
        )
        self.assertEqual(self.content(journey, "task_ids"), before)
        self.assertEqual(journey.planned_stage_ids.min_days, 0)

    # Sharing

    FIELDS = (
        "name",
        "kind",
        "stage_ids/name",
        "stage_ids/sequence",
        "stage_ids/phase_id/id",
        "stage_ids/expected_days",
        "stage_ids/stuck_days",
        "stage_ids/min_days",
        "stage_ids/endless",
        "stage_ids/task_ids/name",
        "stage_ids/task_ids/position",
        "stage_ids/task_ids/sequence",
        "stage_ids/task_ids/kind",
        "stage_ids/task_ids/interaction_kind",
        "stage_ids/task_ids/duration_days",
        "stage_ids/task_ids/responsible",
        "stage_ids/task_ids/user_id/id",
        "stage_ids/task_ids/mandatory",
        "stage_ids/task_ids/once",
        "stage_ids/task_ids/recurrence_days",
        "stage_ids/task_ids/closed_by",
        "stage_ids/task_ids/effort_hours",
        "stage_ids/task_ids/description",
        "stage_ids/task_ids/material",
    )
    IDS = ("id", "stage_ids/id", "stage_ids/task_ids/id")

    def content(self, record, path="stage_ids/task_ids"):
        names = self.env["cs.task"]._definition_fields()
        tasks = record
        for name in path.split("/"):
            tasks = tasks[name]
        return [
            {"stage": task.stage_id.name}
            | {name: task._fields[name].convert_to_write(task[name], task)}
            for task in tasks.sorted("id")
            for name in names
        ]

    def test_export_and_import_share_a_template(self):
        template = self.make_template(
            (
                {"name": "Start", "expected_days": 5},
                [
                    self.task(
                        "Call",
                        kind="interaction",
                        interaction_kind="call",
                        effort_hours=1.5,
                        description="<p>Ask first.</p>",
                    ),
                    self.task("Read", responsible="user", user_id=self.specialist.id),
                ],
            ),
            (
                {"name": "Live", "endless": True},
                [self.task("Meet", recurrence_days=7, mandatory=False)],
            ),
        )
        sharer = self.make_user(
            "cs_sharer",
            "customer_success.group_cs_specialist",
            "base.group_allow_export",
        )
        templates = self.env["cs.journey.template"].with_user(sharer)
        header = [*self.IDS, *self.FIELDS]
        exported = template.with_user(sharer).export_data(header)["datas"]
        # Other external ids: as in another database. A file holds texts.
        rows = [
            [
                f"{cell}_shared" if cell and column < len(self.IDS) else str(cell)
                for column, cell in enumerate(row)
            ]
            for row in exported
        ]
        answer = templates.load(header, rows)
        self.assertFalse([m for m in answer["messages"] if m["type"] == "error"])
        twin = templates.browse(answer["ids"])
        self.assertEqual(len(twin), 1)
        self.assertNotEqual(twin, template)
        self.assertEqual(self.content(twin), self.content(template))
        self.assertEqual(
            twin.stage_ids.mapped("phase_id"), template.stage_ids.mapped("phase_id")
        )
        # Again changes it, and makes no other.
        again = templates.load(header, rows)
        self.assertEqual(again["ids"], answer["ids"])
        self.assertEqual(self.content(twin), self.content(template))
