from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

BUCKETS = [
    ("late", "Late"),
    ("today", "Today"),
    ("next", "Next"),
    ("no_date", "No deadline"),
]


class CsTask(models.Model):
    """Late, today, next: where an open task stands on the company's calendar.

    Never stored, so it is right one minute after midnight; it can be searched and
    grouped by, since it is said in SQL too.
    """

    _inherit = "cs.task"

    due_bucket = fields.Selection(
        selection=BUCKETS,
        string="Due",
        compute="_compute_due_bucket",
        search="_search_due_bucket",
        group_expand="_expand_due_buckets",
        help="Open tasks only: late, due today, due later.",
    )

    @api.depends("state", "date_deadline", "company_id")
    def _compute_due_bucket(self):
        for task in self:
            task.due_bucket = task.state == "open" and task._due_bucket()

    def _due_bucket(self):
        if not self.date_deadline:
            return "no_date"
        today = self.env["cs.account"]._today(self.company_id)
        if self.date_deadline < today:
            return "late"
        return "today" if self.date_deadline == today else "next"

    @api.model
    def _search_due_bucket(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "!=", "open") if False in value else Domain.FALSE
        for bucket in value:
            if bucket:
                domain |= Domain("state", "=", "open") & self._bucket_domain(bucket)
        return domain

    @api.model
    def _bucket_domain(self, bucket):
        if bucket == "no_date":
            return Domain("date_deadline", "=", False)
        operator = {"late": "<", "today": "=", "next": ">"}[bucket]
        return self.env["cs.account"]._compare_with_today("date_deadline", operator)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Say ``due_bucket`` in SQL, for grouping and sorting."""
        if field_expr != "due_bucket":
            return super()._field_to_sql(alias, field_expr, query)
        deadline = self._field_to_sql(alias, "date_deadline", query)
        today = self.env["cs.account"]._sql_today(
            self._field_to_sql(alias, "company_id", query)
        )
        return SQL(
            "CASE WHEN %s = 'open' THEN %s END",
            self._field_to_sql(alias, "state", query),
            self._sql_bucket(deadline, today),
        )

    @api.model
    def _sql_bucket(self, deadline, today):
        """Return the bucket of a deadline, given today, both in SQL."""
        return SQL(
            "CASE WHEN %(deadline)s IS NULL THEN 'no_date'"
            " WHEN %(deadline)s < %(today)s THEN 'late'"
            " WHEN %(deadline)s = %(today)s THEN 'today'"
            " ELSE 'next' END",
            deadline=deadline,
            today=today,
        )

    def _read_group_orderby(self, order, groupby_terms, query):
        """Put the buckets in the order of their deadlines, not of their names."""
        if order and "due_bucket" in groupby_terms:
            order = order.replace("due_bucket", "date_deadline:min")
        return super()._read_group_orderby(order, groupby_terms, query)

    @api.model
    def _expand_due_buckets(self, values, domain):
        """Show the three columns even when they are empty."""
        shown = ["late", "today", "next"]
        return shown + [value for value in values if value not in shown]
