from dateutil.relativedelta import relativedelta

from odoo import models

from . import demo_former as former


class CsDemo(models.AbstractModel):
    """Customers that left in the last year, and whether health would have said so.

    They are archived, as who cleans up does; a back-test counts them all the same.
    """

    _inherit = "cs.demo"

    def _make_former_customers(self):
        accounts = self.env["cs.account"].create(
            [
                {
                    "partner_id": self.env["res.partner"]
                    .create({"name": name, "is_company": True})
                    .id
                }
                for name in former.names()
            ]
        )
        first = accounts._today().replace(day=1)
        leaving = [
            first - relativedelta(months=former.months_ago(number), days=-14)
            for number in range(len(accounts))
        ]
        self._record_former_facts(accounts, leaving)
        self._end_subscriptions(accounts, leaving)
        accounts._update_churn()
        self.env["cs.segment"]._assign(accounts)
        accounts.churn_reason_id = self.env["cs.churn.reason"].search([], limit=1)
        accounts.action_archive()

    def _record_former_facts(self, accounts, leaving):
        """Record use and satisfaction, dated on the first of each month."""
        readings = []
        for number, (account, left_on) in enumerate(
            zip(accounts, leaving, strict=True)
        ):
            users = former.monthly_users(number)
            last = left_on.replace(day=1)
            months = [last - relativedelta(months=back) for back in range(len(users))][
                ::-1
            ]
            readings += [
                self._reading(account, "active_users", count, month)
                for month, count in zip(months, users, strict=True)
            ]
            readings += [
                self._reading(account, "nps", score, months[place])
                for place, score in former.nps(number)
            ]
            readings += [
                self._reading(account, "mrr", former.mrr(number), month)
                for month in months
            ]
        self.env["cs.metric.value"].record(readings)

    def _end_subscriptions(self, accounts, leaving):
        self.env["cs.subscription"].create(
            [
                {
                    "account_id": account.id,
                    "product_id": self._ref("product_expenses").id,
                    "mrr": former.mrr(number),
                    "start_on": left_on - relativedelta(months=former.STAY, days=-1),
                    "end_on": left_on,
                    "billing_months": 12,
                }
                for number, (account, left_on) in enumerate(
                    zip(accounts, leaving, strict=True)
                )
            ]
        )

    def _try_on_the_past(self):
        """Back-test the scorecards of both segments, 60 days before."""
        segments = self._ref("cs_segment_enterprise") | self._ref("cs_segment_me_pme")
        for card in segments.scorecard_id | self._ref("cs_scorecard_default"):
            card.with_context(lang=self._language()).backtest(
                60, former.BACKTESTED_MONTHS
            )
