from odoo import fields, models


class CsPlanReplanLine(models.TransientModel):
    """A task whose deadline may move."""

    _name = "cs.plan.replan.line"
    _description = "Deadline to Move"

    replan_id = fields.Many2one(
        comodel_name="cs.plan.replan", required=True, ondelete="cascade", index=True
    )
    task_id = fields.Many2one(comodel_name="cs.task", required=True, ondelete="cascade")
    date_deadline = fields.Date(related="task_id.date_deadline", related_sudo=False)
    new_deadline = fields.Date(string="New deadline", required=True)
