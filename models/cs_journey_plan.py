from collections import defaultdict
from datetime import timedelta

from odoo import models

from .cs_task import PENDING


class CsJourney(models.Model):
    """The plan: when everything that is still to come is expected to happen."""

    _inherit = "cs.journey"

    def _refresh_plan(self):
        """Project the dates of all that waits, and say when to look again.

        Called whenever reality moved; writes only what changed, one write a date.
        """
        running = self.filtered(lambda journey: journey.state == "running")
        no_tasks = self.env["cs.task"]
        pending = no_tasks.search(
            [("journey_id", "in", running.ids), ("state", "in", PENDING)],
            order="position, id",
        ).grouped("journey_id")
        plan = {}
        for journey in running:
            tasks = pending.get(journey, no_tasks)
            plan |= journey._project(tasks)
            plan[journey, "next_check_on"] = journey._next_check(tasks)
        self._write_plan(plan)

    def _write_plan(self, plan):
        """Write dates, those that are the same for many records together.

        :param plan: ``{(record, field name): date or False}``
        """
        groups = defaultdict(list)
        for (record, name), day in plan.items():
            if record[name] != day:
                groups[record._name, name, day].append(record.id)
        for (model, name, day), ids in groups.items():
            self.env[model].browse(ids).write({name: day})

    def _project(self, pending):
        """Return when what waits in this journey is expected to open.

        Each position is expected to take as long as its longest mandatory task, and
        late tasks to be done today.

        :param pending: waiting and open tasks of the journey, by position
        :return: ``{(task or stage, "date_planned"): date or False}``; False for what
            comes after a stage that never ends
        """
        plan = {}
        by_stage = pending.grouped("stage_id")
        current = self.visit_id.planned_stage_id
        clock = self.env["cs.account"]._today(self.company_id)
        for stage in self.planned_stage_ids.filtered(
            lambda stage: stage._rank() >= current._rank()
        ):
            if stage != current:
                plan[stage, "date_planned"] = clock
            entered = clock
            tasks = by_stage.get(stage.stage_id, pending.browse())
            clock = self._project_stage(tasks, clock, plan)
            if stage == current:
                clock = clock and max(clock, self._earliest_end() or clock)
            elif clock:
                clock = max(clock, entered + timedelta(days=stage.min_days))
            if stage.endless:
                clock = False
        return plan

    def _project_stage(self, tasks, clock, plan):
        """Add the days on which the tasks of one stage open to ``plan``.

        :param clock: the day on which the first position opens; False for never
        :return: the day on which the last mandatory task is expected to be done
        """
        for group in tasks.grouped("position").values():
            ends = [clock]
            for task in group:
                if task.state == "waiting" and not task.previous_id:
                    plan[task, "date_planned"] = clock
                if clock and task._is_blocking():
                    ends.append(task._expected_end(clock))
            clock = clock and max(ends)
        return clock

    def _next_check(self, pending):
        """Return the next day on which time alone changes something here.

        :param pending: waiting and open tasks of the journey
        :return: a date after today, or False when only people can move the journey
        """
        tomorrow = self.env["cs.account"]._today(self.company_id) + timedelta(days=1)
        tasks = pending.filtered(lambda task: task.visit_id == self.visit_id)
        days = [task.date_planned for task in tasks if task._is_waiting_occurrence()]
        blocking = tasks.filtered(lambda task: task._is_blocking())
        # The day after a deadline the plan of all that follows moves.
        days += [
            task.date_deadline + timedelta(days=1)
            for task in blocking
            if task.state == "open"
        ]
        if not blocking:
            days.append(self._earliest_end())
        days = [day for day in days if day]
        return max(min(days), tomorrow) if days else False

    def _mirror_progress(self):
        """Show on the customers how far and how fast their lifecycle goes."""
        lifecycle = self.filtered(lambda journey: journey.kind == "lifecycle")
        self.env["cs.account"]._refresh_pace(lifecycle)
