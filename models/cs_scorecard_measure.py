from odoo import api, fields, models

DIMENSIONS = [
    ("usage", "Use"),
    ("engagement", "Engagement"),
    ("satisfaction", "Satisfaction"),
    ("support", "Support"),
    ("commercial", "Commercial"),
    ("relationship", "Relationship"),
]


class CsScorecardMeasure(models.Model):
    """One thing that health looks at: 0 points at *worst*, 100 at *best*."""

    _name = "cs.scorecard.measure"
    _inherit = "cs.observation"
    _description = "Scorecard Measure"
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    dimension = fields.Selection(selection=DIMENSIONS, required=True, default="usage")
    weight = fields.Float(digits=(8, 2), default=10.0, required=True)
    worst = fields.Float(
        digits=(16, 2),
        help="The value that earns 0 points. Worst above best: lower is better.",
    )
    best = fields.Float(digits=(16, 2), help="The value that earns 100 points.")
    when_missing = fields.Selection(
        selection=[
            ("skip", "Leave out"),
            ("zero", "0 points"),
            ("neutral", "50 points"),
        ],
        string="When unknown or stale",
        required=True,
        default="skip",
        help="Left out: the other measures share its weight.",
    )

    _weight_positive = models.Constraint(
        "CHECK(weight >= 0)", "A weight cannot be negative."
    )
    _worst_is_not_best = models.Constraint(
        "CHECK(worst <> best)", "Worst and best must differ."
    )

    @api.depends("metric_id", "basis", "window_days", "per_metric_id")
    def _compute_display_name(self):
        for measure in self:
            measure.display_name = measure._basis_label() if measure.metric_id else ""
