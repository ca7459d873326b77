from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import fields
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
            "continuous": st.booleans(),
        }
    ),
    max_size=5,
)
STAGES = st.lists(
    st.tuples(st.fixed_dictionaries({"min_days": st.sampled_from([0, 0, 4])}), TASKS),
    min_size=1,
    max_size=3,
)
#: As expected, not as expected, unknown from then on, nothing new.
FACTS = st.sampled_from([30, 10, None, "same"])
# What happens on a day: which of the open tasks is done, or skipped, by which fact.
DAYS = st.lists(st.tuples(st.integers(0, 9), st.booleans(), FACTS), max_size=12)


@tagged("post_install", "-at_install")
class TestJourneyProperties(JourneyCase):
    """Random templates, walked at random: what must hold always does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metric = cls.env.ref("customer_success.cs_metric_weekly_active_users")
        cls.metric.stale_after_days = 0

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        # A failing walk is short enough to be read as it is.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(stages=STAGES, days=DAYS)
    def test_walks_keep_their_promises(self, stages, days):
        with self.env.cr.savepoint() as savepoint:
            self.walk(stages, days)
            savepoint.rollback()

    def make_random(self, stages):
        """Make a template; its indicators all ask the same question."""
        question = {"metric_id": self.metric.id, "operator": ">=", "threshold": 20}
        for _settings, tasks in stages:
            for task in tasks:
                task.update(question if task["kind"] == "indicator" else {})
        return self.make_template(*stages)

    def walk(self, stages, days):
        with self.calendar("2026-01-01") as next_day:
            journey = self.make_account().start_journey(self.make_random(stages))
            self.check(journey, self.day("2026-01-01"))
            for choice, skip, fact in days:
                today = next_day()
                self.know(journey, fact)
                self.nightly()
                self.act(journey, choice, skip)
                self.check(journey, today)
            self.walk_to_the_end(journey, next_day)

    def know(self, journey, fact):
        if fact != "same":
            self.record(
                journey.account_id,
                at=fields.Datetime.now(),
                weekly_active_users=fact,
            )

    def act(self, journey, choice, skip):
        tasks = journey.task_ids.filtered(lambda task: task.state == "open")
        if tasks:
            task = tasks[choice % len(tasks)]
            task.action_skip("Random") if skip else task.action_done()

    def walk_to_the_end(self, journey, next_day):
        """When all is as expected and people work, every journey ends."""
        for _day in range(40):
            if journey.state == "done":
                break
            today = next_day()
            self.know(journey, 30)
            self.nightly()
            journey.task_ids.filtered(lambda task: task.state == "open").action_done()
            if journey.state == "running" and journey.visit_id._waits_for_decision():
                journey.action_advance("Repeated too often")
            self.check(journey, today)
        self.assertEqual(journey.state, "done")
        self.assertFalse(self.pending(journey).filtered(lambda t: not t._is_offered()))

    def pending(self, journey):
        return journey.task_ids.filtered(lambda t: t.state in ("open", "waiting"))

    # What always holds

    def check(self, journey, today):
        running = journey.visit_ids.filtered(lambda visit: not visit.left_on)
        self.assertEqual(len(running), 1 if journey.state == "running" else 0)
        self.assertEqual(running, journey.visit_id if running else running)
        pending = self.pending(journey)
        self.check_positions(pending, running, today)
        for task in journey.task_ids.filtered("date_open"):
            self.assertEqual(
                task.date_deadline, task.date_open + timedelta(days=task.duration_days)
            )
        self.check_series(pending)
        self.check_none_lost(journey)
        self.check_carried(running)
        self.check_judged_once_a_day(journey)

    def check_positions(self, pending, running, today):
        """No position is open before the ones before it are settled."""
        blocked = min(
            (
                task.position
                for task in pending
                if task.visit_id == running and task._is_blocking()
            ),
            default=None,
        )
        undecided = running._waits_for_decision()
        for task in pending:
            if task.state == "open":
                self.assertNotEqual(task.kind, "indicator")
                if task.visit_id == running:
                    self.assertTrue(blocked is None or task.position <= blocked)
                else:
                    self.assertTrue(task._is_offered())
                continue
            if not undecided or (task.visit_id and task.kind != "indicator"):
                self.assertGreaterEqual(task.date_planned, today)
            if task.visit_id and task.kind != "indicator" and not task.previous_id:
                self.assertEqual(task.visit_id, running)
                self.assertGreater(task.position, blocked)

    def check_series(self, pending):
        """One occurrence at a time of what recurs."""
        recurring = pending.filtered(
            lambda t: t.recurrence_days and not t._is_indicator()
        )
        keys = [(task.visit_id, task.template_task_id) for task in recurring]
        self.assertEqual(len(keys), len(set(keys)))

    def check_none_lost(self, journey):
        """Each visit has every task of its stage, once-tasks until they are settled."""
        settled_once = set()
        for visit in journey.visit_ids.sorted("id"):
            own = visit.task_ids.filtered(
                lambda task: not task.previous_id and not task.origin_stage_id
            )
            wanted = visit.stage_id.task_ids.filtered(
                lambda task, gone=settled_once: task.id not in gone
            )
            self.assertEqual(sorted(own.template_task_id.ids), sorted(wanted.ids))
            self.assertEqual(len(own), len(wanted))
            settled_once |= {
                task.template_task_id.id
                for task in own
                if task.once
                and task.state in ("done", "skipped")
                and not task._is_indicator()
            }

    def check_carried(self, running):
        """A visit is asked each continuous indicator of the stages before it, once."""
        if running:
            stages = running.journey_id.template_id.stage_ids
            before = stages.filtered(lambda s: s.sequence < running.stage_id.sequence)
            wanted = before.task_ids.filtered(
                lambda task: task.kind == "indicator" and task.continuous
            )
            carried = running.task_ids.filtered("origin_stage_id")
            self.assertEqual(
                sorted(task.template_task_id.id for task in carried), sorted(wanted.ids)
            )

    def check_judged_once_a_day(self, journey):
        """A stage is judged again on the same day only after somebody's work."""
        judged = journey.visit_ids.filtered(lambda v: v.judged_on and v.outcome)
        for (_stage, day), visits in judged.grouped(
            lambda visit: (visit.stage_id, visit.judged_on)
        ).items():
            for visit in visits.sorted("id")[1:]:
                work = visit.task_ids.filtered(
                    lambda task, day=day: (
                        task._is_blocking()
                        and task.kind in ("task", "interaction")
                        and task.date_done == day
                    )
                )
                self.assertTrue(work, visit.stage_id.name)
        self.assertLessEqual(max(journey.visit_ids.mapped("repeat_number")), 4)
