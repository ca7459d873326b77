from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

_GROUPS = "customer_success.group_cs_specialist"


class CsMetricSource(models.Model):
    """How fresh the facts are that a source owns, of the customers under care."""

    _inherit = "cs.metric.source"

    customer_count = fields.Integer(
        string="Customers",
        compute="_compute_freshness",
        groups=_GROUPS,
        help="Active customers of whom it knows something.",
    )
    value_count = fields.Integer(
        string="Values kept", compute="_compute_freshness", groups=_GROUPS
    )
    stale_count = fields.Integer(
        string="Stale", compute="_compute_freshness", groups=_GROUPS
    )
    fresh_share = fields.Float(
        string="Fresh",
        compute="_compute_freshness",
        groups=_GROUPS,
        aggregator=None,
        help="The share of its values that are not older than their metric allows.",
    )
    median_age = fields.Integer(
        string="Age (days)",
        compute="_compute_freshness",
        groups=_GROUPS,
        aggregator=None,
        help="Half of its values are not older than this.",
    )

    @api.depends_context("allowed_company_ids")
    def _compute_freshness(self):
        counts = self._value_counts()
        ages = self._median_ages()
        for source in self:
            source_id = source._origin.id
            customers, values, stale = counts.get(source_id, (0, 0, 0))
            source.customer_count = customers
            source.value_count = values
            source.stale_count = stale
            source.fresh_share = 1 - stale / values if values else 0
            source.median_age = ages.get(source_id, 0)

    def action_values(self):
        """Open the facts that this source owns."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_value_action"
        )
        action["domain"] = [("source_id", "=", self.id)]
        return action

    @api.model
    def _value_counts(self):
        """Count the known values of the active customers of the companies at hand.

        :return: ``{id of the source, None without one: (customers, values, stale)}``
        """
        self.env["cs.metric"].flush_model(["stale_after_days"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source_id, count(*), sum(known)::int, sum(stale)::int
                  FROM (
                    SELECT v.source_id, v.account_id, count(*) AS known,
                           count(*) FILTER (WHERE %s) AS stale
                      FROM %s
                     GROUP BY v.source_id, v.account_id
                  ) per_customer
                 GROUP BY source_id
                """,
                self._sql_is_stale(),
                self._sql_known_values(),
            )
        )
        return {source_id: tuple(counts) for source_id, *counts in rows}

    @api.model
    def _median_ages(self):
        """Return ``{id of the source: median age of its known values in days}``."""
        by_source = defaultdict(list)
        # By days, since sorting a million of moments takes a second.
        for source_id, day, count in self.env.execute_query(
            SQL(
                """
                SELECT v.source_id, v.at::date, count(*)
                  FROM %s
                 WHERE v.source_id IS NOT NULL
                 GROUP BY v.source_id, v.at::date
                 ORDER BY v.source_id, v.at::date DESC
                """,
                self._sql_known_values(),
            )
        ):
            by_source[source_id].append((day, count))
        today = fields.Date.today()
        return {
            source_id: max((today - _middle(days)).days, 0)
            for source_id, days in by_source.items()
        }

    @api.model
    def _sql_is_stale(self):
        """Return whether a value ``v`` is older than its metric ``m`` allows."""
        return SQL(
            "(m.stale_after_days > 0"
            " AND v.at < %s - m.stale_after_days * INTERVAL '1 day')",
            fields.Datetime.now(),
        )

    @api.model
    def _sql_known_values(self):
        """Return the known values ``v`` with their metrics ``m``, for a FROM."""
        self.env["cs.account"].flush_model(["active", "state", "company_id"])
        return SQL(
            """
            (cs_metric_value v
             JOIN cs_account a
               ON a.id = v.account_id AND a.active AND a.state = 'active'
              AND a.company_id = ANY(%s) AND v.value IS NOT NULL
             JOIN cs_metric m ON m.id = v.metric_id)
            """,
            self.env.companies.ids,
        )


def _middle(days):
    """Return the day of the middle one.

    :param days: list of ``(day, how many)``, the latest first
    """
    before, total = 0, sum(count for _day, count in days)
    for day, count in days:
        before += count
        if before * 2 >= total:
            return day
    return None
