from odoo import fields, models

from .cs_account import HEALTH_BANDS


class CsHealthBacktestObservation(models.Model):
    """A customer on the first of a month: how it was judged, and whether it left."""

    _name = "cs.health.backtest.observation"
    _description = "Observation of a Back-test"
    _order = "day desc, score"
    _log_access = False
    _rec_name = "account_id"

    backtest_id = fields.Many2one(
        comodel_name="cs.health.backtest", required=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    day = fields.Date(required=True)
    score = fields.Float(digits=(5, 1), aggregator="avg")
    band = fields.Selection(selection=HEALTH_BANDS, required=True)
    coverage = fields.Float(string="Coverage (%)", digits=(5, 1), aggregator="avg")
    left_on = fields.Date(help="The end of this stay with us, if it has ended.")
    is_left = fields.Boolean(
        string="Left in time", help="It left within the days that were asked for."
    )
    is_warned = fields.Boolean(string="Warned")
    values_used = fields.Integer()
    values_late = fields.Integer(string="Values that came later")

    _backtest_account_day_uniq = models.UniqueIndex(
        "(backtest_id, account_id, day)", "A customer is judged once a day."
    )
