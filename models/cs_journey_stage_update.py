from odoo import models

from ..journeys.change import Change
from .cs_task import PENDING


class CsJourneyStage(models.Model):
    """What a stage to come would take over from the template."""

    _inherit = "cs.journey.stage"

    def _change_leave_out(self):
        def apply():
            self._tasks_to_do().unlink()
            self.unlink()

        text = self.env._("No longer in the template")
        return Change("removed", self.name, "", text, apply)

    def _tasks_to_do(self):
        """Return the tasks of this stage that are not settled yet."""
        return self.journey_id.task_ids.filtered(
            lambda task: (
                task.stage_id == self.stage_id
                and task.state in PENDING
                and task.visit_id in (self.journey_id.visit_id, task.visit_id.browse())
            )
        )

    def _changes_of_settings(self):
        names = [
            name
            for name in self._copied_fields()
            # Their order is a matter of all of them together.
            if name != "sequence" and self._differs(name)
        ]
        asks = self._gate_questions(self)
        if not names and asks == self._gate_questions(self.stage_id):
            return []
        values = {
            name: self._fields[name].convert_to_write(self.stage_id[name], self)
            for name in names
        }
        details = [
            self.env["cs.task"]._describe_change(self, self.stage_id, name)
            for name in names
        ]
        if asks != self._gate_questions(self.stage_id):
            asked = self.stage_id.gate_condition_ids.mapped("display_name")
            details.append(
                self.env._("Conditions of the gate: %s", ", ".join(asked) or "–")
            )

        def apply():
            self.write(values)
            for code in self.env["cs.task"]._languages():
                name = self.stage_id.with_context(lang=code).name
                self.with_context(lang=code).name = name
            self._take_gate_conditions()

        return [Change("changed", self.name, "", "; ".join(details), apply)]

    def _differs(self, name):
        """Whether the template says otherwise about a field, in any language."""
        codes = [self.env.lang]
        if self._fields[name].translate:
            codes = self.env["cs.task"]._languages()
        return any(
            self.with_context(lang=code)[name]
            != self.stage_id.with_context(lang=code)[name]
            for code in codes
        )

    def _gate_questions(self, stage):
        """Return what the gate of a stage, ours or the template's, asks."""
        if stage.gate != "condition":
            return []
        names = self.env["cs.journey.gate.condition"]._question_fields()
        return [
            {
                name: condition._fields[name].convert_to_write(
                    condition[name], condition
                )
                for name in names
            }
            for condition in stage.gate_condition_ids
        ]

    def _take_gate_conditions(self):
        """Let the gates of these stages ask what those of the template ask."""
        self.gate_condition_ids.unlink()
        self.env["cs.journey.gate.condition"].create(
            [
                {**asked, "planned_stage_id": stage.id, "sequence": number}
                for stage in self
                for number, asked in enumerate(self._gate_questions(stage.stage_id))
            ]
        )

    def _changes_of_tasks(self):
        pending = self._tasks_to_do()
        sources = self.stage_id.task_ids
        changes = []
        for task in pending:
            # Continuous indicators of earlier stages are carried along.
            carried = task.origin_stage_id and task.template_task_id
            if task.template_task_id not in sources and not carried:
                changes.append(task._change_leave_out())
            elif change := task._change_follow():
                changes.append(change)
        changes += [
            self._change_add_task(source)
            for source in sources - pending.template_task_id
            if not self._is_done_already(source)
        ]
        return changes

    def _is_done_already(self, source):
        """Whether this visit has settled the task, or any visit one that is once."""
        settled = self.journey_id.task_ids.filtered(
            lambda task: task.template_task_id == source and task._is_settled()
        )
        if source.once:
            return bool(settled)
        return bool(
            settled.filtered(
                lambda task: task.visit_id and task.visit_id == self.journey_id.visit_id
            )
        )

    def _change_add_task(self, source):
        journey = self.journey_id
        visit = journey.visit_id if self.status == "current" else False

        def apply():
            tasks = self.env["cs.task"]
            task = tasks.create(
                {
                    **tasks._definition_of(source),
                    **tasks._prepare_responsible_values(
                        source.responsible, journey.account_id, source.user_id
                    ),
                    "account_id": journey.account_id.id,
                    "journey_id": journey.id,
                    "stage_id": self.stage_id.id,
                    "visit_id": visit and visit.id,
                    "template_task_id": source.id,
                    "fallback_days": source.recurrence_days,
                    "state": "waiting",
                }
            )
            task._take_texts(source)

        detail = source._sum_up()
        later = visit and visit.task_ids.filtered(
            lambda task: task.state == "open" and task.position > source.position
        )
        if later:
            names = ", ".join(later.mapped("name"))
            beside = self.env._("opens beside what is open already: %s", names)
            detail = "; ".join(filter(None, (detail, beside)))
        return Change("added", self.name, source.name, detail, apply)
