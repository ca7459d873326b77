from odoo import api, models

from ..diagnostic.history import draw_history
from ..diagnostic.levels import ANSWER_COLOURS, LEVEL_COLOURS, UNKNOWN
from ..diagnostic.radar import draw_radar


class CsDocumentEvolution(models.AbstractModel):
    """The evolution: the first diagnostic beside the last, and what was done."""

    _name = "report.customer_success.report_evolution"
    _description = "Evolution"
    _inherit = "cs.document"
    _document_of = "cs.account"

    @api.model
    def _content_of(self, doc):
        concluded = doc.diagnostic_ids.filtered(lambda one: one.state == "done")
        concluded = concluded.sorted(lambda one: one._time_rank())
        # Of our plans the customer knows those that were shared with it.
        plans = doc.plan_ids.filtered(
            lambda one: one.visible_to_customer and one.state != "cancelled"
        )
        tasks = plans._customer_tasks()
        done = tasks.filtered(lambda task: task.state == "done")
        return {
            "courses": [
                self._course(diagnostics)
                for diagnostics in concluded.grouped("template_id").values()
            ],
            "done": [
                self._task_row(task)
                for task in done.sorted(lambda one: (str(one.date_done), one.id))
            ],
            "task_count": len(tasks),
            "objectives": self._objective_rows(plans._customer_objectives()),
        }

    @api.model
    def _course(self, diagnostics):
        """Return how a customer did in the diagnostics of one template.

        :param diagnostics: the concluded ones, the oldest first
        """
        first, last = diagnostics[0], diagnostics[-1]
        levels = self._labels(last, "level")
        limits = (last.basic_from, last.organised_from, last.managed_from)
        is_compared = len(diagnostics) > 1
        return {
            "name": last.template_id.name,
            "first": self._standing(first),
            "last": self._standing(last),
            "is_compared": is_compared,
            "change": self._signed(last.env, last.score - first.score)
            if is_compared and last.level and first.level
            else "",
            "is_better": last.score >= first.score,
            "history": self._drawing(
                draw_history(
                    [
                        (self._day(one.env, one.started_on), self._final_score(one))
                        for one in diagnostics
                    ],
                    limits,
                    list(levels.values()),
                )
            ),
            "radar": self._drawing(self._draw_radar(first, last, limits)),
            "areas": self._areas(first, last) if is_compared else [],
        }

    @api.model
    def _final_score(self, diagnostic):
        return diagnostic.final_score if diagnostic.final_level else None

    @api.model
    def _standing(self, diagnostic):
        score = self._final_score(diagnostic)
        labels = self._labels(diagnostic, "final_level")
        return {
            "date": self._day(diagnostic.env, diagnostic.started_on),
            "points": self._points(diagnostic.env, score),
            "level_name": labels.get(diagnostic.final_level) or "–",
            "colour": LEVEL_COLOURS.get(diagnostic.final_level, UNKNOWN),
        }

    @api.model
    def _draw_radar(self, first, last, limits):
        before = first if first != last else last.browse()
        scores = {row["area_id"]: row["score"] for row in before._scores_by_area()}
        areas = last._results_by_area()
        return draw_radar(
            [row["name"] for row in areas],
            [row["score"] for row in areas],
            [scores.get(row["area_id"]) for row in areas],
            limits=limits,
        )

    @api.model
    def _areas(self, first, last):
        labels = self._labels(last.answer_ids, "answer")
        rows = last.compare(first)
        for area in rows:
            area["tone"] = self._tone(area["change"])
            area["signed"] = self._signed(last.env, area["change"])
            area["before"] = self._points(last.env, area["before"])
            area["after"] = self._points(last.env, area["after"])
            for question in area["questions"]:
                for name in ("before", "after"):
                    found = question[name]
                    question[f"{name}_name"] = labels.get(found) or "–"
                    question[f"{name}_colour"] = ANSWER_COLOURS.get(found, UNKNOWN)
        return rows

    @api.model
    def _tone(self, change):
        """Return the style of a change for the better or the worse."""
        if not change:
            return ""
        return "o_cs_better" if change > 0 else "o_cs_worse"

    @api.model
    def _signed(self, env, change):
        if change is None:
            return ""
        points = self._points(env, abs(change))
        return points if points == "0" else f"{'+' if change > 0 else '−'}{points}"
