from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .journey_common import JourneyCase

TASKS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from("ABCDEFGH"),
            "position": st.integers(1, 4),
            "mandatory": st.booleans(),
            "duration_days": st.integers(0, 5),
            "recurrence_days": st.sampled_from([0, 0, 0, 3]),
            "kind": st.sampled_from(["task", "interaction", "indicator", "email"]),
        }
    ),
    max_size=5,
)
STAGES = st.lists(
    st.tuples(st.fixed_dictionaries({"min_days": st.sampled_from([0, 0, 4])}), TASKS),
    min_size=1,
    max_size=3,
)
# What the people do on a day: which of the open tasks, and whether they skip it.
DAYS = st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=12)


@tagged("post_install", "-at_install")
class TestJourneyProperties(JourneyCase):
    """Random templates, walked at random: what must hold always does."""

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(stages=STAGES, days=DAYS)
    def test_walks_keep_their_promises(self, stages, days):
        with self.env.cr.savepoint() as savepoint:
            self.walk(stages, days)
            savepoint.rollback()

    def walk(self, stages, days):
        with self.calendar("2026-01-01") as next_day:
            journey = self.make_account().start_journey(self.make_template(*stages))
            self.check(journey, self.day("2026-01-01"))
            for choice, skip in days:
                today = next_day()
                self.nightly()
                self.act(journey, choice, skip)
                self.check(journey, today)
            self.walk_to_the_end(journey, next_day)

    def act(self, journey, choice, skip):
        tasks = journey.task_ids.filtered(lambda task: task.state == "open")
        if tasks:
            task = tasks[choice % len(tasks)]
            task.action_skip("Random") if skip else task.action_done()

    def walk_to_the_end(self, journey, next_day):
        for _day in range(40):
            if journey.state == "done":
                break
            today = next_day()
            self.nightly()
            journey.task_ids.filtered(lambda task: task.state == "open").action_done()
            self.check(journey, today)
        self.assertEqual(journey.state, "done")
        self.assertFalse(self.pending(journey))

    def pending(self, journey):
        return journey.task_ids.filtered(lambda t: t.state in ("open", "waiting"))

    def check(self, journey, today):
        running = journey.visit_ids.filtered(lambda visit: not visit.left_on)
        self.assertEqual(len(running), 1 if journey.state == "running" else 0)
        pending = self.pending(journey)
        blocked = min(
            (
                task.position
                for task in pending
                if task.visit_id == running and task._is_blocking()
            ),
            default=None,
        )
        for task in journey.task_ids:
            if task.date_open:
                self.assertEqual(
                    task.date_deadline,
                    task.date_open + timedelta(days=task.duration_days),
                )
            if task.state == "open":
                self.assertEqual(task.visit_id, running)
                self.assertTrue(blocked is None or task.position <= blocked)
            if task.state == "waiting":
                self.assertGreaterEqual(task.date_planned, today)
                if task.visit_id == running and not task.previous_id:
                    self.assertGreater(task.position, blocked)
        self.check_series(pending)

    def check_series(self, pending):
        """One occurrence at a time of what recurs."""
        recurring = pending.filtered("recurrence_days")
        keys = [(task.visit_id, task.template_task_id) for task in recurring]
        self.assertEqual(len(keys), len(set(keys)))
