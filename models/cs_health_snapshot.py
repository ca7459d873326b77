from odoo import fields, models

from .cs_account import HEALTH_BANDS


class CsHealthSnapshot(models.Model):
    """What was judged of a customer on a day, kept as it was then.

    There is one only for days on which score, band, scorecard or override changed.
    Those that were reckoned afterwards, to see the past by another version, are
    marked as rebuilt: they stand beside what was judged and are nobody's verdict.
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
    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard", ondelete="restrict", index="btree_not_null"
    )
    score = fields.Float(
        digits=(5, 1), aggregator="avg", help="What counted: the override, if any."
    )
    computed = fields.Float(string="Computed score", digits=(5, 1), aggregator="avg")
    band = fields.Selection(selection=HEALTH_BANDS, required=True)
    band_reason = fields.Char(export_string_translation=False)
    coverage = fields.Float(digits=(5, 1), aggregator="avg")
    override_id = fields.Many2one(
        comodel_name="cs.health.override", ondelete="set null", index="btree_not_null"
    )
    lines = fields.Json(help="Points of each measure, as they were judged.")
    is_rebuilt = fields.Boolean(string="Rebuilt afterwards")

    _account_day_uniq = models.UniqueIndex(
        "(account_id, day) WHERE is_rebuilt IS NOT TRUE",
        "A customer has one snapshot a day.",
    )
    _rebuilt_day_uniq = models.UniqueIndex(
        "(account_id, scorecard_id, day) WHERE is_rebuilt IS TRUE",
        "A version of a scorecard has one rebuilt snapshot a day.",
    )
    _account_at_idx = models.Index("(account_id, at DESC)")
