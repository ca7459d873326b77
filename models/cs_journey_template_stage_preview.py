from odoo import models

# How much of a stage without an end is drawn.
ENDLESS_DAYS = 90


class CsJourneyTemplateStage(models.Model):
    """A stage on the preview: its positions one after the other."""

    _inherit = "cs.journey.template.stage"

    def _draw_stage(self, start):
        """Return what the preview shows of this stage.

        :param start: the day on which it begins, the first of the journey being 0
        :return: ``{"id", "name", "start", "days", "work", "expected", "min_days",
            "endless", "gate", "tasks"}``; ``work`` are the days that its positions take
        """
        self.ensure_one()
        tasks = self.task_ids.sorted(lambda task: (task.position, task.sequence))
        clock = start
        begins = {}
        for position, group in tasks.grouped("position").items():
            begins[position] = clock
            clock += max((task._drawn_days() for task in group), default=0)
        work = clock - start
        days = max(work, self.min_days, ENDLESS_DAYS if self.endless else 0)
        return {
            "id": self._origin.id,
            "name": self.name or "",
            "start": start,
            "days": days,
            "work": work,
            "expected": self.expected_days,
            "min_days": self.min_days,
            "endless": self.endless,
            "gate": self._drawn_gate(),
            "tasks": [
                task._draw_task(begins[task.position], start + days) for task in tasks
            ],
        }

    def _drawn_gate(self):
        """Return in words what is asked before the stage begins; empty: nothing."""
        if self.gate == "condition":
            return ", ".join(self.gate_condition_ids.mapped("display_name"))
        labels = dict(self._fields["gate"]._description_selection(self.env))
        return labels.get(self.gate, "")
