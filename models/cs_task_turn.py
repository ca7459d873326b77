from odoo import fields, models

from .cs_task import QUIET


class CsTask(models.Model):
    """What the engine does with tasks: they open, are settled, come again.

    Other kinds of work hang on hooks: ``_after_open``, ``_after_settle``,
    ``_after_pause`` and ``_after_resume``.
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

    def _after_pause(self):
        """Do what follows when a pause of their journeys stopped these open tasks.

        Called all at once, state and dates being written.
        """

    def _after_resume(self):
        """Do what follows when these tasks are open again after a pause.

        Called all at once, their dates being moved and their journeys running, before
        these go on: what is done by itself is settled by ``_settle("done")`` alone.
        """

    def _cancel(self):
        """Cancel what will not be done any more."""
        self.write({"state": "cancelled"})
        self._after_settle()

    def _refuse(self):
        """Skip tasks that the touch model of their customer does not have."""
        absent = self.filtered(lambda task: task._is_of_absent_people())
        absent._settle_as(
            "skipped", self.env._("Tech-touch: no task of a person opens."), by=False
        )
        (self - absent)._settle_as(
            "skipped", self.env._("Meant for customers served more closely."), by=False
        )

    def _settle(self, state, reason=False):
        """Settle tasks, and plan the next occurrence of those that recur."""
        self._settle_as(state, reason)
        self._plan_next_occurrences()

    def _settle_as(self, state, reason=False, by=None):
        """Settle tasks today.

        :param by: id of who did; None: the user, False: nobody, the machine
        """
        for company, tasks in self.grouped("company_id").items():
            today = self.env["cs.account"]._today(company)
            tasks.write(
                {
                    "state": state,
                    "date_done": today,
                    "done_by_id": self.env.uid if by is None else by,
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
        recurring._copy_into(
            [task.visit_id for task in recurring],
            again_on=[task._next_planned() for task in recurring],
        )

    def _next_planned(self):
        """Return the day on which a recurring task comes again: never a past one."""
        planned = self.date_planned or self.date_open
        today = self.env["cs.account"]._today(self.company_id)
        if not planned:
            return today
        return max(fields.Date.add(planned, days=self.recurrence_days), today)

    def _comes_again(self):
        """Whether a visit that begins its stage anew has this task again."""
        if self._first_of_visit() != self:
            return False
        return self._is_indicator() or not (self.once and self._is_settled())

    def _first_of_visit(self):
        """Return the first occurrence of this task in its visit: mostly itself."""
        first = self
        while first.previous_id and first.previous_id.visit_id == first.visit_id:
            first = first.previous_id
        return first

    def _is_offered(self):
        """Whether it is open and nothing waits for it: it may be done afterwards."""
        return self.state == "open" and not self.mandatory and not self._is_recurring()

    def _outlives(self, outcome):
        """Whether this pending task stays when its visit ends with an outcome."""
        if outcome == "repeat":
            # Else each repeat would forget how late they are.
            return (
                self._is_recurring()
                and not self._is_indicator()
                and self.visit_id.planned_stage_id.endless
            )
        return outcome == "advance" and self._is_offered()

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
