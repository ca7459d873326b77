from odoo import fields, models
from odoo.tools import SQL


class CsBillingReconciliation(models.Model):
    """What a customer is billed each month beside what its subscriptions say.

    One row a customer: the newest month with something recurring billed, and the MRR
    of the subscriptions in force at its end, or today if that is sooner. Only where
    billing is known at all.
    """

    _name = "cs.billing.reconciliation"
    _description = "Billing and Subscriptions"
    _auto = False
    _order = "difference, account_id"
    _rec_name = "account_id"
    _depends = {
        "cs.account": ["company_id", "csm_id", "state", "active"],
        "cs.billing.line": [
            "account_id",
            "company_id",
            "month",
            "amount",
            "is_recurring",
        ],
        "cs.subscription": ["account_id", "mrr", "start_on", "end_on"],
    }

    account_id = fields.Many2one(
        comodel_name="cs.account", string="Customer", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    csm_id = fields.Many2one(comodel_name="res.users", string="CSM", readonly=True)
    month = fields.Date(
        readonly=True, help="The newest month with something recurring billed."
    )
    billed = fields.Monetary(
        readonly=True, help="What is recurring of that month's bills."
    )
    mrr = fields.Monetary(
        string="MRR",
        readonly=True,
        help="Of the subscriptions that were in force at the end of that month.",
    )
    difference = fields.Monetary(readonly=True, help="Billed less MRR.")
    state = fields.Selection(
        selection=[
            ("equal", "Equal"),
            ("less", "Billed less"),
            ("more", "Billed more"),
            ("behind", "Not billed lately"),
            ("never", "Never billed"),
            ("unknown", "No subscription"),
        ],
        readonly=True,
        help="Not billed lately: others were billed for a later month.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH newest AS (
                SELECT account_id, company_id, max(month) AS month
                  FROM cs_billing_line
                 WHERE is_recurring
                 GROUP BY account_id, company_id
            ), compared AS (
                SELECT a.id, a.id AS account_id, a.company_id, a.csm_id, n.month,
                       c.month AS company_month,
                       COALESCE(b.amount, 0) AS billed,
                       COALESCE(s.mrr, 0) AS mrr
                  FROM cs_account a
                  JOIN (SELECT company_id, max(month) AS month
                          FROM newest GROUP BY company_id) c USING (company_id)
                  JOIN (%(calendars)s) calendar USING (company_id)
                  LEFT JOIN newest n ON n.account_id = a.id
                  LEFT JOIN LATERAL (
                      SELECT sum(l.amount) AS amount
                        FROM cs_billing_line l
                       WHERE l.account_id = a.id AND l.is_recurring
                         AND l.month = n.month
                  ) b ON TRUE
                  LEFT JOIN LATERAL (
                      SELECT LEAST(
                          COALESCE(
                              (n.month + INTERVAL '1 month - 1 day')::date,
                              calendar.today
                          ),
                          calendar.today
                      ) AS day
                  ) at ON TRUE
                  LEFT JOIN LATERAL (
                      SELECT sum(s.mrr) AS mrr
                        FROM cs_subscription s
                       WHERE s.account_id = a.id
                         AND s.start_on <= at.day
                         AND (s.end_on IS NULL OR s.end_on >= at.day)
                  ) s ON TRUE
                 WHERE a.active AND a.state = 'active'
            )
            SELECT id, account_id, company_id, csm_id, month, billed, mrr,
                   billed - mrr AS difference,
                   CASE WHEN month IS NULL THEN 'never'
                        WHEN mrr = 0 THEN 'unknown'
                        WHEN month < company_month THEN 'behind'
                        WHEN abs(billed - mrr) < 0.005 THEN 'equal'
                        WHEN billed < mrr THEN 'less'
                        ELSE 'more'
                   END AS state
              FROM compared
             WHERE month IS NOT NULL OR mrr > 0
            """,
            calendars=self.env["cs.account"]._sql_companies(),
        )

    def action_open_account(self):
        """Open the customer, with its subscriptions."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.account",
            "res_id": self.account_id.id,
            "view_mode": "form",
        }

    def action_open_lines(self):
        """Open what was billed to the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_billing_line_action"
        )
        action["domain"] = [("account_id", "=", self.account_id.id)]
        action["context"] = {"default_account_id": self.account_id.id}
        return action
