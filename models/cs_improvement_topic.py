from odoo import fields, models


class CsImprovementTopic(models.Model):
    """What several customers ask for in words of their own: one thing to build.

    Requests keep their customer's voice; the topic says how many ask, and what they
    pay, which is what a product team decides by.
    """

    _name = "cs.improvement.topic"
    _description = "Topic of Requests"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        help='What is missing, as the product team would say it: "Approval on the '
        'phone".',
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: shared by all companies."
    )
    product_id = fields.Many2one(comodel_name="product.product", check_company=True)
    description = fields.Html(help="What all of them need, and what would solve it.")
    improvement_ids = fields.One2many(
        comodel_name="cs.improvement", inverse_name="topic_id", string="Asked by"
    )
    demand_ids = fields.One2many(
        comodel_name="cs.improvement.demand", inverse_name="topic_id"
    )
    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_demand",
        help="How many customers ask for it; each counts once.",
    )
    waiting_count = fields.Integer(string="Still waiting", compute="_compute_demand")
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_currency_id"
    )
    mrr = fields.Monetary(
        string="Their MRR",
        compute="_compute_demand",
        help="What the customers who ask for it pay today, in the currency of your "
        "company.",
    )

    def _compute_currency_id(self):
        for topic in self:
            company = topic.company_id or self.env.company
            topic.currency_id = company.currency_id

    def _compute_demand(self):
        rows = self.env["cs.improvement.demand"]._read_group(
            [("topic_id", "in", self.ids)],
            ["topic_id", "company_id"],
            ["customers:count_distinct", "mrr:sum", "waiting:sum"],
        )
        today = self.env["cs.account"]._today()
        by_topic = {}
        for topic, *row in rows:
            by_topic.setdefault(topic, []).append(row)
        for topic in self:
            asking = by_topic.get(topic, [])
            topic.customer_count = sum(row[1] for row in asking)
            topic.waiting_count = sum(row[3] for row in asking)
            topic.mrr = sum(
                company.currency_id._convert(mrr, topic.currency_id, company, today)
                for company, _customers, mrr, _waiting in asking
            )

    def action_delivered(self):
        """Say that it exists now: what was asked under this topic is concluded.

        :return: True
        """
        self.check_access("write")
        asked = self.improvement_ids.filtered(lambda one: one._is_pending())
        asked._check_no_work_under_way()
        asked._conclude("done")
        for topic, requests in asked.grouped("topic_id").items():
            requests._message_log_batch(
                bodies={
                    one.id: self.env._(
                        "%(topic)s is delivered: tell the customer.", topic=topic.name
                    )
                    for one in requests
                }
            )
            requests._ask_to_tell_the_customer()
        return True

    def action_open_requests(self):
        """Open what customers asked for under this topic."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_improvement_action"
        )
        context = {"default_topic_id": self.id, "default_kind": "request"}
        return {
            **action,
            "name": self.name,
            "domain": [("topic_id", "=", self.id)],
            "context": context,
        }
