from odoo import fields, models


class CsCapacityPlanLoad(models.TransientModel):
    """What one CSM carries now, and when the planned ones have left."""

    _name = "cs.capacity.plan.load"
    _description = "Load of a CSM"

    plan_id = fields.Many2one(
        comodel_name="cs.capacity.plan", required=True, ondelete="cascade"
    )
    member_id = fields.Many2one(
        comodel_name="cs.team.member", string="CSM", required=True, ondelete="cascade"
    )
    customers = fields.Integer(string="Customers now")
    load = fields.Float(string="Load now (%)", digits=(5, 0))
    customers_after = fields.Integer(string="Customers after")
    load_after = fields.Float(string="Load after (%)", digits=(5, 0))
