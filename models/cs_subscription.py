from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CsSubscription(models.Model):
    """What a customer pays for, from when until when.

    Both days are in force, but for one thing: on the day on which one subscription
    of a customer ends and another begins, the new one counts.
    """

    _name = "cs.subscription"
    _inherit = "cs.account.part"
    _description = "Subscription"
    _order = "account_id, start_on desc, id desc"
    _check_company_auto = True

    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        comodel_name="product.product", ondelete="restrict", check_company=True
    )
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    quantity = fields.Float(default=1.0)
    mrr = fields.Monetary(string="MRR", help="What it brings a month, all units.")
    start_on = fields.Date(
        string="Start",
        required=True,
        default=lambda self: self.env["cs.account"]._today(),
    )
    end_on = fields.Date(string="End", help="The last day in force. Empty: open end.")
    billing_months = fields.Integer(
        string="Renews every (months)",
        default=1,
        help="Length of a period: billed, and renewed, by so much.",
    )
    notice_days = fields.Integer(
        default=30, help="How long before the end a cancellation must come."
    )
    auto_renew = fields.Boolean(
        help="At its end it goes on for another billing period, until somebody ends it."
    )
    state = fields.Selection(
        selection=[
            ("upcoming", "Upcoming"),
            ("running", "Running"),
            ("ended", "Ended"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    _period_forward = models.Constraint(
        "CHECK(end_on IS NULL OR end_on >= start_on)",
        "A subscription cannot end before it starts.",
    )
    _billing_positive = models.Constraint(
        "CHECK(billing_months > 0)", "A subscription is billed every month or more."
    )
    _account_product_idx = models.Index("(account_id, product_id, start_on)")

    @api.depends("product_id")
    def _compute_name(self):
        for subscription in self:
            subscription.name = (
                subscription.product_id.display_name or subscription.name or ""
            )

    @api.depends("start_on", "end_on")
    def _compute_state(self):
        accounts = self.env["cs.account"]
        for subscription in self:
            today = accounts._today(subscription.company_id or self.env.company)
            if subscription.end_on and subscription.end_on < today:
                subscription.state = "ended"
            elif subscription.start_on and subscription.start_on > today:
                subscription.state = "upcoming"
            else:
                subscription.state = "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        days = self.env["cs.account"]._company_days()
        return Domain.OR(
            Domain("company_id", "=", company_id) & self._domain_of_state(state, today)
            for company_id, (_moment, today) in days.items()
            # Every subscription has one of the states: nothing else finds any.
            for state in value
            if state in ("upcoming", "running", "ended")
        )

    @api.model
    def _domain_of_state(self, state, today):
        ended = Domain("end_on", "!=", False) & Domain("end_on", "<", today)
        upcoming = ~ended & Domain("start_on", ">", today)
        return {
            "ended": ended,
            "upcoming": upcoming,
            "running": ~ended & ~upcoming,
        }[state]

    @api.constrains("mrr", "quantity")
    def _check_not_negative(self):
        if any(sub.mrr < 0 or sub.quantity < 0 for sub in self):
            raise ValidationError(
                self.env._("A subscription's MRR and quantity cannot be negative.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Create subscriptions; what their customers pay is known at once."""
        subscriptions = super().create(vals_list)
        subscriptions._refresh_facts(subscriptions.account_id)
        return subscriptions

    def write(self, vals):
        accounts = self.account_id
        result = super().write(vals)
        self._refresh_facts(accounts | self.account_id)
        return result

    def unlink(self):
        accounts = self.account_id
        result = super().unlink()
        self._refresh_facts(accounts)
        return result

    def _refresh_facts(self, accounts):
        # Engagement counts the features of the products in force.
        accounts._refresh_at_once(["subscription", "engagement"])

    @api.model
    def _sql_today(self, scope=None, as_of=None):
        """Return all subscriptions with what they are on their company's today.

        :param scope: function from the ``SQL`` of an account's id to a condition
        :param as_of: None, or the past moment or day that is meant by today
        :return: an ``SQL`` relation: account_id, company_id, product_id, name, mrr,
            start_on, end_on, billing_months, has_begun, in_force, today
        """
        self.flush_model()
        return SQL(
            """
            SELECT s.account_id, s.company_id, s.product_id, s.name, s.mrr,
                   s.start_on, s.end_on, s.billing_months, c.today,
                   s.start_on <= c.today AS has_begun,
                   s.start_on <= c.today
                   AND (s.end_on IS NULL OR s.end_on > c.today
                        OR s.end_on = c.today AND NOT EXISTS (
                               SELECT FROM cs_subscription n
                                WHERE n.account_id = s.account_id
                                  AND n.start_on = s.end_on
                                  AND n.id != s.id
                           )) AS in_force
              FROM cs_subscription s
              JOIN (%(companies)s) c USING (company_id)
             WHERE %(scope)s
            """,
            companies=self.env["cs.account"]._sql_companies(as_of),
            scope=scope(SQL("s.account_id")) if scope else SQL("TRUE"),
        )

    @api.model
    def _renew_automatically(self):
        """Move the end of subscriptions that renew themselves past their today."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_subscription s
                   SET end_on = (
                           SELECT min(step.day)
                             FROM (
                                  SELECT (s.end_on + make_interval(
                                             months => n * s.billing_months
                                         ))::date AS day
                                    FROM generate_series(
                                             1, (c.today - s.end_on) / 28 + 1) n
                                  ) step
                            WHERE step.day >= c.today
                       )
                  FROM (%s) c
                 WHERE c.company_id = s.company_id
                   AND s.auto_renew
                   AND s.end_on < c.today
                """,
                self.env["cs.account"]._sql_companies(),
            )
        )
        self.invalidate_model(["end_on"])
