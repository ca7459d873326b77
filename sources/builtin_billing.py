from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class BillingCount(Count):
    """How many invoices of a customer are overdue, and how much they come to.

    Only where billing says when it is due; a customer with nothing overdue has 0. It
    is as fresh as what is known of billing: the last file, or a change by hand.
    """

    key = "billing"
    metrics = ("overdue_invoices", "overdue_amount")

    def facts(self, scope):
        self.env["cs.billing.line"].flush_model()
        self.env["cs.sheet.load"].flush_model(["kind", "state", "company_id"])
        return SQL(
            """
            SELECT late.account_id, fact.key, fact.value, told.at
              FROM (
                  SELECT l.account_id, l.company_id,
                         -- Lines of one number, or else of one day, are one invoice.
                         count(DISTINCT COALESCE(l.reference, l.due_on::text))
                             FILTER (WHERE l.is_late) AS invoices,
                         COALESCE(sum(l.amount) FILTER (WHERE l.is_late), 0) AS amount
                    FROM (SELECT b.*,
                                 b.due_on < c.today
                                 AND (b.paid_on IS NULL OR b.paid_on > c.today)
                                     AS is_late
                            FROM cs_billing_line b
                            JOIN (%(companies)s) c USING (company_id)
                           WHERE b.due_on IS NOT NULL AND %(scope)s) l
                   GROUP BY l.account_id, l.company_id
              ) late
              JOIN (SELECT company_id, max(at) AS at
                      FROM (SELECT company_id, write_date AS at FROM cs_billing_line
                             UNION ALL
                            SELECT company_id, create_date FROM cs_sheet_load
                             WHERE kind = 'billing' AND state IN ('running', 'done')
                           ) told
                     GROUP BY company_id
              ) told USING (company_id)
              CROSS JOIN LATERAL (VALUES
                  ('overdue_invoices', late.invoices::float8),
                  ('overdue_amount', late.amount::float8)
              ) fact (key, value)
            """,
            companies=self.env["cs.account"]._sql_companies(),
            scope=scope(SQL("b.account_id")),
        )
