from odoo import api, fields, models
from odoo.tools import SQL

from .cs_task import PENDING

#: Domain of the tasks that somebody has to do: the rest happens by itself.
PENDING_OF_PEOPLE = [
    ("state", "in", PENDING),
    ("kind", "not in", ("indicator", "email")),
]


class CsAccount(models.Model):
    """What comes next with the customer."""

    _inherit = "cs.account"

    next_task_id = fields.Many2one(
        comodel_name="cs.task",
        string="Next task",
        compute="_compute_next_task",
        help="The open task that is due first; with none open, the one that is "
        "planned first.",
    )
    next_step = fields.Char(string="Next step", compute="_compute_next_task")
    next_step_on = fields.Date(string="Next step until", compute="_compute_next_task")
    has_stage_progress = fields.Boolean(compute="_compute_has_stage_progress")

    @api.depends("task_ids.state", "task_ids.date_deadline", "task_ids.date_planned")
    def _compute_next_task(self):
        tasks = self._next_tasks()
        for account in self:
            task = tasks.get(account.id, self.env["cs.task"])
            account.next_task_id = task
            account.next_step = task.name
            account.next_step_on = task.date_shown

    def _next_tasks(self):
        """Return the next task of a person at each customer: ``{account id: task}``."""
        tasks = self.env["cs.task"]
        # Only what the reader may see: with the rules, in one query.
        visible = tasks._search([("account_id", "in", self.ids), *PENDING_OF_PEOPLE])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (account_id) account_id, id
                  FROM cs_task
                 WHERE id IN %s
                 ORDER BY account_id, state = 'waiting',
                          CASE state WHEN 'open' THEN date_deadline
                               ELSE date_planned END NULLS LAST,
                          position, id
                """,
                visible.subselect(),
            )
        )
        found = tasks.browse(task_id for _account_id, task_id in rows)
        return {
            account_id: task
            for (account_id, _task_id), task in zip(rows, found, strict=True)
        }

    @api.depends("journey_ids.state", "journey_ids.visit_id")
    def _compute_has_stage_progress(self):
        for account in self:
            visit = account.lifecycle_journey_id.visit_id
            account.has_stage_progress = bool(
                visit and not visit.planned_stage_id.endless
            )
