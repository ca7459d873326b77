from odoo import fields, models
from odoo.tools import SQL


class CsImprovementDemand(models.Model):
    """Who asks for what: the figure by which a product team decides.

    One row a customer and topic, so that a customer who asked three times counts
    once, with what it pays today. Requests without a topic are one line together:
    each customer once there too. What was dropped does not count.
    """

    _name = "cs.improvement.demand"
    _inherit = "cs.account.report"
    _description = "Demand for Product Requests"
    _auto = False
    _order = "mrr desc, id desc"
    _depends = {
        "cs.account": ["csm_id", "segment_id", "company_id", "mrr", "active", "state"],
        "cs.improvement": ["account_id", "kind", "state", "topic_id", "product_id"],
    }

    topic_id = fields.Many2one(comodel_name="cs.improvement.topic", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    customers = fields.Integer(
        aggregator="count_distinct", readonly=True, help="Each customer counts once."
    )
    waiting = fields.Integer(
        string="Still waiting",
        readonly=True,
        help="Customers whose request is not done yet.",
    )
    voices = fields.Integer(
        string="Times asked", readonly=True, help="How often it was asked for."
    )
    mrr = fields.Monetary(string="MRR", readonly=True, help="What they pay today.")
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(i.id) AS id, i.topic_id, i.account_id, a.id AS customers,
                   a.company_id, a.csm_id, a.segment_id, a.mrr,
                   COALESCE(t.product_id, min(i.product_id)) AS product_id,
                   count(*) AS voices,
                   bool_or(i.state IN ('new', 'doing'))::int AS waiting
              FROM cs_improvement i
              JOIN cs_account a ON a.id = i.account_id
              LEFT JOIN cs_improvement_topic t ON t.id = i.topic_id
             WHERE i.kind = 'request' AND i.state != 'dropped'
               AND a.active AND a.state = 'active'
             GROUP BY i.topic_id, i.account_id, a.id, t.product_id
            """
        )
