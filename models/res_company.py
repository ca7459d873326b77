from odoo import fields, models


class ResCompany(models.Model):
    """What one CSM carries, and may cost, in this company."""

    _inherit = "res.company"

    cs_mrr_per_csm = fields.Monetary(
        string="MRR per CSM",
        default=100_000,
        help="Monthly recurring revenue that one CSM carries.",
    )
    cs_cost_share = fields.Float(
        string="CSM cost (% of MRR)",
        default=10,
        help="A CSM should cost no more than this share of the portfolio's MRR.",
    )
    cs_reminder_days = fields.Integer(
        string="Reminder to the customer (days before)",
        default=2,
        help="So many days before a task of the customer is late, it is reminded of it "
        "by e-mail, once. 0: never.",
    )
