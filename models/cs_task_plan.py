from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .cs_task import PENDING


class CsTask(models.Model):
    """A task of a plan: what it is about, and which tasks it waits for.

    Its deadline was agreed on: it stays, whenever the task opens.
    """

    _inherit = "cs.task"

    plan_id = fields.Many2one(
        comodel_name="cs.plan",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('account_id', '=', account_id), ('state', '=', 'running')]",
    )
    action_id = fields.Many2one(
        comodel_name="cs.diagnostic.action",
        string="Comes from",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
        help="The action of the diagnostic's template.",
    )
    action_why = fields.Html(related="action_id.why", string="Why")
    topic_id = fields.Many2one(
        comodel_name="cs.training.topic",
        string="Training topic",
        ondelete="restrict",
        index="btree_not_null",
    )
    finding_ids = fields.Many2many(
        comodel_name="cs.diagnostic.answer",
        relation="cs_task_finding_rel",
        string="Findings",
        readonly=True,
        help="What was found that calls for it.",
    )
    after_ids = fields.Many2many(
        comodel_name="cs.task",
        relation="cs_task_after_rel",
        column1="task_id",
        column2="before_id",
        string="Comes after",
        copy=False,
        domain="[('plan_id', '=', plan_id), ('id', '!=', id)]",
    )

    @api.constrains("plan_id", "account_id")
    def _check_plan_of_customer(self):
        for task in self:
            if task.plan_id and task.plan_id.account_id != task.account_id:
                raise ValidationError(
                    self.env._(
                        "%(task)s is for another customer than %(plan)s.",
                        task=task.name,
                        plan=task.plan_id.name,
                    )
                )

    @api.constrains("after_ids")
    def _check_plan_order(self):
        if self._has_cycle("after_ids"):
            raise ValidationError(
                self.env._(
                    "These tasks wait for each other in a circle, so none could begin."
                )
            )
        for task in self:
            if task.after_ids.plan_id - task.plan_id:
                raise ValidationError(
                    self.env._(
                        "%(task)s can come after tasks of its own plan only.",
                        task=task.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """A plan that gets new work is running again."""
        tasks = super().create(vals_list)
        ended = tasks.plan_id.filtered(lambda plan: plan.state == "done")
        if any(task.state in PENDING for task in ended.task_ids & tasks):
            ended.action_reopen()
        return tasks

    def _training_topics(self):
        """Return what a training that these tasks ask for is about."""
        topics = self.env["cs.training.topic"]
        # A journey's task holds the training of a topic in general.
        sources = self.template_task_id
        general = sources and topics.search([("journey_task_ids", "in", sources.ids)])
        return self.topic_id | (general or topics)

    def _after_settle(self):
        result = super()._after_settle()
        if self.plan_id:
            self.plan_id._go_on()
        return result

    def _go_on(self):
        """Let journeys that wait at the gate of findings go on too."""
        result = super()._go_on()
        self.filtered("finding_ids").account_id._run_at_gate()
        return result

    def _open_in_plan(self):
        """Open the waiting tasks of plans that wait for nothing any more."""
        ready = self.filtered(
            lambda task: (
                task.state == "waiting"
                and not task.journey_id
                and not any(one.state in PENDING for one in task.after_ids)
            )
        )
        for task in ready:
            deadline = task.date_deadline
            today = self.env["cs.account"]._today(task.company_id)
            opened = min(task.date_open or today, today)
            task.write({"state": "open", "date_open": opened})
            if deadline:
                task.duration_days = max((deadline - opened).days, 0)
        if ready:
            ready._after_open()

    def _explain_waiting(self):
        """Say what a task of a plan waits for."""
        if self.journey_id or not self.plan_id:
            return super()._explain_waiting()
        before = self.after_ids.filtered(lambda one: one.state in PENDING)
        return self.env._(
            "%(task)s waits for: %(before)s.",
            task=self.name,
            before=", ".join(before.mapped("name")),
        )

    def _explain_move(self, day):
        return self.env._(
            "%(task)s: %(before)s → %(after)s",
            task=self.name,
            before=format_date(self.env, self.date_deadline),
            after=format_date(self.env, day),
        )

    def _move_in_plan(self, day):
        """Give this task of a plan another deadline."""
        if self.state == "waiting":
            # What waits moves whole: it is to take as long as before.
            opens = day - timedelta(days=self.duration_days)
            self.write({"date_open": opens, "date_planned": opens})
        else:
            self.date_deadline = day

    def _settle_in_journey(self, state, reason=False):
        """Settle tasks that are done elsewhere, and let their journeys go on.

        Checks no access: who calls has.
        """
        if self:
            self.journey_id._lock()
            self._settle(state, reason)
            self._go_on()
