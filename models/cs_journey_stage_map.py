from datetime import timedelta

from odoo import fields, models

# How far ahead a stage without an end is shown.
HORIZON_DAYS = 90


class CsJourneyStage(models.Model):
    """A stage on the map: real dates where it has been, projected ones ahead."""

    _inherit = "cs.journey.stage"

    def _map_stage(self, tasks, following, today):
        """Return one stage as the map draws it.

        :param tasks: the tasks of the journey in this stage
        :param following: the stage after it, or None
        :param today: the company's today
        :return: ``{"name", "status", "entered", "left", "planned", "days", "expected",
            "times", "outcome", "reason", "endless", "gate", "until", "tasks"}``; dates
            are ISO texts or False, ``until`` the last day up to which work is counted
        """
        self.ensure_one()
        visits = self.visit_ids
        current = self.status == "current"
        journey_runs = self.journey_id.state == "running"
        last = visits[-1:]
        entered = visits[:1].entered_on
        coming = self.status == "coming"
        begins = last.entered_on if current else entered
        if coming:
            begins = self.date_planned
        ends = self._map_end(tasks, following, current or coming)
        horizon = self._map_horizon(begins, ends, today)
        lines = [
            task._map_line(horizon if journey_runs else None, today) for task in tasks
        ]
        lines.sort(key=lambda line: (line["date"] or "9999", line["position"]))
        text = fields.Date.to_string
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status,
            "entered": text(begins) if visits else False,
            "left": text(last.left_on) if last.left_on and not current else False,
            "planned": text(begins if coming else ends) if journey_runs else False,
            "days": self._map_days(visits, today),
            "expected": self.expected_days,
            "times": len(visits),
            "outcome": last.outcome or False,
            "reason": last.reason or False,
            "endless": self.endless,
            "gate": bool(self.gate and not self.released_on and coming),
            "until": text(horizon) if journey_runs and horizon else False,
            "tasks": lines,
        }

    def _map_end(self, tasks, following, ahead):
        """Return the day on which this stage is expected to end, or False."""
        if not ahead or self.endless:
            return False
        if following:
            return following.date_planned
        ends = [task._map_end() for task in tasks if task._is_blocking()]
        return max((end for end in ends if end), default=False)

    def _map_horizon(self, begins, ends, today):
        """Return the day up to which the work of this stage can be foreseen."""
        if ends:
            return ends
        if self.endless and begins:
            return max(begins, today) + timedelta(days=HORIZON_DAYS)
        return False

    def _map_days(self, visits, today):
        """Return the days spent in this stage, pauses left out, all visits together."""
        return sum(
            ((visit.left_on or today) - visit.entered_on).days - visit.paused_days
            for visit in visits
        )
