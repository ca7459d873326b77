from odoo import fields, models

from ..team.capacity import binding


class CsTeamMember(models.Model):
    """Against both rules: the customers that a CSM carries, and their MRR."""

    _inherit = "cs.team.member"

    portfolio_mrr = fields.Monetary(string="MRR", compute="_compute_portfolio_mrr")
    mrr_load = fields.Float(
        string="MRR load (%)",
        digits=(5, 0),
        aggregator=None,
        compute="_compute_portfolio_mrr",
        help="The portfolio's MRR against what one CSM carries in this company.",
    )
    binds = fields.Selection(
        selection=[
            ("customers", "Customers"),
            ("mrr", "MRR"),
            ("both", "Both"),
        ],
        string="What binds",
        compute="_compute_portfolio_mrr",
        help="Which of the two loads is the larger one.",
    )
    cost_share = fields.Float(
        string="Cost (% of MRR)",
        digits=(5, 1),
        aggregator=None,
        compute="_compute_cost_share",
        groups="customer_success.group_cs_admin",
    )

    def _compute_portfolio_mrr(self):
        carried = self._mrr_carried()
        for member in self:
            mrr = carried.get((member.user_id, member.company_id), 0.0)
            limit = member.company_id.sudo().cs_mrr_per_csm
            member.portfolio_mrr = mrr
            member.mrr_load = 100 * mrr / limit if limit else 0
            member.binds = binding(round(member.load), round(member.mrr_load))

    def _mrr_carried(self):
        """Return ``{(user, company): MRR of the active customers}``."""
        # sudo: sums count customers whom the reader may not see one by one
        groups = (
            self.env["cs.account"]
            .sudo()
            ._read_group(
                [
                    ("csm_id", "in", self.user_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "active"),
                ],
                ["csm_id", "company_id"],
                ["mrr:sum"],
            )
        )
        return {(user, company): mrr for user, company, mrr in groups}

    def _compute_cost_share(self):
        for member in self:
            mrr = member.portfolio_mrr
            member.cost_share = 100 * member.monthly_cost / mrr if mrr else 0
