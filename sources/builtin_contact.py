from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from . import registry
from .builtin import Count

#: How far back somebody counts as reached.
REACHED_DAYS = 90


@registry.builtin
class StakeholderCount(Count):
    """Whom we know at the customer, in which roles, and whom of them we reach."""

    key = "contact"
    metrics = (
        "contacts",
        "single_contact",
        "sponsor_missing",
        "contacts_reached",
        "last_reached",
    )

    def facts(self, scope):
        for model in ("cs.contact", "cs.contact.role", "cs.interaction"):
            self.env[model].flush_model()
        return SQL(
            """
            SELECT k.account_id, fact.key, fact.value, fact.at
              FROM (
                  SELECT p.account_id,
                         count(*) AS people,
                         COALESCE(bool_or(r.is_sponsor), FALSE) AS has_sponsor,
                         count(*) FILTER (WHERE m.at >= %(since)s) AS reached,
                         max(m.at) AS at,
                         max((m.at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date)
                             - DATE '1970-01-01' AS last_day
                    FROM cs_contact p
                    JOIN (%(companies)s) c USING (company_id)
                    LEFT JOIN cs_contact_role r ON r.id = p.role_id
                    LEFT JOIN (SELECT w.cs_contact_id, max(i.date) AS at
                                 FROM cs_contact_cs_interaction_rel w
                                 JOIN cs_interaction i ON i.id = w.cs_interaction_id
                                WHERE i.date <= %(now)s AND %(of_interactions)s
                                GROUP BY w.cs_contact_id) m
                           ON m.cs_contact_id = p.id
                   WHERE %(of_people)s
                   GROUP BY p.account_id
              ) k
             CROSS JOIN LATERAL (VALUES
                  ('contacts', k.people::float8, NULL::timestamp),
                  ('single_contact', (k.people = 1)::int, NULL),
                  ('sponsor_missing', (NOT k.has_sponsor)::int, NULL),
                  ('contacts_reached', k.reached, NULL),
                  ('last_reached', k.last_day, k.at)
             ) fact (key, value, at)
             WHERE fact.value IS NOT NULL
            """,
            companies=self.env["cs.account"]._sql_companies(),
            now=fields.Datetime.now(),
            since=fields.Datetime.now() - timedelta(days=REACHED_DAYS),
            of_interactions=scope(SQL("i.account_id")),
            of_people=scope(SQL("p.account_id")),
        )
