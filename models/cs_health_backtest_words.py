from odoo import api, models

#: Fewer customers that left than this prove nothing.
BELIEVABLE = 30


class CsHealthBacktest(models.Model):
    """What the figures of a back-test say, in words."""

    _inherit = "cs.health.backtest"

    @api.depends("observations", "observations_left")
    def _compute_base_rate(self):
        for backtest in self:
            backtest.base_rate = (
                100 * backtest.observations_left / (backtest.observations or 1)
            )

    @api.depends("customers_left")
    def _compute_is_believable(self):
        for backtest in self:
            backtest.is_believable = backtest.customers_left >= BELIEVABLE

    @api.depends("state", "customers_left", "precision", "recall", "auc")
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
        words = []
        if not self.is_believable:
            words.append(
                self.env._(
                    "Not to be believed: only %(count)s customers left in this time, "
                    "and at least %(needed)s are needed. One more or less would "
                    "change the figures.",
                    count=self.customers_left,
                    needed=BELIEVABLE,
                )
            )
        if not self.customers_warned:
            words.append(
                self.env._(
                    "It warned of none of the %(left)s customers that left. In "
                    "%(unknown)s of %(all)s observations too little was known for a "
                    "verdict.",
                    left=self.customers_left,
                    unknown=self.observations_unknown,
                    all=self.observations,
                )
            )
            return " ".join(words)
        words.append(
            self.env._(
                "It warned of %(warned)s of the %(left)s customers that left. Of 100 "
                "warnings, %(precision).0f were followed by leaving within "
                "%(days)s days; of 100 customers drawn by lot it would be "
                "%(base).0f.",
                warned=self.customers_warned,
                left=self.customers_left,
                precision=self.precision,
                days=self.days_before,
                base=self.base_rate,
            )
        )
        return " ".join(words)
