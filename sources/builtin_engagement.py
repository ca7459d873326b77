from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class EngagementCount(Count):
    """How much the followed features of a customer's products are used.

    The mean of the features' points, an essential one counting twice. Unknown and
    stale ones are left out; where nothing is left, so is the engagement.
    """

    key = "engagement"
    metrics = ("engagement",)

    def facts(self, scope, as_of=None):
        """See :meth:`Count.facts`.

        :param as_of: the past moment or day of which it is counted; now without it
        """
        # Whole numbers: the order of rows must not make a difference to record.
        return SQL(
            """
            SELECT u.account_id, 'engagement' AS key,
                   round(sum(u.weight * (10000 * u.points)::bigint)
                         / sum(u.weight) / 10000, 1) AS value,
                   NULL::timestamp AS at
              FROM (%s) u
             WHERE u.state = 'counted'
             GROUP BY u.account_id
            """,
            self.env["cs.feature.use"]._sql_uses(as_of, scope),
        )
