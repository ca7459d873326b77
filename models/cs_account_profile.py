from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Written by people on the customer and judged as facts (sources/builtin_account.py).
FACTS_BY_HAND = {
    "competitor_id",
    "competitor_known",
    "potential_mrr",
    "potential_reviewed_on",
}


class CsAccount(models.Model):
    """What people write on the customer that is a fact: nobody types it twice."""

    _inherit = "cs.account"

    competitor_known = fields.Boolean(
        string="Previous vendor is known",
        help="Tick to say that the customer came from nobody, or from whom.",
    )
    potential = fields.Selection(
        selection=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
        tracking=True,
        help="What the customer could still buy.",
    )
    potential_mrr = fields.Monetary(
        string="Potential a month",
        help="What it could still buy, in recurring revenue a month.",
    )
    potential_reviewed_on = fields.Date(
        string="Potential reviewed on",
        copy=False,
        help="The day on which somebody last looked at it. Writing the potential sets "
        "it to today.",
    )

    _potential_positive = models.Constraint(
        "CHECK(potential_mrr >= 0)", "A potential cannot be negative."
    )

    @api.constrains("potential_reviewed_on")
    def _check_potential_review(self):
        for account in self:
            day = account.potential_reviewed_on
            if day and day > self._today(account.company_id):
                raise ValidationError(
                    self.env._("A review of the potential cannot be in the future.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = self.env["res.company"]
        for vals in vals_list:
            is_known = vals.get("potential") or vals.get("potential_mrr")
            if is_known and not vals.get("potential_reviewed_on"):
                company = companies.browse(vals.get("company_id"))
                vals["potential_reviewed_on"] = self._today(company)
        accounts = super().create(vals_list)
        accounts._refresh_facts_by_hand(
            {name for vals in vals_list for name, value in vals.items() if value}
        )
        return accounts

    def write(self, vals):
        # 0 is an answer too: there is nothing more to sell.
        is_known = vals.get("potential") or "potential_mrr" in vals
        if is_known and "potential_reviewed_on" not in vals:
            vals = {**vals, "potential_reviewed_on": self._today()}
        result = super().write(vals)
        self._refresh_facts_by_hand(vals)
        return result

    def _refresh_facts_by_hand(self, names):
        if not FACTS_BY_HAND.isdisjoint(names):
            self._refresh_at_once(["account"])

    def action_potential_reviewed(self):
        """Say that the potential was looked at today and stays as it is."""
        for account in self:
            account.potential_reviewed_on = self._today(account.company_id)
