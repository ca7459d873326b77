from odoo import api, fields, models

from ..diagnostic.radar import draw_radar
from .cs_diagnostic_template import LEVELS


class CsDiagnostic(models.Model):
    """What the answers come to: score and level, as a whole and by area.

    Computed when it is looked at, so that people who answer at once do not wait for
    each other; concluding keeps it.
    """

    _inherit = "cs.diagnostic"

    score = fields.Float(
        compute="_compute_result",
        digits=(5, 1),
        aggregator="avg",
        help="0 to 100: done counts 1, partly ½, not done 0, by the weight of the "
        "question. What is not applicable is left out.",
    )
    level = fields.Selection(
        selection=LEVELS,
        compute="_compute_result",
        help="None when nothing that counts is answered.",
    )
    answered_count = fields.Integer(string="Answered", compute="_compute_result")
    answer_count = fields.Integer(string="Questions", compute="_compute_result")
    answered_percent = fields.Float(
        string="Answered (%)", compute="_compute_result", digits=(5, 1)
    )
    finding_ids = fields.One2many(
        comodel_name="cs.diagnostic.answer",
        inverse_name="diagnostic_id",
        string="Findings",
        domain=[("answer", "in", ("partly", "not_done"))],
    )
    area_results = fields.Json(string="Level by area", compute="_compute_area_results")
    radar = fields.Text(compute="_compute_radar")

    @api.depends("answer_ids.answer", "answer_ids.weight")
    def _compute_result(self):
        for diagnostic in self:
            answers = diagnostic.answer_ids
            answered = answers.filtered("answer")
            score = answers._score()
            diagnostic.score = score or 0.0
            diagnostic.level = diagnostic._level_of(score)
            diagnostic.answer_count = len(answers)
            diagnostic.answered_count = len(answered)
            diagnostic.answered_percent = (
                100.0 * len(answered) / len(answers) if answers else 0.0
            )

    def _level_of(self, score):
        """Return the level of a score by this diagnostic's limits.

        :param score: 0–100, or None
        :return: a value of ``level``; False for None
        """
        self.ensure_one()
        if score is None:
            return False
        limits = (self.basic_from, self.organised_from, self.managed_from)
        return LEVELS[sum(score >= limit for limit in limits)][0]

    @api.depends("answer_ids.answer", "answer_ids.weight")
    @api.depends_context("lang")
    def _compute_area_results(self):
        for diagnostic in self:
            diagnostic.area_results = diagnostic._results_by_area()

    def _results_by_area(self):
        """Return how each area stands, in the order of the template.

        :return: list of ``{"area_id", "name", "score", "level", "level_name",
            "answered", "questions"}``; score is None when no answer counts
        """
        self.ensure_one()
        levels = dict(self._fields["level"]._description_selection(self.env))
        results = []
        for area, answers in self.answer_ids.grouped("area_id").items():
            score = answers._score()
            level = self._level_of(score)
            results.append(
                {
                    "area_id": area.id,
                    "name": area.name,
                    "score": score,
                    "level": level,
                    "level_name": levels.get(level, ""),
                    "answered": len(answers.filtered("answer")),
                    "questions": len(answers),
                }
            )
        return results

    @api.depends("answer_ids.answer", "previous_id")
    @api.depends_context("lang")
    def _compute_radar(self):
        for diagnostic in self:
            diagnostic.radar = diagnostic._draw_radar()

    def _draw_radar(self):
        """Return the radar of the areas as SVG text, the previous one behind it.

        Sharp at any size, so the same text serves the screen and the print.
        """
        self.ensure_one()
        before = {row["area_id"]: row for row in self.previous_id._scores_by_area()}
        areas = self._results_by_area()
        return draw_radar(
            [row["name"] for row in areas],
            [row["score"] for row in areas],
            [before.get(row["area_id"], {}).get("score") for row in areas],
            limits=(self.basic_from, self.organised_from, self.managed_from),
        )

    def _scores_by_area(self):
        """Return ``_results_by_area()``, empty for no diagnostic."""
        return self._results_by_area() if self else []
