from odoo import api, fields, models

#: Fewer customers that left than this prove nothing.
BELIEVABLE = 30
#: Figures that cannot always be said, by the field that tells.
UNSURE = ("auc", "precision", "recall", "lead_days")


class CsHealthBacktest(models.Model):
    """What the figures of a back-test say, in words, and which cannot be said."""

    _inherit = "cs.health.backtest"

    base_rate = fields.Float(
        string="Left without a score (%)",
        digits=(5, 1),
        compute="_compute_base_rate",
        help="Share of all observations followed by leaving: the precision of "
        "warning everybody.",
    )
    has_auc = fields.Boolean(compute="_compute_has_figures")
    has_precision = fields.Boolean(compute="_compute_has_figures")
    has_recall = fields.Boolean(compute="_compute_has_figures")
    has_lead_days = fields.Boolean(compute="_compute_has_figures")
    unsaid = fields.Text(string="Why “–”", compute="_compute_unsaid")
    is_believable = fields.Boolean(compute="_compute_is_believable")
    conclusion = fields.Text(compute="_compute_conclusion")

    @api.depends("observations", "observations_left")
    def _compute_base_rate(self):
        for backtest in self:
            backtest.base_rate = (
                100 * backtest.observations_left / (backtest.observations or 1)
            )

    @api.depends(
        "state",
        "observations",
        "observations_left",
        "observations_unknown",
        "observations_left_unknown",
        "warnings",
        "customers_warned",
        "customers_taken_back",
    )
    def _compute_has_figures(self):
        for backtest in self:
            done = backtest.state == "done"
            left, stayed = backtest._with_a_verdict()
            backtest.has_auc = done and left and stayed
            backtest.has_precision = done and backtest.warnings
            backtest.has_recall = done and backtest.observations_left
            backtest.has_lead_days = (
                done and backtest.customers_warned > backtest.customers_taken_back
            )

    def _with_a_verdict(self):
        """Return how many observations with a verdict left, and how many stayed."""
        left = self.observations_left - self.observations_left_unknown
        judged = self.observations - self.observations_unknown
        return left, judged - left

    @api.depends(*(f"has_{name}" for name in UNSURE))
    @api.depends_context("lang")
    def _compute_unsaid(self):
        labels = self.fields_get(UNSURE, ["string"])
        for backtest in self:
            reasons = backtest._reasons_unsaid() if backtest.state == "done" else {}
            backtest.unsaid = "\n".join(
                f"{labels[name]['string']}: {reasons[name]}"
                for name in UNSURE
                if name in reasons and not backtest[f"has_{name}"]
            )

    def _reasons_unsaid(self):
        """Return for each figure why it could not be said."""
        left, _stayed = self._with_a_verdict()
        return {
            "auc": self.env._("none of those that stayed had a verdict.")
            if left
            else self.env._("none of those that left had a verdict."),
            "precision": self.env._("it warned of nobody."),
            "recall": self.env._("nobody left in time."),
            "lead_days": self.env._("no warning held until a customer left."),
        }

    @api.depends("customers_left_judged")
    def _compute_is_believable(self):
        for backtest in self:
            backtest.is_believable = backtest.customers_left_judged >= BELIEVABLE

    @api.depends("state", "customers_left_judged", "precision", "recall", "auc")
    @api.depends_context("lang")
    def _compute_conclusion(self):
        for backtest in self:
            backtest.conclusion = (
                backtest._conclude() if backtest.state == "done" else False
            )

    def _conclude(self):
        """Return in a few sentences what the figures say, and whether to believe."""
        if not self.customers_left:
            return self.env._(
                "No customer left in this time: there is nothing to compare with. "
                "Choose a longer period."
            )
        words = [self._doubt(), self._whom_it_warned_of()]
        if self.customers_taken_back:
            words.append(
                self.env._(
                    "Of %(count)s of them the warning had been taken back when they "
                    "left.",
                    count=self.customers_taken_back,
                )
            )
        return " ".join(filter(None, words))

    def _doubt(self):
        """Return why not to believe the figures, or nothing."""
        if self.is_believable:
            return ""
        words = {"count": self.customers_left_judged, "needed": BELIEVABLE}
        if self.customers_left_judged < self.customers_left:
            return self.env._(
                "Not to be believed: only %(count)s of the customers that left in this "
                "time had a verdict (%(left)s left), and at least %(needed)s are "
                "needed. One more or less would change the figures.",
                left=self.customers_left,
                **words,
            )
        return self.env._(
            "Not to be believed: only %(count)s customers left in this time, and at "
            "least %(needed)s are needed. One more or less would change the figures.",
            **words,
        )

    def _whom_it_warned_of(self):
        if not self.customers_warned:
            return self.env._(
                "It warned of none of the %(left)s customers that left. In "
                "%(unknown)s of %(all)s observations too little was known for a "
                "verdict.",
                left=self.customers_left,
                unknown=self.observations_unknown,
                all=self.observations,
            )
        return self.env._(
            "It warned of %(warned)s of the %(left)s customers that left. Of 100 "
            "warnings, %(precision).0f were followed by leaving within "
            "%(days)s days; of 100 customers drawn by lot it would be %(base).0f.",
            warned=self.customers_warned,
            left=self.customers_left,
            precision=self.precision,
            days=self.days_before,
            base=self.base_rate,
        )
