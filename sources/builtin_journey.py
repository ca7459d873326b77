from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class JourneyCount(Count):
    """Where a customer is in its journey, and since when it is live."""

    key = "journey"
    metrics = ("go_live", "phase_since", "phase_deadline")

    def facts(self, scope):
        for model in ("cs.account", "cs.journey", "cs.journey.visit", "cs.phase"):
            self.env[model].flush_model()
        # Who left and came back goes live anew: the newest journey that got so far.
        return SQL(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (v.account_id) v.account_id, 'go_live' AS key,
                       min(v.entered_on) - DATE '1970-01-01' AS value,
                       NULL::timestamp AS at
                  FROM cs_journey_visit v
                  JOIN cs_phase p ON p.id = v.phase_id
                  JOIN cs_journey j ON j.id = v.journey_id
                 WHERE p.kind IN ('adoption', 'ongoing')
                   AND j.kind = 'lifecycle'
                   AND %(of_visits)s
                 GROUP BY v.account_id, v.journey_id
                 ORDER BY v.account_id, v.journey_id DESC
            ) live
             UNION ALL
            SELECT a.id, fact.key, fact.day - DATE '1970-01-01', NULL
              FROM cs_account a
             CROSS JOIN LATERAL (VALUES
                  ('phase_since', a.phase_entered_on),
                  ('phase_deadline', a.phase_deadline)
             ) fact (key, day)
             WHERE a.phase_id IS NOT NULL AND fact.day IS NOT NULL
               AND %(of_accounts)s
            """,
            of_visits=scope(SQL("v.account_id")),
            of_accounts=scope(SQL("a.id")),
        )
