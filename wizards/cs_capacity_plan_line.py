from odoo import api, fields, models

from ..team.capacity import csms_for_customers


class CsCapacityPlanLine(models.TransientModel):
    """The customers of one segment, now and as planned."""

    _name = "cs.capacity.plan.line"
    _description = "Capacity of a Segment"

    plan_id = fields.Many2one(
        comodel_name="cs.capacity.plan", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="plan_id.currency_id")
    segment_id = fields.Many2one(comodel_name="cs.segment", readonly=True)
    customers = fields.Integer(string="Customers now", readonly=True)
    mrr = fields.Monetary(string="MRR now", readonly=True)
    joining = fields.Integer(string="If so many join")
    leaving = fields.Integer(string="If so many leave")
    ticket = fields.Monetary(
        string="Average ticket",
        help="Of those who join; today's average to begin with.",
    )
    per_csm = fields.Integer(string="Customers per CSM")
    customers_after = fields.Integer(string="Customers", compute="_compute_after")
    mrr_after = fields.Monetary(string="MRR", compute="_compute_after")
    csms_needed = fields.Integer(string="CSMs needed", compute="_compute_after")
    csms_serving = fields.Integer(
        string="CSMs who serve it",
        compute="_compute_csms_serving",
        help="Those who serve other segments, too, are counted in each.",
    )
    csms_missing = fields.Integer(
        string="CSMs missing", compute="_compute_csms_serving"
    )

    @api.depends("customers", "mrr", "joining", "leaving", "ticket", "per_csm")
    def _compute_after(self):
        for line in self:
            after = max(line.customers + line.joining - line.leaving, 0)
            mean = line.mrr / line.customers if line.customers else line.ticket
            line.customers_after = after
            line.mrr_after = max(
                line.mrr + line.joining * line.ticket - line.leaving * mean, 0
            )
            line.csms_needed = csms_for_customers(after, line.per_csm)

    @api.depends(
        "segment_id",
        "plan_id.company_id",
        "plan_id.leaving_ids",
        "plan_id.joining_csms",
        "plan_id.line_ids.csms_needed",
    )
    def _compute_csms_serving(self):
        for plan, lines in self.grouped("plan_id").items():
            places = plan._places()
            for line in lines:
                line.csms_serving, line.csms_missing = places.get(line, (0, 0))
