from odoo import fields, models


class CsMetricWithdrawal(models.Model):
    """A reading that was taken out of the history: what it was, who did it and why.

    Made by ``cs.metric.reading.action_withdraw()`` only, and changed by nobody. As
    long as it is there, the same value of the same moment and source is refused.
    """

    _name = "cs.metric.withdrawal"
    _description = "Withdrawn Reading"
    _inherit = ["cs.fact.display.mixin"]
    _order = "create_date desc, id desc"
    _rec_name = "metric_id"

    account_id = fields.Many2one(
        comodel_name="cs.account", string="Customer", required=True, ondelete="cascade"
    )
    metric_id = fields.Many2one(
        comodel_name="cs.metric", required=True, ondelete="cascade"
    )
    at = fields.Datetime(required=True, help="The moment of which it was said.")
    value = fields.Float(help="For dates: days since 1970-01-01. Empty: unknown.")
    source_id = fields.Many2one(
        comodel_name="cs.metric.source",
        ondelete="set null",
        help="Who said it. The same from there is refused.",
    )
    reason = fields.Text(required=True)
    create_uid = fields.Many2one(
        comodel_name="res.users", string="Withdrawn by", readonly=True
    )
    create_date = fields.Datetime(string="Withdrawn on", readonly=True)

    _account_metric_at_idx = models.Index("(account_id, metric_id, at)")
