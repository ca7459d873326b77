from odoo import Command, api, fields, models

from ..team.capacity import (
    binding,
    csms_for_customers,
    csms_for_mrr,
    customers_for_ticket,
)


class CsCapacityPlan(models.TransientModel):
    """How many CSMs the customers ask for, today and if some join or leave."""

    _name = "cs.capacity.plan"
    _inherit = "cs.company.choice"
    _description = "Capacity of the Team"

    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="cs.capacity.plan.line",
        inverse_name="plan_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    member_ids = fields.Many2many(
        comodel_name="cs.team.member",
        string="Present CSMs",
        compute="_compute_member_ids",
    )
    leaving_ids = fields.Many2many(
        comodel_name="cs.team.member",
        relation="cs_capacity_plan_leaving_rel",
        string="If these CSMs leave",
        domain="[('id', 'in', member_ids)]",
    )
    joining_csms = fields.Integer(string="If so many CSMs join")

    csms = fields.Integer(string="CSMs", compute="_compute_need")
    customers = fields.Integer(compute="_compute_need")
    mrr = fields.Monetary(string="MRR", compute="_compute_need")
    ticket = fields.Monetary(string="Average ticket", compute="_compute_need")
    by_customers = fields.Integer(
        string="CSMs needed by customers", compute="_compute_need"
    )
    by_mrr = fields.Integer(string="CSMs needed by MRR", compute="_compute_need")
    needed = fields.Integer(string="CSMs needed", compute="_compute_need")
    missing = fields.Integer(string="CSMs missing", compute="_compute_need")
    binds = fields.Selection(
        selection=[("customers", "Customers"), ("mrr", "MRR"), ("both", "Both")],
        string="What binds",
        compute="_compute_need",
    )
    customers_by_ticket = fields.Integer(
        string="Customers per CSM by ticket",
        compute="_compute_need",
        help="The MRR that one CSM carries divided by the average ticket.",
    )
    cost = fields.Monetary(
        string="Monthly cost of the CSMs",
        compute="_compute_cost",
        groups="customer_success.group_cs_admin",
    )
    cost_share = fields.Float(
        string="Cost (% of MRR)",
        digits=(5, 1),
        compute="_compute_cost",
        groups="customer_success.group_cs_admin",
    )
    is_costly = fields.Boolean(
        compute="_compute_cost", groups="customer_success.group_cs_admin"
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._("Capacity of the team")

    @api.depends("company_id")
    def _compute_line_ids(self):
        for plan in self:
            plan.line_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in plan._prepare_lines()),
            ]

    def _prepare_lines(self):
        """Return a line for each segment that has customers or could have some."""
        self._check_company_is_entered()
        # sudo: the capacity is the team's; customers are only counted here
        accounts = self.env["cs.account"].sudo()
        groups = accounts._read_group(
            [("company_id", "=", self.company_id.id), ("state", "=", "active")],
            ["segment_id"],
            ["__count", "mrr:sum"],
        )
        segments = self.env["cs.segment"].search(
            [("company_id", "in", (self.company_id.id, False))]
        )
        default = segments._default_segment(self.company_id)
        counted = {}
        for segment, count, mrr in groups:
            # Who is in no segment is served as the default one.
            key = (segment or default).id
            before = counted.get(key, (0, 0.0))
            counted[key] = (before[0] + count, before[1] + mrr)
        served = segments | segments.browse(filter(None, counted))
        lines = [
            {"segment_id": segment.id, "per_csm": segment.customers_per_csm}
            for segment in served
        ]
        if False in counted:
            lines.append({"segment_id": False, "per_csm": 0})
        for line in lines:
            line["customers"], line["mrr"] = counted.get(line["segment_id"], (0, 0.0))
            if line["customers"]:
                line["ticket"] = line["mrr"] / line["customers"]
        return lines

    @api.depends("company_id")
    def _compute_member_ids(self):
        for plan in self:
            plan.member_ids = self.env["cs.team.member"].search(
                [("role", "=", "csm"), ("company_id", "=", plan.company_id.id)]
            )

    @api.depends(
        "company_id",
        "leaving_ids",
        "joining_csms",
        "line_ids.joining",
        "line_ids.leaving",
        "line_ids.ticket",
        "line_ids.per_csm",
    )
    def _compute_need(self):
        for plan in self:
            lines = plan.line_ids
            per_csm = plan.company_id.sudo().cs_mrr_per_csm
            plan.csms = len(plan.member_ids) - len(plan.leaving_ids) + plan.joining_csms
            plan.customers = sum(lines.mapped("customers_after"))
            plan.mrr = sum(lines.mapped("mrr_after"))
            plan.ticket = plan.mrr / plan.customers if plan.customers else 0
            # Each segment has CSMs of its own: what is left of one fills no other.
            plan.by_customers = sum(lines.mapped("csms_needed"))
            plan.by_mrr = csms_for_mrr(plan.mrr, per_csm)
            plan.needed = max(plan.by_customers, plan.by_mrr)
            plan.missing = max(plan.needed - plan.csms, 0)
            plan.binds = binding(plan.by_customers, plan.by_mrr)
            plan.customers_by_ticket = customers_for_ticket(plan.ticket, per_csm)

    @api.depends("leaving_ids", "joining_csms", "mrr", "company_id")
    def _compute_cost(self):
        for plan in self:
            costs = plan.member_ids.mapped("monthly_cost")
            mean = sum(costs) / len(costs) if costs else 0
            staying = plan.member_ids - plan.leaving_ids._origin
            plan.cost = sum(staying.mapped("monthly_cost")) + mean * plan.joining_csms
            plan.cost_share = 100 * plan.cost / plan.mrr if plan.mrr else 0
            plan.is_costly = plan.cost_share > plan.company_id.sudo().cs_cost_share


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
