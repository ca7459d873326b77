from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class SubscriptionCount(Count):
    """What a customer pays, for how many products, since when and until when."""

    key = "subscription"
    metrics = (
        "mrr",
        "products",
        "renewal",
        "billing_months",
        "contract_ended",
        "tenure",
    )

    def facts(self, scope):
        return SQL(
            """
            SELECT s.account_id, fact.key, fact.value, NULL::timestamp AS at
              FROM (%(subscriptions)s) s
              CROSS JOIN LATERAL (VALUES
                  ('mrr', s.mrr),
                  ('products', s.products),
                  ('renewal', s.renewal),
                  ('billing_months', s.billing_months),
                  ('contract_ended', s.contract_ended),
                  ('tenure', s.tenure)
              ) fact (key, value)
            """,
            subscriptions=self._by_account(scope),
        )

    def _by_account(self, scope):
        # A customer whose subscriptions all begin later is no paying customer yet. The
        # renewal is that of the longest periods: add-ons by the month follow the plan.
        subscriptions = self.env["cs.subscription"]
        return SQL(
            """
            SELECT s.account_id,
                   COALESCE(sum(s.mrr) FILTER (WHERE s.in_force), 0)::float8 AS mrr,
                   (count(DISTINCT COALESCE(s.product_id::text, s.name))
                       FILTER (WHERE s.in_force))::float8 AS products,
                   (min(s.end_on) FILTER (
                        WHERE s.in_force AND s.billing_months = s.longest
                    ) - DATE '1970-01-01')::float8 AS renewal,
                   max(s.longest)::float8 AS billing_months,
                   CASE WHEN NOT bool_or(s.in_force)
                        THEN (max(s.end_on) - DATE '1970-01-01')::float8
                   END AS contract_ended,
                   (min(s.start_on) - DATE '1970-01-01')::float8 AS tenure
              FROM (SELECT t.*,
                           max(t.billing_months) FILTER (WHERE t.in_force)
                               OVER (PARTITION BY t.account_id) AS longest
                      FROM (%s) t) s
             WHERE s.has_begun
             GROUP BY s.account_id
            """,
            subscriptions._sql_today(scope),
        )
