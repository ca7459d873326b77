from odoo import api, fields, models

from .cs_observation import OBSERVED_DIGITS

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
    _inherit = ["cs.scorecard.part", "cs.observation"]
    _description = "Scorecard Measure"
    _order = "scorecard_id, sequence, id"

    sequence = fields.Integer(default=10)
    dimension = fields.Selection(selection=DIMENSIONS, required=True, default="usage")
    weight = fields.Float(digits=(8, 2), default=10.0, required=True)
    weight_share = fields.Float(
        string="Share (%)",
        digits=(5, 1),
        compute="_compute_weight_share",
        help="Of the weight of all measures.",
    )
    worst = fields.Float(
        digits=OBSERVED_DIGITS,
        help="The value that earns 0 points. Worst above best: lower is better.",
    )
    best = fields.Float(digits=OBSERVED_DIGITS, help="The value that earns 100 points.")
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

    max_age_days = fields.Integer(
        string="Maximum age (days)",
        help="An older value counts as unknown here. 0: as old as its metric allows.",
    )
    months_from = fields.Integer(
        string="From month",
        help="Only for customers that are with us for so many months; a month is 30 "
        "days.",
    )
    months_to = fields.Integer(
        string="Until month",
        help="Only for customers that are with us for less than so many months. 0: "
        "for ever.",
    )

    _weight_positive = models.Constraint(
        "CHECK(weight >= 0)", "A weight cannot be negative."
    )
    _ages_in_order = models.Constraint(
        "CHECK(COALESCE(max_age_days, 0) >= 0 AND COALESCE(months_from, 0) >= 0"
        " AND (COALESCE(months_to, 0) = 0 OR months_to > COALESCE(months_from, 0)))",
        "Ages are not negative, and the first month is before the last.",
    )
    _worst_is_not_best = models.Constraint(
        "CHECK(worst <> best)", "Worst and best must differ."
    )

    @api.depends("metric_id", "basis", "window_days", "per_metric_id")
    def _compute_display_name(self):
        for measure in self:
            measure.display_name = measure._basis_label() if measure.metric_id else ""

    @api.depends("weight", "scorecard_id.measure_ids.weight")
    def _compute_weight_share(self):
        for measure in self:
            total = sum(measure.scorecard_id.measure_ids.mapped("weight"))
            measure.weight_share = 100 * measure.weight / total if total else 0

    def _is_whole(self):
        return (
            super()._is_whole()
            and self.dimension
            and self.when_missing
            and self.worst != self.best
            and self.weight >= 0
            and min(self.max_age_days, self.months_from) >= 0
            and (not self.months_to or self.months_to > self.months_from)
        )

    def _dimension_label(self):
        """Return the name of the dimension."""
        labels = dict(self._fields["dimension"]._description_selection(self.env))
        return labels.get(self.dimension, "")
