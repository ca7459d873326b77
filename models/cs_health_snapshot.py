from odoo import fields, models

from .cs_account import HEALTH_BANDS


class CsHealthSnapshot(models.Model):
    """What was judged of a customer on a day, kept as it was then.

    There is one only for days on which score, band or scorecard changed.
    """

    _name = "cs.health.snapshot"
    _description = "Health Snapshot"
    _order = "at desc, id desc"
    _log_access = False
    _rec_name = "day"

    account_id = fields.Many2one(
        comodel_name="cs.account", required=True, ondelete="cascade", index=True
    )
    day = fields.Date(required=True)
    at = fields.Datetime(required=True)
    scorecard_id = fields.Many2one(comodel_name="cs.scorecard", ondelete="restrict")
    score = fields.Float(digits=(5, 1), aggregator="avg")
    band = fields.Selection(selection=HEALTH_BANDS, required=True)
    coverage = fields.Float(digits=(5, 1), aggregator="avg")
    lines = fields.Json(help="Points of each measure, as they were judged.")

    _account_day_uniq = models.UniqueIndex(
        "(account_id, day)", "A customer has one snapshot a day."
    )
    _account_at_idx = models.Index("(account_id, at DESC)")
