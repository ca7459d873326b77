from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cs_portfolio_asked import as_dict, as_id

#: How many tasks of each kind come with the screen; more on demand.
TASKS = {"late": 8, "today": 8, "next": 5, "unassigned": 5}
FOLLOWERS = 5
UNASSIGNED = Domain("user_id", "=", False) & Domain("responsible", "!=", "customer")


class CsPortfolio(models.AbstractModel):
    """Late, today, next: the work of a portfolio."""

    _inherit = "cs.portfolio"

    @api.model
    def _work(self, scope, today, options):
        """Return the open tasks by bucket, and what followed the one just done."""
        limits = as_dict(options.get("tasks"))
        parts = {
            bucket: self._task_ids(scope, today, bucket, limits.get(bucket))
            for bucket in TASKS
        }
        after = self._just_worked_on(options.get("after"))
        if after:
            parts["after"] = self._follower_ids(after, today)
        rows = self._task_rows(parts, today)
        counts = self._task_counts(scope, today)
        work = {
            bucket: {
                "count": counts[bucket],
                "rows": [row for row in rows if row["bucket"] == bucket],
                "domain": list(self._bucket_domain(scope, bucket)),
            }
            for bucket in TASKS
        }
        if after:
            work["after"] = {
                "name": after.name,
                "customer": after.account_id.display_name,
                "is_done": after.state == "done",
                "rows": [row for row in rows if row["bucket"] == "after"],
            }
        return work

    @api.model
    def _just_worked_on(self, task_id):
        task = self.env["cs.task"].browse(as_id(task_id)).exists()
        return task._filtered_access("read")

    @api.model
    def _bucket_domain(self, scope, bucket):
        """Return what the native list shows of a bucket."""
        if bucket == "unassigned":
            return scope.tasks & UNASSIGNED
        buckets = ["next", "no_date"] if bucket == "next" else [bucket]
        return scope.tasks & ~UNASSIGNED & Domain("due_bucket", "in", buckets)

    @api.model
    def _bucket_sql(self, today):
        """Return the bucket of an open task ``cs_task`` in SQL."""
        return SQL(
            "CASE WHEN cs_task.user_id IS NULL AND cs_task.responsible <> 'customer'"
            " THEN 'unassigned'"
            " WHEN cs_task.date_deadline IS NULL THEN 'next' ELSE %s END",
            self.env["cs.task"]._sql_bucket(
                SQL("cs_task.date_deadline"), today(SQL("cs_task.company_id"))
            ),
        )

    @api.model
    def _task_counts(self, scope, today):
        tasks = self.env["cs.task"]._search(scope.tasks)
        bucket = self._bucket_sql(today)
        tasks.groupby = bucket
        counts = dict(self.env.execute_query(tasks.select(bucket, SQL("COUNT(*)"))))
        return {name: counts.get(name, 0) for name in TASKS}

    @api.model
    def _task_ids(self, scope, today, bucket, limit):
        """Return a query of the first tasks of a bucket.

        The day is a plain condition, so that the index on deadlines serves it.
        """
        domain = UNASSIGNED if bucket == "unassigned" else ~UNASSIGNED
        tasks = self.env["cs.task"]._search(
            scope.tasks & domain,
            order="date_deadline, id",
            limit=self._limit(limit, TASKS[bucket]),
        )
        day = today(SQL("cs_task.company_id"))
        deadline = SQL.identifier("cs_task", "date_deadline")
        if bucket == "late":
            tasks.add_where(SQL("%s < %s", deadline, day))
        elif bucket == "today":
            tasks.add_where(SQL("%s = %s", deadline, day))
        elif bucket == "next":
            tasks.add_where(SQL("(%s > %s OR %s IS NULL)", deadline, day, deadline))
        return tasks

    @api.model
    def _follower_ids(self, task, today):
        """Return a query of what opened today at the customer of a task just done."""
        tasks = self.env["cs.task"]._search(
            Domain("account_id", "=", task.account_id.id)
            & Domain("state", "=", "open")
            & Domain("id", "!=", task.id),
            order="id desc",
            limit=FOLLOWERS,
        )
        tasks.add_where(SQL("cs_task.date_open = %s", today(SQL("cs_task.company_id"))))
        return tasks

    @api.model
    def _task_rows(self, parts, today):
        """Return the tasks of several queries as dictionaries, in one query.

        :param parts: ``{bucket: query}``
        """
        found = SQL(" UNION ALL ").join(
            SQL(
                "(%s)", query.select(SQL.identifier("cs_task", "id"), SQL("%s", bucket))
            )
            for bucket, query in parts.items()
        )
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT f.bucket, t.id, %(name)s AS name, t.kind, t.responsible,
                       t.date_deadline AS deadline,
                       t.date_deadline - %(today)s AS days,
                       t.account_id, p.complete_name AS customer,
                       %(stage)s AS stage, t.user_id, up.name AS user_name
                  FROM (%(found)s) f (id, bucket)
                  JOIN cs_task t ON t.id = f.id
                  JOIN cs_account a ON a.id = t.account_id
                  JOIN res_partner p ON p.id = a.partner_id
                  LEFT JOIN cs_journey_template_stage st ON st.id = t.stage_id
                  LEFT JOIN res_users u ON u.id = t.user_id
                  LEFT JOIN res_partner up ON up.id = u.partner_id
                 ORDER BY t.date_deadline, t.id
                """,
                name=self._name_of("cs.task", "t"),
                stage=self._name_of("cs.journey.template.stage", "st"),
                today=today(SQL("t.company_id")),
                found=found,
            )
        )
