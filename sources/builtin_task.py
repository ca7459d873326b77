from odoo.tools import SQL

from . import registry
from .builtin import Count


@registry.builtin
class TaskCount(Count):
    """How many open tasks of the customer are past their deadline."""

    key = "task"
    metrics = ("overdue_tasks",)

    def facts(self, scope):
        self.env["cs.task"].flush_model(["account_id", "state", "date_deadline"])
        return SQL(
            """
            SELECT t.account_id, 'overdue_tasks' AS key,
                   count(*) FILTER (
                       WHERE t.state = 'open' AND t.date_deadline < c.today
                   ) AS value,
                   NULL::timestamp AS at
              FROM cs_task t JOIN (%s) c USING (company_id)
             WHERE %s
             GROUP BY t.account_id
            """,
            self.env["cs.account"]._sql_companies(),
            scope(SQL("t.account_id")),
        )
