from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.misc import formatLang

#: Figures that are compared, with their digits.
FIGURES = {
    "auc": 3,
    "precision": 1,
    "recall": 1,
    "lead_days": 1,
    "customers_left": 0,
    "customers_left_judged": 0,
    "customers_warned": 0,
    "customers_taken_back": 0,
    "observations": 0,
    "observations_unknown": 0,
}


class CsHealthBacktestComparison(models.TransientModel):
    """Two back-tests side by side: two scorecards, or two versions of one."""

    _name = "cs.health.backtest.comparison"
    _description = "Comparison of Back-tests"

    first_id = fields.Many2one(
        comodel_name="cs.health.backtest",
        required=True,
        ondelete="cascade",
        domain="[('state', '=', 'done')]",
    )
    second_id = fields.Many2one(
        comodel_name="cs.health.backtest",
        required=True,
        ondelete="cascade",
        domain="[('state', '=', 'done')]",
    )
    line_ids = fields.One2many(
        comodel_name="cs.health.backtest.comparison.line",
        inverse_name="comparison_id",
        compute="_compute_line_ids",
        # Figures are those of back-tests that whoever compares may read.
        compute_sudo=False,
        store=True,
    )
    judged_by_first = fields.Text(
        related="first_id.judged_by", related_sudo=False, string="First card"
    )
    judged_by_second = fields.Text(
        related="second_id.judged_by", related_sudo=False, string="Second card"
    )
    is_unlike = fields.Boolean(compute="_compute_verdict")
    verdict = fields.Text(compute="_compute_verdict")
    curves = fields.Json(compute="_compute_curves")

    @api.model_create_multi
    def create(self, vals_list):
        comparisons = super().create(vals_list)
        comparisons._check_may_read()
        return comparisons

    def write(self, vals):
        result = super().write(vals)
        self._check_may_read()
        return result

    def _check_may_read(self):
        (self.first_id | self.second_id).check_access("read")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Two back-tests")

    @api.depends("first_id", "second_id")
    @api.depends_context("lang")
    def _compute_verdict(self):
        for comparison in self:
            first, second = comparison.first_id, comparison.second_id
            both = first and second
            comparison.is_unlike = both and (
                first._settings_key() != second._settings_key()
            )
            comparison.verdict = comparison._say() if both else False

    def _say(self):
        """Return in words whom both warn of, and of whom only one of them does."""
        sides = self.first_id, self.second_id
        first, second = (
            {
                (line.account_id.id, line.left_on)
                for line in backtest.customer_ids
                if line.is_warned
            }
            for backtest in sides
        )
        words = []
        if not all(side.is_believable for side in sides):
            words.append(
                self.env._(
                    "Too few customers left in this time to believe the difference."
                )
            )
        words.append(
            self.env._(
                "Of the customers that left, both warn of %(both)s, only the first of "
                "%(first)s, only the second of %(second)s.",
                both=len(first & second),
                first=len(first - second),
                second=len(second - first),
            )
        )
        return " ".join(words)

    @api.depends("first_id", "second_id")
    @api.depends_context("lang")
    def _compute_curves(self):
        for comparison in self:
            sides = comparison.first_id, comparison.second_id
            comparison.curves = {
                "series": [
                    {"label": f"{number}. {side.display_name}", **(side.curve or {})}
                    for number, side in enumerate(sides, 1)
                ]
            }

    @api.depends("first_id", "second_id")
    def _compute_line_ids(self):
        labels = self.env["cs.health.backtest"].fields_get(FIGURES, ["string"])
        for comparison in self:
            sides = comparison.first_id, comparison.second_id
            rows = [
                (
                    labels[name]["string"],
                    *(comparison._figure(side, name) for side in sides),
                    digits,
                )
                for name, digits in FIGURES.items()
            ]
            rows += comparison._band_rows()
            comparison.line_ids = [
                Command.clear(),
                *(Command.create(comparison._line(*row)) for row in rows),
            ]

    @api.model
    def _figure(self, backtest, name):
        """Return a figure, or None where it cannot be said."""
        flag = f"has_{name}"
        is_said = flag not in backtest._fields or backtest[flag]
        return backtest[name] if is_said else None

    def _band_rows(self):
        """Return how many customers of each band left, in %, on both sides."""
        shares = [
            {
                line.band: line.left_share
                for line in side.band_line_ids
                if line.has_left_share
            }
            for side in (self.first_id, self.second_id)
        ]
        bands = self.env["cs.health.backtest.line"]._fields["band"]
        for band, name in bands._description_selection(self.env):
            yield (
                self.env._("Left of band %(band)s (%%)", band=name),
                *(of_side.get(band) for of_side in shares),
                1,
            )

    def _line(self, name, first, second, digits):
        """Return one line: what cannot be said is a dash, and has no difference."""
        return {
            "name": name,
            "first": self._number(first, digits),
            "second": self._number(second, digits),
            "difference": self._difference(first, second, digits),
        }

    def _number(self, number, digits):
        return "–" if number is None else formatLang(self.env, number, digits=digits)

    def _difference(self, first, second, digits):
        if first is None or second is None:
            return ""
        sign = "+" if second > first else "−" if second < first else ""
        return f"{sign}{self._number(abs(second - first), digits)}"


class CsHealthBacktestComparisonLine(models.TransientModel):
    """One figure of two back-tests."""

    _name = "cs.health.backtest.comparison.line"
    _description = "Figure of Two Back-tests"

    comparison_id = fields.Many2one(
        comodel_name="cs.health.backtest.comparison",
        required=True,
        ondelete="cascade",
        index=True,
    )
    name = fields.Char(string="Figure")
    first = fields.Char()
    second = fields.Char()
    difference = fields.Char()
