from odoo import api, fields, models
from odoo.exceptions import UserError

from ..diagnostic.schedule import schedule
from .cs_journey import ALIVE
from .cs_task import QUIET


class CsDiagnostic(models.Model):
    """From findings to work: the actions they call for, and the plan made of them."""

    _inherit = "cs.diagnostic"

    proposed_action_ids = fields.Many2many(
        comodel_name="cs.diagnostic.action",
        string="Proposed actions",
        compute="_compute_proposed_action_ids",
    )

    @api.depends("answer_ids.answer")
    def _compute_proposed_action_ids(self):
        for diagnostic in self:
            diagnostic.proposed_action_ids = diagnostic.proposed_actions()

    def proposed_actions(self):
        """Return the actions that the answers call for.

        :return: cs.diagnostic.action records, by impact ÷ effort, the best first;
            ties in the order of the template
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["cs.diagnostic.action"].concat(*self._reasons())._best_first()

    def _reasons(self):
        """Return ``{action: the answers that call for it}``."""
        reasons = {}
        for answer in self.answer_ids:
            for action in answer.question_id._called_actions(answer.answer):
                reasons[action] = reasons.get(action, answer.browse()) | answer
        return reasons

    def create_plan(self, actions=None, start_journey=False):
        """Make the action plan: tasks with owners and deadlines, and the trainings.

        What an action comes after, and what the gate of findings holds back, waits
        for its turn. Who is responsible, and the days, are those of the actions.

        :param actions: cs.diagnostic.action records; all that are proposed by default
        :param start_journey: whether the template's journey starts with it
        :return: the new cs.plan with its ``task_ids``
        :raise UserError: no action is left to plan, or there is a plan already
        :raise AccessError: the user may not write the customer
        """
        self.ensure_one()
        if actions is None:
            actions = self.proposed_actions()
        has_journey = start_journey or self._has_journey()
        return self._create_plan(
            self._plan_steps(actions, has_journey), start_journey=start_journey
        )

    def _has_journey(self):
        """Whether the template's journey is under way with this customer."""
        template = self.template_id.journey_template_id
        return bool(template) and bool(
            self.account_id.journey_ids.filtered(
                lambda one: one.template_id == template and one.state in ALIVE
            )
        )

    def _plan_steps(self, actions, has_journey=False):
        """Return the steps of a plan, in their order, with owners and dates.

        :param actions: the chosen cs.diagnostic.action records
        :param has_journey: whether a journey does those that are left to it
        :return: list of ``{"source": action or topic, "before": sources,
            "answers": findings, "date_open", "date_deadline", "responsible",
            "user_id", "partner_id"}``
        """
        if has_journey:
            actions = actions.filtered(lambda one: not one.by_journey)
        reasons = self._reasons()
        before = self._orders(actions, reasons)
        dates = schedule(
            {source: source.duration_days for source in before},
            before,
            self.account_id._today(self.company_id),
        )
        return [
            {
                "source": source,
                "before": before[source],
                "answers": reasons.get(source, self.env["cs.diagnostic.answer"]),
                "date_open": begin,
                "date_deadline": deadline,
                "responsible": source.responsible,
                **self.env["cs.task"]._prepare_responsible_values(
                    source.responsible, self.account_id, source.user_id
                ),
            }
            for source, (begin, deadline) in dates.items()
        ]

    @api.model
    def _orders(self, actions, reasons):
        """Return ``{action or topic: what it waits for}`` among what is chosen."""
        gated = self.env["cs.diagnostic.action"].concat(
            *(
                action
                for action, answers in reasons.items()
                if any(answers.question_id.mapped("closes_gate"))
                and not action.waits_for_findings
            )
        )
        before = {}
        for action in actions:
            waits = action._all_before()
            if action.waits_for_findings:
                waits |= gated.filtered(lambda one, me=action: one not in me)
                waits -= waits.filtered(lambda one, me=action: me in one._all_before())
            before[action] = list(waits & actions)
        for topic in actions.topic_ids.filtered("active").sorted():
            before[topic] = list(actions & topic.action_ids)
        return before

    def _create_plan(self, steps, start_journey=False, **values):
        """Make a plan of some steps.

        :param steps: as of ``_plan_steps``
        :param values: more values of the cs.plan
        """
        self._check_may_plan(steps)
        # sudo: that it comes from this diagnostic is kept from hands; access is checked
        plan = self.env["cs.plan"].sudo().create({**self._prepare_plan(), **values})
        plan = plan.sudo(False)
        self._create_plan_tasks(plan, steps)
        self._create_plan_objectives(plan)
        if self.state == "open" and all(self.answer_ids.mapped("answer")):
            self._conclude()
        if start_journey:
            self._start_template_journey()
            self._settle_checks()
        self._leave_to_plan(plan)
        return plan

    def _check_may_plan(self, steps):
        self.check_access("read")
        self.account_id.check_access("write")
        self.env["cs.plan"].check_access("create")
        self._check_state("open", "done")
        if not steps:
            raise UserError(
                self.env._(
                    "There is nothing to plan: no action is chosen. Actions are "
                    "proposed for what is answered “Partly done” or “Not done”."
                )
            )
        running = self.plan_ids.filtered(lambda plan: plan.state == "running")
        if running:
            raise UserError(
                self.env._(
                    "%(plan)s was made of this diagnostic already. Work on that one, "
                    "or cancel it first.",
                    plan=running[0].display_name,
                )
            )

    def _prepare_plan(self):
        account = self.account_id
        return {
            "name": self.env._(
                "Action plan – %(customer)s", customer=account.display_name
            ),
            "kind": "action",
            "account_id": account.id,
            "diagnostic_id": self.id,
            "user_id": (account.csm_id or self.env.user).id,
        }

    def _create_plan_tasks(self, plan, steps):
        tasks = self.env["cs.task"].with_context(**QUIET)
        tasks = tasks.create(
            [
                self._prepare_plan_task(plan, step, position)
                for position, step in enumerate(steps, start=1)
            ]
        )
        by_source = dict(zip((step["source"] for step in steps), tasks, strict=True))
        for step, task in zip(steps, tasks, strict=True):
            waits = tasks.browse(by_source[one].id for one in step["before"])
            if waits:
                task.after_ids = waits
        for name in ("action_id", "topic_id"):
            copies = tasks.filtered(name)
            copies._take_texts_of_each(copies.mapped(lambda task, of=name: task[of]))

    def _prepare_plan_task(self, plan, step, position):
        source = step["source"]
        is_action = source._name == "cs.diagnostic.action"
        return {
            **source._prepare_task(),
            "account_id": self.account_id.id,
            "plan_id": plan.id,
            # A plan is agreed on with the customer: once it is shared, its steps show.
            "visible_to_customer": True,
            "action_id": source.id if is_action else False,
            "topic_id": False if is_action else source.id,
            "finding_ids": step["answers"].ids,
            "position": position,
            "state": "waiting" if step["before"] else "open",
            "date_open": step["date_open"],
            "date_planned": step["date_open"],
            "duration_days": max((step["date_deadline"] - step["date_open"]).days, 0),
            "responsible": step["responsible"],
            "user_id": step["user_id"],
            "partner_id": step["partner_id"],
        }

    def _create_plan_objectives(self, plan):
        """Propose the objectives of the areas that are not at the best level."""
        levels = {row["area_id"]: row["level"] for row in self._results_by_area()}
        goals = self.template_id.goal_ids.filtered(
            lambda goal: (
                not goal.area_id
                or levels.get(goal.area_id.id, False) not in (False, "managed")
            )
        )
        self.env["cs.objective"].create(
            [goal._prepare_objective(plan) for goal in goals]
        )

    def _start_template_journey(self):
        template = self.template_id.journey_template_id
        if template and not self._has_journey():
            self.account_id.start_journey(template)
