"""How long customers have been with us, where a scorecard asks for that."""

from odoo.tools import SQL

#: A month of a customer's age, in days.
MONTH = 30


class Ages:
    """The ages of customers that some versions of scorecards judge."""

    def __init__(self, env, versions, as_of):
        """
        :param versions: cs.scorecard records
        :param as_of: None (now) or a naive UTC ``datetime``
        """
        self.env = env
        self.versions = versions
        self.as_of = as_of

    def limits(self):
        """Return the days of age at which something about a verdict changes."""
        return sorted(set().union(*map(self._limits_of, self.versions)))

    def _limits_of(self, version):
        measures = version.measure_ids
        months = {*measures.mapped("months_from"), *measures.mapped("months_to")}
        return {version.grace_days, *(MONTH * number for number in months)} - {0}

    def sql_scope(self, cards, ids):
        """Return id, scorecard_id, age_days (NULL: unknown) and is_age_lost.

        An age is lost that was known once and is unknown now, where the scorecard
        asks for it: what would count at that age is not known then.

        :param cards: an ``SQL`` with columns account_id and scorecard_id
        :param ids: an ``SQL`` of the array of the ids of the customers
        """
        asking = [one.id for one in self.versions if self._limits_of(one)]
        if not asking:
            return SQL(
                "SELECT account_id AS id, scorecard_id, NULL::float8 AS age_days,"
                " FALSE AS is_age_lost"
                " FROM (%s) c WHERE scorecard_id IS NOT NULL",
                cards,
            )
        tenure = self.env.ref("customer_success.cs_metric_tenure").sudo()
        return SQL(
            """
            SELECT c.account_id AS id, c.scorecard_id, t.value AS age_days,
                   t.account_id IS NOT NULL AND t.value IS NULL
                       AND c.scorecard_id = ANY(%(asking)s) AS is_age_lost
              FROM (%(cards)s) c
              LEFT JOIN (
                   SELECT v.account_id, v.value FROM (%(values)s) v
                    WHERE v.metric_id = %(tenure)s AND v.account_id = ANY(%(ids)s)
                   ) t ON t.account_id = c.account_id
             WHERE c.scorecard_id IS NOT NULL
            """,
            asking=asking,
            cards=cards,
            values=self.env["cs.metric.value"]._sql_values(self.as_of, True),
            tenure=tenure.id,
            ids=ids,
        )
