from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date


class CsMetricValue(models.Model):
    """Whether a fact can still be trusted, and what became of where it came from."""

    _inherit = "cs.metric.value"

    is_stale = fields.Boolean(
        string="Stale", compute="_compute_is_stale", search="_search_is_stale"
    )
    staleness = fields.Char(
        string="Freshness",
        compute="_compute_staleness",
        help="A stale value is too old to be judged by. Then: what became of its "
        "source. Empty: what it says does not grow old.",
    )

    @api.depends("at", "metric_id.stale_after_days")
    def _compute_is_stale(self):
        now = fields.Datetime.now()
        for fact in self:
            days = fact.metric_id.stale_after_days
            fact.is_stale = bool(days) and fact.at < now - timedelta(days=days)

    def _search_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["at", "metric_id"])
        self.env["cs.metric"].flush_model(["stale_after_days"])
        stale = SQL(
            "SELECT v.id FROM cs_metric_value v"
            " JOIN cs_metric m ON m.id = v.metric_id WHERE %s",
            self.env["cs.metric.source"]._sql_is_stale(),
        )
        return Domain("id", "in", stale)

    @api.depends("is_stale", "age_days", "source_id")
    @api.depends_context("lang")
    def _compute_staleness(self):
        for fact in self:
            if fact.is_stale:
                fact.staleness = self.env._(
                    "stale: %(days)s days old; %(why)s",
                    days=fact.age_days,
                    why=fact._why_nothing_came(),
                )
            else:
                limit = fact.metric_id.stale_after_days
                fact.staleness = self.env._("fresh") if limit else False

    def _why_nothing_came(self):
        source = self.source_id
        if not source:
            return self.env._("no source keeps it")
        if not source.active:
            return self.env._("its source %(name)s is archived", name=source.name)
        if not source.last_success:
            return self.env._("its source %(name)s never came", name=source.name)
        return self.env._(
            "its source %(name)s last came on %(date)s",
            name=source.name,
            date=format_date(self.env, source.last_success),
        )
