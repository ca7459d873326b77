from odoo import fields, models

from ..facts.held_many2one import HeldMany2one


class CsMetricReading(models.Model):
    """The history of facts: what a metric of a customer was at a moment.

    Written by ``cs.metric.value.record()`` only. A value of NULL means: unknown
    from then on.
    """

    _name = "cs.metric.reading"
    _description = "Reading"
    _inherit = ["cs.fact.display.mixin"]
    _order = "at desc, id desc"
    _rec_name = "metric_id"
    # Written by the hundred thousand: who and when is the source and ``at``.
    _log_access = False

    account_id = HeldMany2one(
        comodel_name="cs.account", string="Customer", required=True, ondelete="cascade"
    )
    metric_id = HeldMany2one(
        comodel_name="cs.metric", required=True, ondelete="restrict"
    )
    at = fields.Datetime(required=True, help="The moment of which the value was true.")
    value = fields.Float(
        aggregator="avg",
        help="For dates: days since 1970-01-01. Empty: unknown from then on.",
    )
    source_id = HeldMany2one(comodel_name="cs.metric.source", ondelete="set null")
    received_at = fields.Datetime(
        string="Received",
        help="When it came to us: nobody could judge by it before, whenever it was "
        "true.",
    )

    _account_metric_at_uniq = models.UniqueIndex(
        "(account_id, metric_id, at)",
        "This metric of the customer has a reading of that moment.",
    )
