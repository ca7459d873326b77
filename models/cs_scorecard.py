from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CsScorecard(models.Model):
    """How the health of a customer is judged: measures, caps and the bands.

    A scorecard is a chain of versions, each a record (see ``cs_scorecard_version``);
    segments name the first one, and mean the one that is in force.
    """

    _name = "cs.scorecard"
    _description = "Scorecard"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: for every company."
    )
    is_default = fields.Boolean(
        string="Default",
        copy=False,
        help="Judges customers whose segment names no scorecard.",
    )
    measure_ids = fields.One2many(
        comodel_name="cs.scorecard.measure", inverse_name="scorecard_id", copy=True
    )
    cap_ids = fields.One2many(
        comodel_name="cs.scorecard.cap", inverse_name="scorecard_id", copy=True
    )
    yellow_from = fields.Float(
        digits=(5, 1), default=40.0, help="Scores below this are red."
    )
    green_from = fields.Float(
        digits=(5, 1), default=70.0, help="Scores from here on are green."
    )
    min_coverage = fields.Float(
        string="Minimum coverage (%)",
        digits=(5, 1),
        default=40.0,
        help="With less than this share of the weight known and fresh, the band is "
        "unknown, whatever the score.",
    )
    grace_days = fields.Integer(
        string="Days of grace",
        help="A customer of fewer days than this is not judged yet: its band is "
        "unknown. Customers of unknown age are judged.",
    )

    _limits_in_order = models.Constraint(
        "CHECK(0 <= yellow_from AND yellow_from <= green_from AND green_from <= 100)",
        "Yellow begins between 0 and green, green at 100 at most.",
    )
    _min_coverage_percent = models.Constraint(
        "CHECK(min_coverage BETWEEN 0 AND 100)", "Coverage is between 0 and 100 %."
    )
    _grace_days_positive = models.Constraint(
        "CHECK(grace_days >= 0)", "Days of grace cannot be negative."
    )
    _default_uniq = models.UniqueIndex(
        "(company_id) NULLS NOT DISTINCT WHERE is_default AND active",
        "There can be one default scorecard only.",
    )

    @api.constrains("measure_ids")
    def _check_measures(self):
        for scorecard in self.filtered(lambda card: card.state == "published"):
            scorecard._check_weighs()

    def _check_weighs(self):
        self.ensure_one()
        if not sum(self.measure_ids.mapped("weight")):
            raise ValidationError(
                self.env._(
                    "The scorecard %(name)s weighs nothing. Give it a measure "
                    "with a weight.",
                    name=self.name,
                )
            )
