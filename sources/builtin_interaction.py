from odoo import fields
from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class InteractionCount(Count):
    """When we last spoke with the customer, and how they felt."""

    key = "interaction"
    metrics = (
        "last_interaction",
        "mood",
        "last_results_meeting",
        "last_visit",
        "trainings_held",
    )

    def facts(self, scope):
        self.env["cs.interaction"].flush_model()
        return SQL(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (i.account_id) i.account_id,
                       'last_interaction' AS key,
                       (i.date AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date
                           - DATE '1970-01-01' AS value,
                       i.date AS at
                  FROM cs_interaction i
                  JOIN (%(companies)s) c USING (company_id)
                 WHERE i.date <= %(now)s AND %(scope)s
                 ORDER BY i.account_id, i.date DESC, i.id DESC
            ) latest
             UNION ALL
            SELECT * FROM (
                SELECT DISTINCT ON (i.account_id) i.account_id, 'mood',
                       i.mood::int, i.date
                  FROM cs_interaction i
                 WHERE i.mood IS NOT NULL AND i.date <= %(now)s AND %(scope)s
                 ORDER BY i.account_id, i.date DESC, i.id DESC
            ) latest_mood
             UNION ALL
            SELECT i.account_id,
                   CASE i.kind WHEN 'visit' THEN 'last_visit'
                        ELSE 'last_results_meeting' END,
                   max((i.date AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date)
                       - DATE '1970-01-01',
                   max(i.date)
              FROM cs_interaction i
              JOIN (%(companies)s) c USING (company_id)
             WHERE i.kind IN ('visit', 'results_meeting')
               AND i.date <= %(now)s AND %(scope)s
             GROUP BY i.account_id, i.kind
             UNION ALL
            SELECT i.account_id, 'trainings_held',
                   count(*) FILTER (WHERE i.kind = 'training'), NULL
              FROM cs_interaction i
             WHERE i.date <= %(now)s AND %(scope)s
             GROUP BY i.account_id
            """,
            companies=self.env["cs.account"]._sql_companies(),
            now=fields.Datetime.now(),
            scope=scope(SQL("i.account_id")),
        )
