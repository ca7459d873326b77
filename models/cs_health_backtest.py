from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.safe_eval import safe_eval

UNDER_WAY = ("waiting", "running")


class CsHealthBacktest(models.Model):
    """A scorecard tried on the past: would it have warned of those who left?

    See ``cs.scorecard.backtest()`` for what is compared with what. The figures stay
    as they were found, whatever becomes of the scorecard and of the facts.
    """

    _name = "cs.health.backtest"
    _description = "Back-test of Health"
    _inherit = "cs.guarded"
    _order = "id desc"
    _guarded_fields = (
        "state",
        "next_month",
        "failure",
        "judged_by",
        "finished_at",
        "curve",
        "auc",
        "precision",
        "recall",
        "lead_days",
        "observations",
        "observations_left",
        "observations_unknown",
        "customers",
        "observations_left_unknown",
        "warnings",
        "customers_left",
        "customers_left_judged",
        "customers_warned",
        "customers_taken_back",
        "values_used",
        "values_late",
    )
    _settings = (
        "scorecard_id",
        "company_id",
        "days_before",
        "date_from",
        "date_to",
        "domain",
        "warned_from",
    )

    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["cs.scorecard"].search(
            [("is_default", "=", True)], limit=1
        ),
        help="A draft can be tried before it is published.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    days_before = fields.Integer(
        string="Days before",
        required=True,
        default=60,
        help="The score of a day should warn of the customers that leave within so "
        "many days: 30, 60 or 90 are usual.",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_date(11)
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        default=lambda self: self._default_date(0),
        help="Customers are judged on the first of each month of the period. Months "
        "of which it isn't known yet who left are passed over.",
    )
    domain = fields.Char(
        string="Only customers",
        required=True,
        default="[]",
        help="Only these customers, as they are today. Empty: all, those that left "
        "and those that are archived too.",
    )
    warned_from = fields.Selection(
        selection=[("red", "Red"), ("yellow", "Red or yellow")],
        string="A warning is",
        required=True,
        default="red",
        help="Which band counts as a warning for precision, recall and lead time.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "To set up"),
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        default="draft",
        index=True,
    )
    next_month = fields.Date(copy=False, help="Months before it are judged.")
    progress = fields.Float(
        compute="_compute_progress", digits=(5, 0), help="Share of the months, in %."
    )
    failure = fields.Text(copy=False, string="Why it failed")
    finished_at = fields.Datetime(copy=False, string="Done at")
    judged_by = fields.Text(
        copy=False,
        help="The measures of the scorecard at that time, as they were weighed.",
    )

    observations = fields.Integer(
        copy=False,
        help="Customers × months: a customer on each first of a month it was with us.",
    )
    observations_left = fields.Integer(
        copy=False, string="Observations of customers that left"
    )
    observations_unknown = fields.Integer(
        copy=False,
        string="Observations without a verdict",
        help="The band was unknown: too little was known that day.",
    )
    observations_left_unknown = fields.Integer(
        copy=False, string="Of them, of customers that left"
    )
    warnings = fields.Integer(
        copy=False, help="Observations of a band that is a warning."
    )
    customers = fields.Integer(copy=False, string="Customers looked at")
    customers_left = fields.Integer(copy=False, string="Customers that left")
    customers_left_judged = fields.Integer(
        copy=False,
        string="Of them, with a verdict",
        help="Within the days asked for. Of the others too little was known.",
    )
    customers_warned = fields.Integer(copy=False, string="Of them, warned of")
    customers_taken_back = fields.Integer(
        copy=False,
        string="Of these, taken back before",
        help="The warning was gone when the customer left.",
    )
    auc = fields.Float(
        copy=False,
        string="AUC",
        digits=(5, 3),
        aggregator=None,
        help="How often a customer that left scored below one that stayed: 1 always, "
        "0.5 as by tossing a coin. Customers without a verdict are left out.",
    )
    precision = fields.Float(
        copy=False,
        string="Precision (%)",
        digits=(5, 1),
        aggregator=None,
        help="Of the warnings, how many were followed by the customer leaving in time.",
    )
    recall = fields.Float(
        copy=False,
        string="Recall (%)",
        digits=(5, 1),
        aggregator=None,
        help="Of the observations of customers that left in time, how many were "
        "warnings.",
    )
    lead_days = fields.Float(
        copy=False,
        string="Lead time (days)",
        digits=(8, 1),
        aggregator=None,
        help="How long before leaving the unbroken warning began, in the middle of "
        "the customers that were warned of until they left (median).",
    )
    values_used = fields.Integer(
        copy=False,
        help="What the verdicts were made of: values, those that changes are counted "
        "from, those that ratios divide by, and those that caps look at.",
    )
    values_late = fields.Integer(
        copy=False,
        string="Values that came later",
        help="True on the day, but received after it: in real life the score would "
        "have been judged without them.",
    )
    curve = fields.Json(copy=False)
    line_ids = fields.One2many(
        comodel_name="cs.health.backtest.line", inverse_name="backtest_id"
    )
    band_line_ids = fields.One2many(
        comodel_name="cs.health.backtest.line",
        inverse_name="backtest_id",
        string="By band",
        domain=[("kind", "=", "band")],
    )
    bucket_line_ids = fields.One2many(
        comodel_name="cs.health.backtest.line",
        inverse_name="backtest_id",
        string="By score",
        domain=[("kind", "=", "bucket")],
    )
    customer_ids = fields.One2many(
        comodel_name="cs.health.backtest.customer",
        inverse_name="backtest_id",
        string="Who left",
    )

    _days_before_in_range = models.Constraint(
        "CHECK(days_before BETWEEN 1 AND 365)",
        "Days before are between 1 and 365.",
    )
    _period_forward = models.Constraint(
        "CHECK(date_to >= date_from)", "The period ends before it begins."
    )

    @api.model
    def _default_date(self, months_back):
        newest = self._last_known(self.env.company, 60)
        return newest.replace(day=1) - relativedelta(months=months_back)

    @api.depends("scorecard_id", "days_before", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for backtest in self:
            backtest.display_name = backtest.scorecard_id and self.env._(
                "%(scorecard)s, %(days)s days before",
                scorecard=backtest.scorecard_id.display_name,
                days=backtest.days_before,
            )

    @api.depends("state", "next_month", "date_from", "date_to", "days_before")
    def _compute_progress(self):
        for backtest in self:
            months = backtest._months() if backtest.date_from else []
            done = [day for day in months if day < (backtest.next_month or day)]
            if backtest.state == "done":
                done = months
            backtest.progress = 100 * len(done) / len(months) if months else 0

    @api.constrains("domain")
    def _check_domain(self):
        for backtest in self:
            try:
                self.env["cs.account"]._search(backtest._domain())
            except Exception as error:
                raise ValidationError(
                    self.env._("The choice of customers cannot be understood.")
                ) from error

    def _domain(self):
        return list(safe_eval(self.domain or "[]"))

    def write(self, vals):
        if not self.env.su and not vals.keys().isdisjoint(self._settings):
            self._check_not_begun()
        return super().write(vals)

    def _check_not_begun(self):
        if any(backtest.state not in ("draft", "failed") for backtest in self):
            raise UserError(
                self.env._(
                    "This back-test has been made: its figures belong to these "
                    "settings. Duplicate it to try others."
                )
            )

    def _months(self):
        """Return the days to judge on: each first of a month of which all is known.

        Whether a customer left is known when its days of grace are over.
        """
        self.ensure_one()
        day = self.date_from.replace(day=1)
        if day < self.date_from:
            day += relativedelta(months=1)
        until = min(self.date_to, self._last_known(self.company_id, self.days_before))
        months = []
        while day <= until:
            months.append(day)
            day += relativedelta(months=1)
        return months

    @api.model
    def _last_known(self, company, days_before):
        """Return the last day of which it is known who left within so many days."""
        accounts = self.env["cs.account"]
        days = days_before + accounts._churn_grace_days() + 1
        return accounts._today(company) - relativedelta(days=days)
