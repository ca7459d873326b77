"""Starting journeys of 20 tasks, beside copying a project with as many."""

from odoo import Command

from .harness import Row, Step, row

STAGES = 4
TASKS = 5
#: At most so many start at once, and so many projects are copied.
JOURNEYS = 1_000
PROJECTS = 10
START = Step("start a journey of 20 tasks, per journey", "copy a project of 20", 0.1)
NIGHT = Step("the night moves a journey on, per journey", "copy a project of 20", 0.1)


@row
class Journeys(Row):
    name = "journeys"
    steps = (START, NIGHT)

    def prepare(self, size):
        self.templates = [self._template(number) for number in range(2)]
        self.count = min(size, JOURNEYS)
        ids = self.portfolio.account_ids[: self.count]
        self.accounts = self.env["cs.account"].browse(ids)
        self.project = self._project()

    def _template(self, number):
        stages = [
            Command.create(
                {
                    "name": f"Stage {stage}",
                    "sequence": stage,
                    "task_ids": [
                        Command.create(
                            {
                                "name": f"Task {stage}.{task}",
                                "position": task,
                                "duration_days": task,
                            }
                        )
                        for task in range(TASKS)
                    ],
                }
            )
            for stage in range(STAGES)
        ]
        return self.env["cs.journey.template"].create(
            {"name": f"Bench {number}", "kind": "other", "stage_ids": stages}
        )

    def _project(self):
        """Return a project of as many tasks, where that app is there to be met."""
        if "project.project" not in self.env:
            return None
        stages = self.env["project.task.type"].create(
            [{"name": f"Stage {stage}"} for stage in range(STAGES)]
        )
        return self.env["project.project"].create(
            {
                "name": "Bench",
                "type_ids": [Command.set(stages.ids)],
                "task_ids": [
                    Command.create({"name": f"Task {n}", "stage_id": stages[n % 4].id})
                    for n in range(STAGES * TASKS)
                ],
            }
        )
