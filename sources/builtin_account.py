from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class ProfileCount(Count):
    """What people write on the customer itself: written once, judged as a fact."""

    key = "account"
    metrics = ("from_competitor", "potential", "last_potential_review")

    def facts(self, scope):
        self.env["cs.account"].flush_model()
        # What was looked at on a day is as old as that day, not as its typing.
        return SQL(
            """
            SELECT a.id AS account_id, fact.key, fact.value, fact.at
              FROM cs_account a
              JOIN (%(companies)s) c USING (company_id)
             CROSS JOIN LATERAL (VALUES
                  ('from_competitor',
                   CASE WHEN a.competitor_id IS NOT NULL THEN 1
                        WHEN a.competitor_known THEN 0 END,
                   NULL),
                  ('potential',
                   CASE WHEN a.potential_reviewed_on IS NOT NULL
                        THEN COALESCE(a.potential_mrr, 0) END,
                   a.potential_reviewed_on::timestamp
                       AT TIME ZONE c.tz AT TIME ZONE 'UTC'),
                  ('last_potential_review',
                   a.potential_reviewed_on - DATE '1970-01-01',
                   NULL)
             ) fact (key, value, at)
             WHERE fact.value IS NOT NULL AND %(scope)s
            """,
            companies=self.env["cs.account"]._sql_companies(),
            scope=scope(SQL("a.id")),
        )
