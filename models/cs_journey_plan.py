from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from .cs_task import PENDING


class CsJourney(models.Model):
    """The plan: when everything that is still to come is expected to happen."""

    _inherit = "cs.journey"

    def _refresh_plan(self):
        """Project the dates of all that waits, and say when to look again.

        Called whenever reality moved; writes only what changed.
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
        """Write dates: one statement for each field, those that changed.

        :param plan: ``{(record, field name): date or False}``
        """
        changes = defaultdict(list)
        for (record, name), day in plan.items():
            if record[name] != day:
                changes[record._name, name].append((record.id, day or None))
        for (model, name), days in changes.items():
            ids, dates = zip(*days, strict=True)
            records = self.env[model].browse(ids)
            records.flush_recordset([name])
            self.env.cr.execute(
                SQL(
                    "UPDATE %s r SET %s = plan.day"
                    " FROM unnest(%s, %s::date[]) plan (id, day) WHERE r.id = plan.id",
                    SQL.identifier(records._table),
                    SQL.identifier(name),
                    list(ids),
                    list(dates),
                )
            )
            records.invalidate_recordset([name], flush=False)
            records.modified([name])

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
            indicators = tasks.filtered(lambda task: task._is_indicator())
            clock = self._project_stage(tasks - indicators, clock, plan)
            clock = self._project_judging(stage, entered, clock)
            for task in indicators:
                plan[task, "date_planned"] = clock
            if stage.endless:
                clock = False
        return plan

    def _project_judging(self, stage, entered, done):
        """Return the day on which a stage is expected to be judged.

        :param entered: the day on which it begins; False for never
        :param done: the day on which its work is expected to be done
        :return: a date; False when it is never judged
        """
        visit = self.visit_id
        if stage == visit.planned_stage_id:
            day = visit._judging_day() or False
        else:
            days = self._endless_judging_days() if stage.endless else stage.min_days
            day = entered and entered + timedelta(days=days)
        if stage.endless:
            return day and max(day, entered)
        return done and day and max(done, day)

    def _project_stage(self, tasks, clock, plan):
        """Add the days on which the tasks of one stage open to ``plan``.

        :param clock: the day on which the first position opens; False for never
        :return: the day on which the last mandatory task is expected to be done
        """
        for group in tasks.grouped("position").values():
            ends = [clock]
            for task in group:
                if task.state == "waiting" and not task.previous_id:
                    on_demand = task._is_on_demand()
                    plan[task, "date_planned"] = not on_demand and clock
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
        if not blocking or self.visit_id.planned_stage_id.endless:
            days.append(self.visit_id._judging_day())
        if self.visit_id.gate_since:
            days.append(tomorrow)
        days = [day for day in days if day]
        return max(min(days), tomorrow) if days else False

    def _mirror_progress(self):
        """Show on the customers how far and how fast their lifecycle goes."""
        lifecycle = self.filtered(lambda journey: journey.kind == "lifecycle")
        self.env["cs.account"]._refresh_pace(lifecycle)
