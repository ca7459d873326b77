from datetime import timedelta

from odoo import fields, models

from .cs_task import PENDING


class CsTask(models.Model):
    """A task on the map."""

    _inherit = "cs.task"

    def _map_line(self, horizon, today):
        """Return this task as the map draws it.

        :param horizon: the last day for which it is asked whether it comes again;
            None or False: never
        :param today: the company's today
        :return: ``{"id", "name", "kind", "state", "position", "date", "late", "who",
            "effort", "every", "again"}``; ``again`` are the days (ISO) on which a
            recurring one comes again, beside ``date``
        """
        again = self._map_again(horizon) if self.state in PENDING else []
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "state": self.state,
            "position": self.position,
            "date": fields.Date.to_string(self.date_shown) or False,
            "late": bool(
                self.state == "open"
                and self.date_deadline
                and self.date_deadline < today
            ),
            "who": self._map_who(),
            "effort": self.effort_hours,
            "every": self.recurrence_days,
            "again": [fields.Date.to_string(day) for day in again],
        }

    def _map_who(self):
        """Return the name of who does it; False: nobody yet, or nobody at all."""
        if self.kind == "indicator":
            return False
        if self.responsible == "customer":
            partner = self.partner_id or self.account_id.partner_id
            return partner.display_name
        return self.user_id.name

    def _map_again(self, horizon):
        """Return the days on which a recurring task comes again until ``horizon``."""
        first = self.date_planned or self.date_open
        if not (horizon and first and self.recurrence_days):
            return []
        days = []
        day = first + timedelta(days=self.recurrence_days)
        while day < horizon:
            days.append(day)
            day += timedelta(days=self.recurrence_days)
        return days

    def _map_end(self):
        """Return the day on which this task is, or is expected to be, done."""
        if self.state == "open":
            return self.date_deadline
        if self.state == "waiting" and self.date_planned:
            return self.date_planned + timedelta(days=self.duration_days)
        return self.date_done
