from odoo import api, fields, models

from ..models.cs_task import PENDING


class CsPlanReplan(models.TransientModel):
    """Asks for new deadlines and the reason why they move."""

    _name = "cs.plan.replan"
    _description = "Re-plan"

    plan_id = fields.Many2one(comodel_name="cs.plan", required=True, ondelete="cascade")
    days = fields.Integer(
        string="Move everything by (days)",
        help="All that is left to do moves by so many days; negative is earlier.",
    )
    line_ids = fields.One2many(
        comodel_name="cs.plan.replan.line", inverse_name="replan_id", string="Tasks"
    )
    reason = fields.Text(required=True)

    @api.model
    def default_get(self, fields):
        """Show what is left to do."""
        values = super().default_get(fields)
        plan = self.env["cs.plan"].browse(values.get("plan_id"))
        if plan and "line_ids" in fields:
            tasks = plan.task_ids.filtered(
                lambda task: task.state in PENDING and task.date_deadline
            )
            values["line_ids"] = [
                (0, 0, {"task_id": task.id, "new_deadline": task.date_deadline})
                for task in tasks.sorted("date_deadline")
            ]
        return values

    def action_replan(self):
        """Move the deadlines.

        :return: the action that closes the window
        """
        self.ensure_one()
        changed = self.line_ids.filtered(
            lambda line: line.new_deadline != line.date_deadline
        )
        self.plan_id.action_replan(
            self.reason,
            {line.task_id: line.new_deadline for line in changed},
            self.days,
        )
        return {"type": "ir.actions.act_window_close"}
