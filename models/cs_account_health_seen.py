from datetime import timedelta
from operator import eq, ge, gt, le, lt, ne

from odoo import fields, models
from odoo.tools import SQL

OPERATORS = {">": gt, ">=": ge, "<": lt, "<=": le, "=": eq, "!=": ne}
#: Points that look the same: they are shown without decimals.
SAME_POINTS = 0.5


class CsAccount(models.Model):
    """What is seen of a customer at a moment, beside what its verdict was made of.

    A verdict is kept when the score moves; until then facts are confirmed, days go by,
    and what goes up outweighs what goes down.
    """

    _inherit = "cs.account"

    def _see_lines(self, lines, as_of=None):
        """Bring the lines of a verdict to what is seen at a moment.

        A line whose points are what it would get now tells value and moment of now.
        Another one stays as it was judged, and ``newer`` is what is seen instead.

        :param lines: as ``_health_lines`` returns them; they are changed
        :param as_of: None (now), a UTC ``datetime`` or a ``date`` (end of that day)
        :return: the lines, each with ``has_newer`` and ``newer`` (a number; None:
            unknown or stale)
        """
        moment = self._as_of_moment(as_of)
        seen = self._seen_by_lines(lines, None if as_of is None else moment)
        for line in lines:
            value, at = seen.get((line["kind"], line["record"].id), (None, None))
            line |= {"has_newer": False, "newer": None}
            if line["kind"] == "override" or not line["record"]:
                continue
            if line["kind"] == "measure" and _is_too_old(line["record"], at, moment):
                value = None
            if not _is_as_judged(line, value):
                line |= {"has_newer": True, "newer": value}
            elif value is not None:
                line |= {"value": value, "at": fields.Datetime.to_string(at)}
            line["age_days"] = self._age_of_line(line, moment)
        return lines

    def _seen_by_lines(self, lines, as_of):
        """Return ``{(kind, id of what a line is of): (value, at)}``."""
        self._flush_for_score()
        account = SQL("SELECT %s AS id", self.id)
        seen = {}
        for kind, model in (
            ("measure", "cs.scorecard.measure"),
            ("cap", "cs.scorecard.cap"),
        ):
            # sudo: the verdict is explained to whoever sees the customer
            parts = (
                self.env[model]
                .sudo()
                .browse(line["record"].id for line in lines if line["kind"] == kind)
            )
            rows = self.env.execute_query(
                SQL(
                    "SELECT observation_id, value, at FROM (%s) o",
                    parts._sql_observed(as_of, account),
                )
            )
            seen |= {(kind, part_id): (value, at) for part_id, value, at in rows}
        return seen


def _is_too_old(measure, at, moment):
    days = measure.max_age_days
    return bool(days and at and moment - at > timedelta(days=days))


def _is_as_judged(line, value):
    """Return whether a value gets a line what its verdict gave it."""
    if line["kind"] == "cap":
        return _holds(line["record"], value)
    if value is None or line["value"] is None:
        return value is line["value"]
    measure = line["record"]
    points = 100 * (value - measure.worst) / (measure.best - measure.worst)
    return abs(min(100, max(0, points)) - line["points"]) < SAME_POINTS


def _holds(cap, value):
    if cap.operator in ("known", "unknown"):
        return (value is None) == (cap.operator == "unknown")
    return value is not None and OPERATORS[cap.operator](value, cap.threshold)
