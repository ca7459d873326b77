from odoo import api, fields, models


class CsBillingLine(models.Model):
    """An amount that was billed to a customer for a month, as billing says it.

    What it says is compared with the subscriptions; what is overdue is a fact.
    """

    _name = "cs.billing.line"
    _inherit = "cs.account.part"
    _description = "Billed Amount"
    _order = "month desc, account_id, id"
    _check_company_auto = True

    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        help="The month it was billed for, by its first day.",
    )
    product = fields.Char()
    reference = fields.Char(string="Invoice", help="The number of the invoice.")
    amount = fields.Monetary(required=True)
    is_recurring = fields.Boolean(
        string="Recurring",
        default=True,
        help="It comes again each period, and so belongs to the MRR.",
    )
    due_on = fields.Date(string="Due")
    paid_on = fields.Date(string="Paid")
    state = fields.Selection(
        selection=[("paid", "Paid"), ("open", "Open"), ("overdue", "Overdue")],
        compute="_compute_state",
    )

    _account_month_idx = models.Index("(account_id, month)")

    @api.depends("due_on", "paid_on", "company_id")
    def _compute_state(self):
        accounts = self.env["cs.account"]
        for line in self:
            today = accounts._today(line.company_id or self.env.company)
            if line.paid_on and line.paid_on <= today:
                line.state = "paid"
            else:
                is_late = line.due_on and line.due_on < today
                line.state = "overdue" if is_late else "open"

    @api.depends("month", "product")
    def _compute_display_name(self):
        for line in self:
            month = line.month and f"{line.month:%m/%Y}"
            line.display_name = " ".join(filter(None, [line.product, month]))

    @api.model_create_multi
    def create(self, vals_list):
        """Create billed amounts; what is overdue is known at once."""
        lines = super().create([_on_first_day(vals) for vals in vals_list])
        lines._refresh_facts(lines.account_id)
        return lines

    def write(self, vals):
        accounts = self.account_id
        result = super().write(_on_first_day(vals))
        self._refresh_facts(accounts | self.account_id)
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        self._refresh_facts(accounts)
        return result

    def _refresh_facts(self, accounts):
        accounts._refresh_at_once(["billing"])


def _on_first_day(vals):
    if not vals.get("month"):
        return vals
    return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}
