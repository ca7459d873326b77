from odoo import models


class CsJourneyTemplateTask(models.Model):
    """A task on the preview: a bar, or ticks where it recurs."""

    _inherit = "cs.journey.template.task"

    def _drawn_days(self):
        """Return the days for which the next position waits."""
        recurs = self.recurrence_days or self.recurrence_from
        waits = self.mandatory and not recurs and self.kind != "indicator"
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

    def _sum_up(self):
        return self.env._(
            "position %(position)s, %(days)s days, %(who)s",
            position=self.position,
            days=self.duration_days,
            who=self._drawn_who(),
        )
