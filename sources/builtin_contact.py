from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class StakeholderCount(Count):
    """How many people we know at the customer."""

    key = "contact"
    metrics = ("contacts",)

    def facts(self, scope):
        self.env["cs.contact"].flush_model(["account_id"])
        return SQL(
            """
            SELECT c.account_id, 'contacts' AS key, count(*) AS value,
                   NULL::timestamp AS at
              FROM cs_contact c
             WHERE %s
             GROUP BY c.account_id
            """,
            scope(SQL("c.account_id")),
        )
