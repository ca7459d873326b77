from odoo import Command, api, fields, models

from ..team.capacity import (
    binding,
    csms_for_mrr,
    customers_for_ticket,
    unfilled,
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
    load_ids = fields.One2many(
        comodel_name="cs.capacity.plan.load",
        inverse_name="plan_id",
        string="What the others carry then",
        compute="_compute_load_ids",
        store=True,
    )
    customers_left = fields.Integer(
        string="Customers whom nobody can take",
        compute="_compute_load_ids",
        store=True,
    )

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
    missing_in = fields.Char(compute="_compute_need")
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
                [
                    ("role", "=", "csm"),
                    ("company_id", "=", plan.company_id.id),
                    ("user_id.active", "=", True),
                ]
            )

    def _staying(self):
        return self.member_ids._origin - self.leaving_ids._origin

    @api.depends("company_id", "leaving_ids")
    def _compute_load_ids(self):
        for plan in self:
            leaving = plan.leaving_ids._origin & plan.member_ids._origin
            loads, left = plan._loads_without(leaving)
            plan.customers_left = left
            plan.load_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in loads),
            ]

    def _loads_without(self, leaving):
        """Return what the others carry when some leave, and how many find nobody.

        :param leaving: cs.team.member records
        """
        if not leaving:
            return [], 0
        # sudo: the capacity is the team's; customers are only counted here
        accounts = self.env["cs.account"].sudo()
        accounts = accounts.search(
            [
                ("company_id", "=", self.company_id.id),
                ("csm_id", "in", leaving.user_id.ids),
                ("state", "=", "active"),
            ]
        )
        members = leaving.with_context(cs_without_csms=leaving.user_id.ids)
        shares = members._share_out(accounts)
        taken = members._by_member(shares)
        # One after the other: what was said of a member last is what they end with.
        ends = dict(shares.values())
        loads = [
            {
                "member_id": member.id,
                "customers": member.customer_count,
                "load": member.load,
                "customers_after": member.customer_count + len(taken.get(member, ())),
                "load_after": ends.get(member, member.load),
            }
            for member in self._staying()
        ]
        return loads, sum(not member for member, _load in shares.values())

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
            plan.csms = len(plan._staying()) + plan.joining_csms
            plan.customers = sum(lines.mapped("customers_after"))
            plan.mrr = sum(lines.mapped("mrr_after"))
            plan.ticket = plan.mrr / plan.customers if plan.customers else 0
            # Each segment has CSMs of its own: what is left of one fills no other.
            plan.by_customers = sum(lines.mapped("csms_needed"))
            plan.by_mrr = csms_for_mrr(plan.mrr, per_csm)
            plan.needed = max(plan.by_customers, plan.by_mrr)
            missing = lines.filtered("csms_missing")
            plan.missing = max(
                sum(missing.mapped("csms_missing")), plan.needed - plan.csms, 0
            )
            plan.missing_in = ", ".join(
                f"{line.segment_id.name or self.env._('Not segmented')}"
                f" ({line.csms_missing})"
                for line in missing
            )
            plan.binds = binding(plan.by_customers, plan.by_mrr)
            plan.customers_by_ticket = customers_for_ticket(plan.ticket, per_csm)

    def _places(self):
        """Return for each segment's line how many CSMs serve it, and are missing.

        :return: ``{line: (serving, missing)}``
        """
        # Who joins can be of any segment.
        serving = [None] * self.joining_csms
        serving += [set(one.segment_ids.ids) or None for one in self._staying()]
        by_segment = {line.segment_id._origin.id: line for line in self.line_ids}
        missing = unfilled(
            {key: line.csms_needed for key, line in by_segment.items()}, serving
        )
        return {
            line: (sum(not kinds or key in kinds for kinds in serving), missing[key])
            for key, line in by_segment.items()
        }

    @api.depends("leaving_ids", "joining_csms", "mrr", "company_id")
    def _compute_cost(self):
        for plan in self:
            costs = plan.member_ids.mapped("monthly_cost")
            mean = sum(costs) / len(costs) if costs else 0
            staying = sum(plan._staying().mapped("monthly_cost"))
            plan.cost = staying + mean * plan.joining_csms
            plan.cost_share = 100 * plan.cost / plan.mrr if plan.mrr else 0
            plan.is_costly = plan.cost_share > plan.company_id.sudo().cs_cost_share
