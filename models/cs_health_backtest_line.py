from odoo import fields, models

from .cs_account import HEALTH_BANDS


class CsHealthBacktestLine(models.Model):
    """What became of the observations of one band, or of ten points of the score."""

    _name = "cs.health.backtest.line"
    _description = "Line of a Back-test"
    _order = "backtest_id, kind, sequence"
    _log_access = False
    _rec_name = "band"

    backtest_id = fields.Many2one(
        comodel_name="cs.health.backtest",
        required=True,
        ondelete="cascade",
        index=True,
    )
    kind = fields.Selection(
        selection=[("band", "Band"), ("bucket", "Score")], required=True
    )
    sequence = fields.Integer()
    band = fields.Selection(selection=HEALTH_BANDS)
    score_from = fields.Integer(aggregator=None)
    score_to = fields.Integer(aggregator=None)
    observations = fields.Integer()
    left = fields.Integer(
        string="Left in time", help="Observations followed by the customer leaving."
    )
    stayed = fields.Integer()
    has_left_share = fields.Boolean()
    has_precision = fields.Boolean()
    has_recall = fields.Boolean()
    left_share = fields.Float(
        string="Left (%)", digits=(5, 1), aggregator=None, help="Of this line."
    )
    precision = fields.Float(
        string="Precision, this or worse (%)",
        digits=(5, 1),
        aggregator=None,
        help="If this band and worse ones were the warning.",
    )
    recall = fields.Float(
        string="Recall, this or worse (%)",
        digits=(5, 1),
        aggregator=None,
        help="If this band and worse ones were the warning.",
    )
