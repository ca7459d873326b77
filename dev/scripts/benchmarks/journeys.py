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
        self.template = self._template()
        self.count = min(size, JOURNEYS)
        ids = self.portfolio.account_ids[: self.count]
        self.accounts = self.env["cs.account"].browse(ids)
        self.project = self._project()

    def _template(self):
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
            {"name": "Bench", "kind": "other", "stage_ids": stages}
        )

    def _project(self):
        """Return a project of as many tasks as a journey has."""
        kinds = self.env["project.task.type"].create(
            [{"name": f"Stage {stage}"} for stage in range(STAGES)]
        )
        tasks = [
            Command.create({"name": f"Task {n}", "stage_id": kinds[n % STAGES].id})
            for n in range(STAGES * TASKS)
        ]
        return self.env["project.project"].create(
            {"name": "Bench", "type_ids": [Command.set(kinds.ids)], "task_ids": tasks}
        )

    def round(self, size, clock):
        starting = self.env["cs.journey"]
        with clock.time(START):
            journeys = starting._start_journeys(self.accounts, self.template)
        tasks = journeys.visit_id.task_ids
        tasks.write({"state": "done"})
        self.env.cr.commit()
        self.env.invalidate_all()
        with clock.time(NIGHT):
            failed = journeys._check_each()
        if failed or len(journeys.visit_ids) != 2 * self.count:
            raise AssertionError("the night did not move the journeys on")
        copies = self.env["project.project"]
        with clock.time(START, yardstick=True):
            for _project in range(PROJECTS):
                copies += self.project.copy()
        for step in self.steps:
            clock.ours[step.name] /= self.count
            clock.yardstick[step.name] = clock.yardstick[START.name]
        for step in self.steps:
            clock.yardstick[step.name] /= PROJECTS
        copies.unlink()
        journeys.unlink()
        self.env.cr.commit()

    def clean(self):
        self.project.unlink()
        self.template.unlink()
