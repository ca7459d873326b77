from odoo import fields, models
from odoo.exceptions import UserError

from .cs_task import PENDING


class CsTask(models.Model):
    """What people do with a task, and when they may."""

    _inherit = "cs.task"

    # What people do

    def action_done(self):
        """Conclude open tasks; what is done already stays as it is.

        An interaction leaves its record in the customer's history. The journey goes
        on: next position, next stage.

        :return: True
        :raise UserError: a task is not open; the message says what it waits for
        """
        return self._conclude()

    def action_skip(self, reason):
        """Settle open or waiting tasks without doing them.

        :param reason: why, as a text that is not blank
        :return: True
        :raise UserError: no reason, or a task is settled already
        """
        reason = self.env["cs.journey"]._check_reason(reason)
        self.check_access("write")
        tasks = self._engine().filtered(lambda task: task.state != "skipped")
        tasks.journey_id._lock()
        tasks._check_pending()
        tasks._check_series_begun()
        tasks._settle("skipped", reason=reason)
        tasks._go_on()
        return True

    def action_conclude(self):
        """Conclude from the screen: an interaction first asks how it went.

        :return: the action of the window that asks, or True when it is done
        """
        if len(self) == 1 and self.kind == "interaction" and self.state == "open":
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "customer_success.cs_interaction_log_action"
            )
            action["context"] = {"default_task_id": self.id}
            return action
        return self.action_done()

    def _conclude(self, interaction=None):
        """Conclude open tasks.

        :param interaction: values of the cs.interaction that the task leaves, where
            more is known of it than that it happened
        """
        self.check_access("write")
        tasks = self._engine().filtered(lambda task: task.state != "done")
        tasks.journey_id._lock()
        tasks._check_open()
        tasks._settle("done")
        tasks._leave_interactions(interaction or {})
        tasks._go_on()
        return True

    # What may be done

    def _check_pending(self):
        """Raise when a task is settled or cancelled already, or nobody's to settle."""
        self._check_not_judged()
        states = dict(self._fields["state"]._description_selection(self.env))
        for task in self:
            if task.state not in PENDING:
                raise UserError(
                    self.env._(
                        "%(task)s is %(state)s already.",
                        task=task.name,
                        state=states[task.state].lower(),
                    )
                )

    def _check_series_begun(self):
        """Raise when skipping one of these would end a series before it begins."""
        for task in self:
            if task.journey_id and not task.visit_id and task._is_recurring():
                raise UserError(
                    self.env._(
                        "%(task)s comes again and again in %(stage)s, which is still "
                        "to come. Skip its turns when they open.",
                        task=task.name,
                        stage=task.stage_id.name,
                    )
                )

    def _check_open(self):
        """Raise when a task is not open, saying what it waits for."""
        self._check_pending()
        for task in self:
            if task.state == "waiting":
                raise UserError(task._explain_waiting())

    def _explain_waiting(self):
        """Return, for people, what this waiting task waits for."""
        self.ensure_one()
        if self.journey_id.state == "paused":
            return self.env._(
                "%(task)s waits: the journey is paused. Resume it first.",
                task=self.name,
            )
        if self.visit_id != self.journey_id.visit_id:
            return self.env._(
                "%(task)s belongs to %(stage)s, and the customer is still in "
                "%(current)s.",
                task=self.name,
                stage=self.stage_id.name,
                current=self.journey_id.stage_id.name,
            )
        if self._is_on_demand():
            return self.env._(
                "%(task)s is on demand: the customer has no cadence of that kind.",
                task=self.name,
            )
        if self._is_waiting_occurrence():
            return self.env._(
                "%(task)s comes again on %(date)s.",
                task=self.name,
                date=fields.Date.to_string(self.date_planned),
            )
        return self.env._(
            "%(task)s waits for: %(before)s.",
            task=self.name,
            before=", ".join(self._tasks_before().mapped("name")),
        )

    def _tasks_before(self):
        """Return the mandatory tasks of the same visit that this one waits for."""
        return self.visit_id.task_ids.filtered(
            lambda task: (
                task.state in PENDING
                and task.position < self.position
                and task._is_blocking()
            )
        )

    def _is_settled(self):
        return self.state in ("done", "skipped")

    def _is_blocking(self):
        """Whether the next position, and the end of the stage, wait for this task."""
        return (
            self.mandatory
            and not self._is_recurring()
            # Numbers are judged when the people's work is done.
            and not self._is_indicator()
        )

    def _is_waiting_occurrence(self):
        """Whether this is a recurring task that waits for its next day."""
        return self.state == "waiting" and bool(self.previous_id)

    def _is_due(self, today):
        """Whether a waiting task, when its position is open, opens today."""
        if self._is_on_demand():
            return False
        return not self.previous_id or self.date_planned <= today

    def _is_refused(self):
        """Whether the customer's touch model has no such task."""
        return self._is_of_absent_people() or self._is_for_closer_touch()

    def _is_of_absent_people(self):
        """Whether nobody is there to do it: tech-touch has no work of our people."""
        return (
            self.account_id.touch_model == "tech"
            and self.responsible != "customer"
            and self.kind in ("task", "interaction")
            and self.closed_by == "hand"
        )

    def _expected_end(self, clock):
        """Return the day on which it is expected to be done.

        :param clock: the earliest day on which it can be
        """
        if self.state == "open":
            return max(self.date_deadline, clock)
        return fields.Date.add(clock, days=self.duration_days)
