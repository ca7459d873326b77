from collections import defaultdict

from odoo import api, fields, models

# What a month is in a stage without an end.
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
        "stage_ids.gate",
        "stage_ids.gate_condition_ids.display_name",
        "stage_ids.task_ids.name",
        "stage_ids.task_ids.position",
        "stage_ids.task_ids.kind",
        "stage_ids.task_ids.mandatory",
        "stage_ids.task_ids.duration_days",
        "stage_ids.task_ids.recurrence_days",
        "stage_ids.task_ids.recurrence_from",
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
