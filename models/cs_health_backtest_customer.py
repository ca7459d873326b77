from odoo import fields, models

from .cs_account import HEALTH_BANDS


class CsHealthBacktestCustomer(models.Model):
    """A customer that left, and what its scores said before."""

    _name = "cs.health.backtest.customer"
    _description = "Customer of a Back-test That Left"
    _order = "backtest_id, is_warned, last_score desc, id"
    _log_access = False
    _rec_name = "account_id"

    backtest_id = fields.Many2one(
        comodel_name="cs.health.backtest",
        required=True,
        ondelete="cascade",
        index=True,
    )
    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    left_on = fields.Date()
    is_warned = fields.Boolean(
        string="Warned of", help="At least one warning within the days asked for."
    )
    is_judged = fields.Boolean(
        string="Had a verdict", help="At least one within the days asked for."
    )
    is_taken_back = fields.Boolean(
        string="Taken back",
        help="The warning was gone by the last first of a month before it left.",
    )
    warned_on = fields.Date(
        string="Warned since",
        help="Since when the warning was there unbroken, until the customer left.",
    )
    lead_days = fields.Integer(string="Days ahead", aggregator="avg")
    last_score = fields.Float(
        digits=(5, 1), aggregator="avg", help="On the last first of a month before."
    )
    last_band = fields.Selection(selection=HEALTH_BANDS)
    scores = fields.Char(
        string="Scores before",
        help="On the first of each month within the days asked for, the oldest first.",
    )
