from contextlib import contextmanager
from datetime import timedelta

from odoo import Command, fields
from odoo.tests.common import freeze_time

from .common import CsCase


class JourneyCase(CsCase):
    """Small templates, and short ways to look at a journey."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phases = cls.env["cs.phase"].search([])

    @classmethod
    def make_account(cls, name="Padaria Aurora", **values):
        """Make a customer of ``csm``, unless said otherwise."""
        return super().make_account(name, **{"csm_id": cls.csm.id, **values})

    @classmethod
    def task(cls, name, position=1, **values):
        """Return a task of a template."""
        return {"name": name, "position": position, **values}

    @classmethod
    def make_template(cls, *stages, **values):
        """Create a template; each stage is its tasks, or ``(settings, tasks)``."""
        commands = []
        for index, stage in enumerate(stages):
            settings, tasks = stage if isinstance(stage, tuple) else ({}, stage)
            commands.append(
                Command.create(
                    {
                        "name": f"Stage {index + 1}",
                        "sequence": index,
                        "phase_id": cls.phases[min(index, len(cls.phases) - 1)].id,
                        **settings,
                        "task_ids": [Command.create(task) for task in tasks],
                    }
                )
            )
        return cls.env["cs.journey.template"].create(
            {"name": "Walk", "kind": "lifecycle", "stage_ids": commands, **values}
        )

    def names(self, tasks):
        """Return the titles of tasks, sorted."""
        return sorted(tasks.mapped("name"))

    def open_names(self, journey):
        """Return the titles of the open tasks of a journey."""
        return self.names(journey.task_ids.filtered(lambda t: t.state == "open"))

    def named(self, journey, name, state=None):
        """Return the tasks of a journey with a title, all or in one state."""
        return journey.task_ids.filtered(
            lambda t: t.name == name and (not state or t.state == state)
        )

    def nightly(self):
        """Do what the nightly action does, without its commits."""
        journeys = self.env["cs.journey"]
        journeys._follow_changed_cadences()
        due = journeys.search(journeys._due_check_domain())
        self.assertFalse(due._check_each())
        self.env["cs.account"]._refresh_pace()

    def at(self, moment):
        """Live at a moment: a date (its noon, UTC) or a UTC datetime, as text."""
        if len(moment) == len("2026-01-23"):
            moment += " 12:00:00"
        return self.at_time(moment)

    @contextmanager
    def calendar(self, day):
        """Walk through the days: gives a function that goes to the next noon.

        One frozen clock for all of them: freezing anew each day takes long.
        """
        moment = fields.Datetime.to_datetime(f"{day} 12:00:00")
        with freeze_time(moment) as clock:

            def next_day():
                nonlocal moment
                moment += timedelta(days=1)
                clock.move_to(moment)
                return moment.date()

            yield next_day

    @staticmethod
    def day(text):
        return fields.Date.to_date(text)
