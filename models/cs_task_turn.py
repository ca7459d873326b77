from odoo import fields, models
from odoo.tools import SQL

from .cs_task import QUIET


class CsTask(models.Model):
    """What the engine does with tasks: they open, are settled, come again.

    Other kinds of work hang on two hooks: ``_after_open`` and ``_after_settle``.
    """

    _inherit = "cs.task"

    def _engine(self):
        """Return these tasks as the engine works on them."""
        # sudo: what one person concludes opens work of colleagues and moves the
        # customer; every public method checks access before it comes here.
        return self.sudo().with_context(**QUIET)

    def _open(self):
        """Open waiting tasks: from today on somebody has to do them."""
        for company, tasks in self.grouped("company_id").items():
            today = self.env["cs.account"]._today(company)
            tasks.write({"state": "open", "date_open": today, "date_planned": today})
        self._after_open()

    def _after_open(self):
        """Do what follows when the engine has opened these tasks, all at once.

        Called in the engine's transaction, state and dates being written. What is
        done by itself is settled here by ``_settle("done")`` alone: the engine sees
        it and goes on.
        """

    def _after_settle(self):
        """Do what follows when these tasks were done, skipped or cancelled.

        Called in the transaction that settles them, all at once, the state being
        written; journeys go on afterwards.
        """

    def _cancel(self):
        """Cancel what will not be done any more."""
        self.write({"state": "cancelled"})
        self._after_settle()

    def _refuse(self):
        """Skip tasks of our people whose customer is served without them."""
        self._settle_as("skipped", self.env._("Tech-touch: no task of a person opens."))

    def _settle(self, state, reason=False):
        """Settle tasks, and plan the next occurrence of those that recur."""
        self._settle_as(state, reason)
        self._plan_next_occurrences()

    def _settle_as(self, state, reason=False):
        for company, tasks in self.grouped("company_id").items():
            today = self.env["cs.account"]._today(company)
            tasks.write(
                {
                    "state": state,
                    "date_done": today,
                    "done_by_id": self.env.uid,
                    "reason": reason,
                }
            )
        self._after_settle()

    def _go_on(self):
        """Let the journeys of settled tasks go on."""
        self.journey_id._run()

    def _plan_next_occurrences(self):
        """Let recurring tasks come again, as long as their visit lasts."""
        recurring = self.filtered(
            lambda task: (
                task.recurrence_days and task.visit_id and not task.visit_id.left_on
            )
        )
        following = self.create(
            [
                {
                    **task._prepare_copy_values(task.visit_id),
                    "previous_id": task.id,
                    "date_planned": task._next_planned(),
                }
                for task in recurring
            ]
        )
        following._copy_translations("cs_task", recurring.ids)

    def _next_planned(self):
        """Return the day on which a recurring task comes again: never a past one."""
        planned = self.date_planned or self.date_open
        today = self.env["cs.account"]._today(self.company_id)
        if not planned:
            return today
        return max(fields.Date.add(planned, days=self.recurrence_days), today)

    def _prepare_copy_values(self, visit):
        """Return the values of a fresh copy of this task, waiting in ``visit``."""
        return {
            **self._prepare_definition_values(),
            "account_id": self.account_id.id,
            "journey_id": self.journey_id.id,
            "stage_id": self.stage_id.id,
            "visit_id": visit.id,
            "template_task_id": self.template_task_id.id,
            "partner_id": self.partner_id.id,
            "state": "waiting",
        }

    def _copy_translations(self, table, source_ids):
        """Take over the texts of all languages, in one query.

        :param table: the table of the sources
        :param source_ids: per task of ``self`` the id of the record it is a copy of
        """
        if not self:
            return
        names = self._translated_definition_fields()
        self.flush_recordset(names)
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_task t
                   SET %(assignments)s
                  FROM unnest(%(ids)s, %(source_ids)s) AS pair(task_id, source_id)
                  JOIN %(table)s s ON s.id = pair.source_id
                 WHERE t.id = pair.task_id
                """,
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("s", name))
                    for name in names
                ),
                ids=list(self.ids),
                source_ids=list(source_ids),
                table=SQL.identifier(table),
            )
        )
        self.invalidate_recordset(names, flush=False)

    def _leave_interactions(self, values):
        """Record what happened in the history of the customers.

        :param values: more values for the records
        """
        self.env["cs.interaction"].create(
            [
                {
                    "account_id": task.account_id.id,
                    "kind": task.interaction_kind or "meeting",
                    "user_id": self.env.uid,
                    "task_id": task.id,
                    **values,
                }
                for task in self
                if task.kind == "interaction"
            ]
        )
