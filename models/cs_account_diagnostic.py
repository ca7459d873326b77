from odoo import api, fields, models

from .cs_diagnostic_template import LEVELS


class CsAccount(models.Model):
    """The customer's diagnostics, plans and objectives."""

    _inherit = "cs.account"

    diagnostic_ids = fields.One2many(
        comodel_name="cs.diagnostic", inverse_name="account_id", string="Diagnostics"
    )
    plan_ids = fields.One2many(
        comodel_name="cs.plan", inverse_name="account_id", string="Plans"
    )
    objective_ids = fields.One2many(
        comodel_name="cs.objective", inverse_name="account_id", string="Objectives"
    )
    last_diagnostic_id = fields.Many2one(
        comodel_name="cs.diagnostic",
        string="Last diagnostic",
        compute="_compute_last_diagnostic_id",
        help="The newest one that is concluded.",
    )
    diagnostic_level = fields.Selection(
        selection=LEVELS,
        string="Level of organisation",
        compute="_compute_last_diagnostic_id",
    )
    database_count = fields.Integer(
        string="Copies of the database", compute="_compute_plan_counts"
    )
    diagnostic_count = fields.Integer(compute="_compute_plan_counts")
    plan_count = fields.Integer(compute="_compute_plan_counts")
    plan_progress = fields.Float(
        string="Plan (%)", compute="_compute_plan_counts", digits=(5, 1)
    )

    @api.depends("diagnostic_ids.state")
    def _compute_last_diagnostic_id(self):
        concluded = (
            self.env["cs.diagnostic"]
            .search(
                [("account_id", "in", self.ids), ("state", "=", "done")],
                order="started_on desc, id desc",
            )
            .grouped("account_id")
        )
        for account in self:
            account.last_diagnostic_id = concluded.get(
                account, self.env["cs.diagnostic"]
            )[:1]
            account.diagnostic_level = account.last_diagnostic_id.final_level

    @api.depends("diagnostic_ids.state", "plan_ids.state")
    def _compute_plan_counts(self):
        diagnostics = self._count_by_account("cs.diagnostic")
        plans = self._count_by_account("cs.plan")
        databases = self._count_by_account("cs.customer.database")
        running = (
            self.env["cs.plan"]
            .search([("account_id", "in", self.ids), ("state", "=", "running")])
            .grouped("account_id")
        )
        for account in self:
            account.diagnostic_count = diagnostics.get(account, 0)
            account.database_count = databases.get(account, 0)
            account.plan_count = plans.get(account, 0)
            mine = running.get(account, self.env["cs.plan"])
            total = sum(mine.mapped("task_count"))
            account.plan_progress = (
                100.0 * sum(mine.mapped("settled_task_count")) / total if total else 0.0
            )

    def write(self, vals):
        """Let the running plans of the CSM follow when another one takes over."""
        former = {account: account.csm_id for account in self}
        result = super().write(vals)
        if "csm_id" in vals:
            # sudo: plans follow the customer; who may write it hands them over
            for account in self.sudo():
                account.plan_ids.filtered(
                    lambda plan, mine=former[account]: (
                        plan.state == "running" and mine and plan.user_id == mine
                    )
                ).user_id = account.csm_id or self.env.user
        return result

    def action_open_diagnostics(self):
        """Open the diagnostics of this customer, the newest first."""
        return self._open("cs_diagnostic_action_all")

    def action_open_databases(self):
        """Open the copies of this customer's database."""
        return self._open("cs_customer_database_action")

    def action_open_plans(self):
        """Open the plans of this customer."""
        return self._open("cs_plan_action")

    def action_new_success_plan(self):
        """Open a new success plan, with the objectives that no plan pursues yet."""
        self.ensure_one()
        objectives = self.objective_ids.filtered(
            lambda objective: not objective.plan_id and not objective.outcome
        )
        name = self.env._("Success plan – %(customer)s", customer=self.display_name)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New success plan"),
            "res_model": "cs.plan",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {
                "default_account_id": self.id,
                "default_kind": "success",
                "default_name": name,
                "default_objective_ids": [
                    fields.Command.link(objective.id) for objective in objectives
                ],
            },
        }

    def action_open_diagnose(self):
        """Ask which diagnostic to start, or to go on with."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_diagnostic_wizard_action"
        )
        return {**action, "context": {"default_account_id": self.id}}
