from unittest.mock import patch

from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestTaskHooks(JourneyCase):
    """Other kinds of work hang on two hooks: a task opened, a task was settled."""

    def setUp(self):
        super().setUp()
        self.seen = []
        tasks = type(self.env["cs.task"])
        for hook in ("_after_open", "_after_settle"):
            original = getattr(tasks, hook)

            def note(records, hook=hook, original=original):
                self.seen += [(hook, task.name, task.state) for task in records]
                if hook == "_after_open":
                    records.filtered(lambda task: task.kind == "email")._settle("done")
                return original(records)

            self.enterContext(patch.object(tasks, hook, note))

    def test_each_is_told_once_with_its_state(self):
        template = self.make_template(
            [self.task("A"), self.task("Maybe", mandatory=False)], [self.task("B")]
        )
        journey = self.make_account().start_journey(template)
        self.named(journey, "A").action_done()
        self.assertEqual(
            self.seen,
            [
                ("_after_open", "A", "open"),
                ("_after_open", "Maybe", "open"),
                ("_after_settle", "A", "done"),
                ("_after_open", "B", "open"),
            ],
        )

    def test_what_is_done_by_itself_lets_the_journey_go_on(self):
        template = self.make_template(
            [self.task("Welcome", 1, kind="email"), self.task("Call", 2)],
            [self.task("Bye", kind="email")],
            [self.task("Last", kind="email"), self.task("Visit")],
        )
        journey = self.make_account().start_journey(template)
        self.assertEqual(self.open_names(journey), ["Call"])
        self.named(journey, "Call").action_done()
        self.assertEqual(self.open_names(journey), ["Visit"])
        self.assertEqual(
            journey.task_ids.filtered(lambda t: t.kind == "email").mapped("state"),
            ["done"] * 3,
        )
