from collections import defaultdict

from odoo import api, fields, models

# How much of a stage without an end is drawn, and what a month of it is.
ENDLESS_DAYS = 90
MONTH_DAYS = 30


class CsJourneyTemplate(models.Model):
    """The template drawn as a timeline, if everything takes as long as it may."""

    _inherit = "cs.journey.template"

    preview = fields.Json(
        compute="_compute_preview",
        export_string_translation=False,
        help="What cs_template_preview draws: see _draw.",
    )

    @api.depends(
        "stage_ids.name",
        "stage_ids.sequence",
        "stage_ids.min_days",
        "stage_ids.expected_days",
        "stage_ids.endless",
        "stage_ids.active",
        "stage_ids.task_ids.name",
        "stage_ids.task_ids.position",
        "stage_ids.task_ids.kind",
        "stage_ids.task_ids.mandatory",
        "stage_ids.task_ids.duration_days",
        "stage_ids.task_ids.recurrence_days",
        "stage_ids.task_ids.effort_hours",
        "stage_ids.task_ids.responsible",
        "stage_ids.task_ids.user_id",
    )
    def _compute_preview(self):
        for template in self:
            template.preview = template._draw()

    def _draw(self):
        """Return what the preview shows of this template.

        :return: ``{"days", "drawn", "endless", "stages", "asks"}``: days until the end
            or until a stage without one; the days that are drawn; the stages as
            :meth:`_draw_stage` gives them; the hours asked, by who does the work
        """
        self.ensure_one()
        clock = 0
        stages = []
        for stage in self.stage_ids.sorted("sequence"):
            stages.append(stage._draw_stage(clock))
            clock += stages[-1]["days"]
            if stage.endless:
                break
        endless = bool(stages) and stages[-1]["endless"]
        return {
            "days": clock - (stages[-1]["days"] if endless else 0),
            "drawn": clock,
            "endless": endless,
            "stages": stages,
            "asks": self._draw_asks(stages),
        }

    @api.model
    def _draw_asks(self, stages):
        """Return the hours that the stages ask, by who does the work.

        :return: list of ``{"who", "responsible", "count", "hours", "monthly"}``;
            ``hours`` until the end or the stage without one, ``monthly`` in that one
        """
        asked = defaultdict(lambda: {"count": 0, "hours": 0.0, "monthly": 0.0})
        for stage in stages:
            for line in stage["tasks"]:
                if line["kind"] == "indicator":
                    continue
                sums = asked[line["responsible"], line["who"]]
                if not stage["endless"]:
                    times = len(line["ticks"]) or 1
                    sums["count"] += times
                    sums["hours"] += times * line["effort"]
                elif line["every"]:
                    sums["monthly"] += line["effort"] * MONTH_DAYS / line["every"]
        order = ["csm", "user", "customer"]
        return [
            {"responsible": responsible, "who": who, **sums}
            for (responsible, who), sums in sorted(
                asked.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
            )
        ]


class CsJourneyTemplateStage(models.Model):
    """A stage on the preview: its positions one after the other."""

    _inherit = "cs.journey.template.stage"

    def _draw_stage(self, start):
        """Return what the preview shows of this stage.

        :param start: the day on which it begins, the first of the journey being 0
        :return: ``{"id", "name", "start", "days", "work", "expected", "min_days",
            "endless", "tasks"}``; ``work`` are the days that its positions take
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
            "tasks": [
                task._draw_task(begins[task.position], start + days) for task in tasks
            ],
        }


class CsJourneyTemplateTask(models.Model):
    """A task on the preview: a bar, or ticks where it recurs."""

    _inherit = "cs.journey.template.task"

    def _drawn_days(self):
        """Return the days for which the next position waits."""
        waits = self.mandatory and not self.recurrence_days and self.kind != "indicator"
        return self.duration_days if waits else 0

    def _draw_task(self, start, end):
        """Return what the preview shows of this task.

        :param start: the day on which its position opens
        :param end: the day on which its stage ends
        :return: ``{"id", "name", "kind", "position", "start", "days", "ticks", "every",
            "mandatory", "responsible", "who", "effort"}``; ``ticks`` are the days on
            which a recurring one comes
        """
        every = self.recurrence_days
        ticks = list(range(start, max(end, start + 1), every)) if every else []
        if self.kind == "indicator":
            # Numbers are judged when the stage ends.
            start, ticks = end, []
        return {
            "id": self._origin.id,
            "name": self.name or "",
            "kind": self.kind,
            "position": self.position,
            "start": start,
            "days": self.duration_days,
            "ticks": ticks,
            "every": every,
            "mandatory": self.mandatory,
            "responsible": self.responsible,
            "who": self._drawn_who(),
            "effort": self.effort_hours,
        }

    def _drawn_who(self):
        if self.responsible == "user" and self.user_id:
            return self.user_id.name
        labels = dict(self._fields["responsible"]._description_selection(self.env))
        return labels.get(self.responsible, "")
