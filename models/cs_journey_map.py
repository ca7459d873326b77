from collections import defaultdict

from odoo import fields, models

from .cs_task import PENDING

KEPT_STATES = ("waiting", "open", "done", "skipped")


class CsJourney(models.Model):
    """The map of a journey: what happened and when, what will happen, who works."""

    _inherit = "cs.journey"

    journey_map = fields.Json(
        string="Map",
        compute="_compute_journey_map",
        export_string_translation=False,
    )

    def _compute_journey_map(self):
        for journey in self:
            journey.journey_map = [journey._map()] if journey.id else False

    def _map(self):
        """Return this journey as the map draws it.

        :return: ``{"id", "name", "state", "until", "stages", "asks"}``: ``stages`` as
            :meth:`_map_stage` gives them, ``asks`` the work still to come by who does
            it, ``until`` the last day that it counts (ISO), in hours
        """
        self.ensure_one()
        today = self.env["cs.account"]._today(self.company_id)
        tasks = self.task_ids.filtered(lambda task: task.state in KEPT_STATES)
        by_stage = tasks.grouped("stage_id")
        planned = self.planned_stage_ids
        stages = []
        for stage, following in zip(planned, [*planned[1:], None], strict=True):
            mine = by_stage.get(stage.stage_id, tasks.browse())
            stages.append(stage._map_stage(mine, following, today))
        ends = [stage["until"] for stage in stages if stage["until"]]
        return {
            "id": self.id,
            "name": self.template_id.display_name,
            "state": self.state,
            "until": max(ends, default=False) if self.state == "running" else False,
            "stages": stages,
            "asks": self._map_asks(stages),
        }

    def _map_asks(self, stages):
        """Return the work still to come, by who does it, most hours first.

        :return: list of ``{"who", "hours", "count"}``
        """
        asked = defaultdict(lambda: {"hours": 0.0, "count": 0})
        for stage in stages:
            for line in stage["tasks"]:
                if line["state"] not in PENDING or line["kind"] == "indicator":
                    continue
                times = 1 + len(line["again"])
                asked[line["who"]]["hours"] += line["effort"] * times
                asked[line["who"]]["count"] += times
        lines = [{"who": who, **work} for who, work in asked.items()]
        return sorted(lines, key=lambda line: (-line["hours"], line["who"] or ""))
