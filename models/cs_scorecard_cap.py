from odoo import fields, models


class CsScorecardCap(models.Model):
    """A condition that holds the score down: while it holds, at most so much."""

    _name = "cs.scorecard.cap"
    _inherit = ["cs.scorecard.part", "cs.condition"]
    _description = "Cap of a Scorecard"
    _order = "scorecard_id, sequence, id"

    sequence = fields.Integer(default=10)
    max_score = fields.Float(
        string="At most",
        digits=(5, 1),
        required=True,
        default=50.0,
        help="While the condition holds, the score is this at most.",
    )

    _max_score_in_range = models.Constraint(
        "CHECK(max_score BETWEEN 0 AND 100)", "A cap lies between 0 and 100."
    )

    def _is_whole(self):
        return super()._is_whole() and self.operator and 0 <= self.max_score <= 100
