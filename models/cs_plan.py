from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_task import PENDING


class CsPlan(models.Model):
    """What is to be done with a customer, by whom and until when.

    An action plan comes from a diagnostic; a success plan from what the customer
    wants to reach. Its tasks are on the one list like all others.
    """

    _name = "cs.plan"
    _description = "Plan"
    _inherit = [
        "cs.guarded",
        "cs.account.part",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "state desc, due_on, id desc"
    _check_company_auto = True
    _guarded_fields = (
        "state",
        "diagnostic_id",
        "concluded_on",
        "reason",
        "shared_on",
        "validated_on_portal",
        "mail_turn_on",
        "mail_sent_on",
        "mail_sent_to",
        "mail_note",
        "mail_told",
    )

    name = fields.Char(required=True, tracking=True)
    kind = fields.Selection(
        selection=[("action", "Action plan"), ("success", "Success plan")],
        default="success",
        required=True,
        index=True,
        help="Action plan: what a diagnostic calls for. Success plan: what the "
        "customer wants to reach.",
    )
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Contact of the customer"
    )
    csm_id = fields.Many2one(related="account_id.csm_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    diagnostic_id = fields.Many2one(
        comodel_name="cs.diagnostic",
        ondelete="restrict",
        index="btree_not_null",
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="running",
        required=True,
        index=True,
        readonly=True,
        tracking=True,
    )
    reason = fields.Char(readonly=True, help="Why it was cancelled.")
    start_on = fields.Date(
        string="Starts on",
        required=True,
        default=lambda self: self.env["cs.account"]._today(),
    )
    concluded_on = fields.Date(string="Ended on", readonly=True)
    description = fields.Html(
        string="What it is for", help="In words that the customer may read."
    )
    objective_ids = fields.One2many(
        comodel_name="cs.objective", inverse_name="plan_id", string="Objectives"
    )
    task_ids = fields.One2many(
        comodel_name="cs.task", inverse_name="plan_id", string="Tasks"
    )
    due_on = fields.Date(
        string="Until",
        compute="_compute_due_on",
        store=True,
        help="The last deadline of its tasks.",
    )
    visible_to_customer = fields.Boolean(
        string="Shared with the customer",
        copy=False,
        tracking=True,
        help="The customer sees the plan, and does its own tasks there.",
    )

    @api.depends("task_ids.date_deadline", "task_ids.state")
    def _compute_due_on(self):
        for plan in self:
            tasks = plan.task_ids.filtered(lambda task: task.state != "cancelled")
            deadlines = [day for day in tasks.mapped("date_deadline") if day]
            plan.due_on = max(deadlines, default=False)

    def action_cancel(self, reason):
        """Give the plan up: what is left of it is cancelled, its history stays.

        :param reason: why, as a text that is not blank
        :return: True
        :raise UserError: no reason, or the plan has ended
        """
        reason = self.env["cs.journey"]._check_reason(reason)
        self.check_access("write")
        self._check_running()
        self._end("cancelled", reason=reason)
        self.task_ids._engine().filtered(lambda task: task.state in PENDING)._cancel()
        return True

    def action_reopen(self):
        """Work on a plan that has ended again; cancelled tasks stay cancelled.

        :return: True
        """
        self.check_access("write")
        # sudo: the state is kept from hands, access is checked above
        self.sudo().write({"state": "running", "concluded_on": False, "reason": False})
        return True

    def action_open_tasks(self):
        """Open the tasks of this plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_task_action"
        )
        context = {"default_account_id": self.account_id.id, "default_plan_id": self.id}
        return {**action, "domain": [("plan_id", "=", self.id)], "context": context}

    def action_open_diagnostic(self):
        """Open the diagnostic that the plan comes from."""
        self.ensure_one()
        return self.diagnostic_id.action_open_result()

    def _check_running(self):
        for plan in self:
            if plan.state != "running":
                raise UserError(
                    self.env._("%(plan)s has ended. Reopen it first.", plan=plan.name)
                )

    def _end(self, state, **values):
        for company, plans in self.grouped("company_id").items():
            today = self.env["cs.account"]._today(company)
            # sudo: the state is kept from hands, callers check access
            plans.sudo().write({"state": state, "concluded_on": today, **values})

    def _go_on(self):
        """Open the tasks whose turn has come, and end what has nothing left to do."""
        running = self.filtered(lambda plan: plan.state == "running")
        running.task_ids._open_in_plan()
        running.filtered(lambda plan: plan._is_finished())._end("done")

    def _is_finished(self):
        """Whether it had work, and none of it is left."""
        states = set(self.task_ids.mapped("state")) - {"cancelled"}
        return bool(states) and states.isdisjoint(PENDING)
