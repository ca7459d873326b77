from odoo import api, fields, models


class CsDiagnostic(models.Model):
    """A diagnostic beside the one before it: what changed, area by area."""

    _inherit = "cs.diagnostic"

    previous_id = fields.Many2one(
        comodel_name="cs.diagnostic",
        string="Compared with",
        compute="_compute_previous_id",
        help="The diagnostic of the same customer and template concluded before it.",
    )
    previous_on = fields.Date(
        string="Date compared with", compute="_compute_previous_id"
    )
    score_change = fields.Float(
        string="Change (points)", compute="_compute_score_change", digits=(5, 1)
    )
    evolution = fields.Json(compute="_compute_evolution")

    @api.depends("account_id", "template_id", "started_on", "state")
    def _compute_previous_id(self):
        concluded = self.search(
            [
                ("account_id", "in", self.account_id.ids),
                ("state", "=", "done"),
            ],
            order="started_on desc, id desc",
        ).grouped(lambda one: (one.account_id, one.template_id))
        for diagnostic in self:
            rank = diagnostic._time_rank()
            of_same = concluded.get(
                (diagnostic.account_id, diagnostic.template_id), self.browse()
            )
            diagnostic.previous_id = of_same.filtered(
                lambda one, mine=rank: one._time_rank() < mine
            )[:1]
            diagnostic.previous_on = diagnostic.previous_id.started_on

    def _time_rank(self):
        return (self.started_on or fields.Date.today(), self._origin.id or 0)

    @api.depends("score", "level", "previous_id")
    def _compute_score_change(self):
        for diagnostic in self:
            before = diagnostic.previous_id
            comparable = diagnostic.level and before.level
            diagnostic.score_change = comparable and diagnostic.score - before.score

    @api.depends("answer_ids.answer", "previous_id")
    @api.depends_context("lang")
    def _compute_evolution(self):
        for diagnostic in self:
            diagnostic.evolution = diagnostic.previous_id and diagnostic.compare()

    def compare(self, other=None):
        """Compare with an earlier diagnostic of the same template.

        :param other: a cs.diagnostic; the one before by default
        :return: list of ``{"area_id", "name", "before", "after", "change",
            "questions"}``: scores 0–100 or None, the change in points or None;
            ``questions`` is a list of ``{"question_id", "name", "before", "after",
            "change"}`` with answers, and 1, -1, 0 or None for better, worse, same
            or not comparable
        """
        self.ensure_one()
        other = self.previous_id if other is None else other
        before = {row["area_id"]: row["score"] for row in other._scores_by_area()}
        answers = {one.question_id: one.answer for one in other.answer_ids}
        by_area = self.answer_ids.grouped("area_id")
        rows = []
        for row in self._results_by_area():
            of_area = by_area[self.env["cs.diagnostic.area"].browse(row["area_id"])]
            earlier = before.get(row["area_id"])
            comparable = earlier is not None and row["score"] is not None
            rows.append(
                {
                    "area_id": row["area_id"],
                    "name": row["name"],
                    "before": earlier,
                    "after": row["score"],
                    "change": round(row["score"] - earlier, 1) if comparable else None,
                    "questions": [
                        one._compare(answers.get(one.question_id)) for one in of_area
                    ],
                }
            )
        return rows
