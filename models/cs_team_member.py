from collections import defaultdict

from odoo import api, fields, models


class CsTeamMember(models.Model):
    """Somebody of the customer success team, whom they serve and their room."""

    _name = "cs.team.member"
    _description = "Customer Success Team Member"
    _order = "sequence, id"
    _rec_name = "user_id"
    _check_company_auto = True

    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    role = fields.Selection(
        selection=[
            ("csm", "CSM"),
            ("specialist", "Product specialist"),
            ("manager", "Manager"),
        ],
        required=True,
        default="csm",
        help="Only CSMs are given customers.",
    )
    segment_ids = fields.Many2many(
        comodel_name="cs.segment",
        string="Serves segments",
        check_company=True,
        help="Empty: every segment.",
    )
    industry_ids = fields.Many2many(
        comodel_name="cs.industry",
        string="Serves industries",
        help="Customers of these industries come here first. Empty: no preference.",
    )
    profile = fields.Char(
        help="Strengths of this person: farmer, technical, communicator, doer…",
    )
    customer_limit = fields.Integer(
        string="Own limit",
        help="Customers this person can carry. 0: the number of each segment.",
    )
    monthly_cost = fields.Monetary(groups="customer_success.group_cs_admin")
    customer_count = fields.Integer(string="Customers", compute="_compute_load")
    load = fields.Float(
        string="Load (%)",
        digits=(5, 0),
        compute="_compute_load",
        help="Customers carried against the limit, each by the number of its segment.",
    )

    _user_company_uniq = models.UniqueIndex(
        "(user_id, company_id) WHERE active",
        "This person is in the team of that company already.",
    )
    _limit_positive = models.Constraint(
        "CHECK(customer_limit >= 0)", "A limit cannot be negative."
    )

    @api.depends("user_id", "company_id", "customer_limit")
    def _compute_load(self):
        carried = self._customers_by_segment()
        for member in self:
            by_segment = carried[member.user_id.id, member.company_id.id]
            member.customer_count = sum(by_segment.values())
            member.load = member._load_of(by_segment)

    def _customers_by_segment(self):
        """Return ``{(user id, company id): {segment: active customers}}``."""
        carried = defaultdict(dict)
        # sudo: loads count customers whom the reader may not see one by one
        groups = (
            self.env["cs.account"]
            .sudo()
            ._read_group(
                [
                    ("csm_id", "in", self.user_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "active"),
                ],
                ["csm_id", "company_id", "segment_id"],
                ["__count"],
            )
        )
        for user, company, segment, count in groups:
            carried[user.id, company.id][segment] = count
        return carried

    def _load_of(self, by_segment):
        """Return the load (%) that customers, counted by segment, make."""
        self.ensure_one()
        return 100 * sum(
            count / self._limit_for(segment) for segment, count in by_segment.items()
        )

    def _limit_for(self, segment):
        """Return how many customers like those of a segment this person carries."""
        self.ensure_one()
        served = segment or self.env["cs.segment"]._default_segment(self.company_id)
        return self.customer_limit or served.customers_per_csm or 40

    @api.model
    def _managers(self, company):
        """Return who decides when no CSM is named.

        :param company: a res.company
        :return: the res.users who manage its team; with none, all who see every
            customer of it
        """
        managers = self.search(
            [("role", "=", "manager"), ("company_id", "=", company.id)]
        ).user_id.filtered("active")
        if managers:
            return managers
        everybody = self.env.ref("customer_success.group_cs_user_all").all_user_ids
        return everybody.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    @api.model
    def _is_csm(self, user):
        """Return whether somebody carries customers in a company they work in now."""
        # sudo: everybody may know what they are themselves
        return bool(
            self.sudo().search_count(
                [
                    ("user_id", "=", user.id),
                    ("role", "=", "csm"),
                    ("company_id", "in", self.env.companies.ids),
                ],
                limit=1,
            )
        )

    def action_transfer(self):
        """Ask who takes the customers of this person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_portfolio_transfer_action"
        )
        return {**action, "context": {"default_from_id": self.user_id.id}}
