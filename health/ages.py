"""How old customers are, as far as a verdict depends on it."""

from odoo.tools import SQL

#: A month of a customer's age, in days.
MONTH = 30


class Ages:
    """The ages at which something about verdicts changes, and those of customers."""

    def __init__(self, env, versions, measures, as_of):
        """
        :param versions: the cs.scorecard records that judge
        :param measures: their cs.scorecard.measure records
        :param as_of: None (now) or a naive UTC ``datetime``
        """
        self.env = env
        self.versions = versions
        self.measures = measures
        self.as_of = as_of

    def limits(self):
        """Return the days of age at which something about a verdict changes."""
        months = [
            *self.measures.mapped("months_from"),
            *self.measures.mapped("months_to"),
        ]
        days = {MONTH * number for number in months}
        return sorted((days | set(self.versions.mapped("grace_days"))) - {0})

    def sql_scope(self, cards, ids):
        """Return whom to judge: id, scorecard_id, age_days and is_age_lost.

        ``age_days`` is NULL where it is unknown, ``is_age_lost`` says that it was
        known once.

        :param cards: an ``SQL`` of account_id and scorecard_id
        :param ids: an ``SQL`` array of the ids of the accounts
        """
        if not self.limits():
            return SQL(
                "SELECT account_id AS id, scorecard_id, NULL::float8 AS age_days,"
                " FALSE AS is_age_lost FROM (%s) c WHERE scorecard_id IS NOT NULL",
                cards,
            )
        tenure = self.env.ref("customer_success.cs_metric_tenure").sudo()
        return SQL(
            """
            SELECT c.account_id AS id, c.scorecard_id, t.value AS age_days,
                   t.account_id IS NOT NULL AND t.value IS NULL AS is_age_lost
              FROM (%(cards)s) c
              LEFT JOIN (
                   SELECT v.account_id, v.value FROM (%(values)s) v
                    WHERE v.metric_id = %(tenure)s AND v.account_id = ANY(%(ids)s)
                   ) t ON t.account_id = c.account_id
             WHERE c.scorecard_id IS NOT NULL
            """,
            cards=cards,
            values=self.env["cs.metric.value"]._sql_values(
                self.as_of, with_unknown=True
            ),
            tenure=tenure.id,
            ids=ids,
        )
