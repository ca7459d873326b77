from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError

#: So many months are judged at most: a hundred years.
MOST_MONTHS = 1200


class CsScorecard(models.Model):
    """Whether a scorecard would have warned of the customers that left."""

    _inherit = "cs.scorecard"

    def backtest(self, days_before, period, domain=None):
        """Judge the past by this scorecard, and compare with who left.

        An observation is a customer that was with us on the first of a month, judged
        by what was true on that day (``as_of``); its label is whether it left within
        the days that follow. Months of which that isn't known yet are passed over.

        A portfolio of up to ``SMALL`` observations is judged at once, a larger one
        in the background.

        :param days_before: within how many days leaving counts, such as 30, 60, 90
        :param period: first and last day, as a pair of ``date`` or ISO text; months
            begin within it. Or a number: so many months, until the last possible one
        :param domain: only these customers (a domain on cs.account)
        :return: the cs.health.backtest that was made
        :raise UserError: no month to judge, or nonsense
        """
        self.ensure_one()
        self._check_days_before(days_before)
        date_from, date_to = self._backtest_period(days_before, period)
        backtest = self.env["cs.health.backtest"].create(
            {
                "scorecard_id": self.id,
                "company_id": (self.company_id or self.env.company).id,
                "days_before": days_before,
                "date_from": date_from,
                "date_to": date_to,
                "domain": repr(list(domain or [])),
            }
        )
        backtest.action_run()
        return backtest

    def _check_days_before(self, days_before):
        if type(days_before) is not int or not 1 <= days_before <= 365:
            raise UserError(
                self.env._("Say the days before as a whole number from 1 to 365.")
            )

    def _backtest_period(self, days_before, period):
        if isinstance(period, int):
            if isinstance(period, bool) or not 1 <= period <= MOST_MONTHS:
                raise UserError(
                    self.env._(
                        "Say a number of months from 1 to %(most)s.", most=MOST_MONTHS
                    )
                )
            company = self.company_id or self.env.company
            backtests = self.env["cs.health.backtest"]
            last = backtests._last_known(company, days_before).replace(day=1)
            return last - relativedelta(months=period - 1), last
        try:
            date_from, date_to = (fields.Date.to_date(day) for day in period)
        except (TypeError, ValueError):
            date_from = date_to = None
        if not date_from or not date_to:
            raise UserError(
                self.env._(
                    "Say the period as its first and its last day, or as a number of "
                    "months."
                )
            )
        return date_from, date_to

    def action_backtest(self):
        """Open the page on which a back-test of this scorecard is set up."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Back-test"),
            "res_model": "cs.health.backtest",
            "views": [(False, "form")],
            "context": {"default_scorecard_id": self.id},
        }
