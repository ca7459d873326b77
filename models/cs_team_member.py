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

    @api.model
    def _with_most_room(self, account):
        """Return the CSM to whom a customer goes: the lowest load (%) after taking it.

        Those who serve the segment come in question, and of them those who serve
        the industry if any does. Full ones too; but nobody who may take no other,
        for one of the customers is served exclusively.

        :param account: a cs.account
        :return: ``(member, load after)``; an empty member when nobody can take it
        """
        members = self._serving(account)
        carried = members._customers_by_segment()
        loads = []
        for member in members:
            by_segment = dict(carried[member.user_id.id, member.company_id.id])
            if account.csm_id != member.user_id:
                segment = account.segment_id
                by_segment[segment] = by_segment.get(segment, 0) + 1
            loads.append((member._load_of(by_segment), member.sequence, member.id))
        if not loads:
            return self.browse(), 0.0
        load, _sequence, member_id = min(loads)
        return self.browse(member_id), load

    def _without_exclusive(self, account):
        """Return those who may take one more: none who has an exclusive customer.

        An exclusive customer itself goes to somebody who has no other.
        """
        # sudo: whom a colleague carries matters, whoever gives the customer away
        carried = (
            self.env["cs.account"]
            .sudo()
            ._read_group(
                [
                    ("csm_id", "in", self.user_id.ids),
                    ("state", "=", "active"),
                    ("id", "not in", account.ids),
                    *(
                        []
                        if account.touch_model == "exclusive"
                        else [("touch_model", "=", "exclusive")]
                    ),
                ],
                ["csm_id"],
            )
        )
        taken = {user for (user,) in carried}
        return self.filtered(lambda member: member.user_id not in taken)

    @api.model
    def _serving(self, account):
        members = self.search(
            [
                ("role", "=", "csm"),
                ("company_id", "=", account.company_id.id),
                ("user_id.active", "=", True),
                ("user_id", "not in", self.env.context.get("cs_without_csms", ())),
            ]
        )
        members = members.filtered(lambda m: m.user_id._may_be_csm(m.company_id))
        members = members._without_exclusive(account)
        segment = account.segment_id or self.env["cs.segment"]._default_segment(
            account.company_id
        )
        serving = members.filtered(
            lambda m: not m.segment_ids or segment in m.segment_ids
        )
        serving = serving or members
        industry = account.industry_id
        return (
            serving.filtered(lambda m: industry and industry in m.industry_ids)
            or serving
        )

    def action_transfer(self):
        """Ask who takes the customers of this person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_portfolio_transfer_action"
        )
        return {**action, "context": {"default_from_id": self.user_id.id}}
