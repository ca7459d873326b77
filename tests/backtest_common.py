from datetime import date, datetime

from odoo.fields import Command

from .common import CsCase


class BacktestCase(CsCase):
    """A scorecard of one measure, whose score is a fact × 10, and who left when.

    It is July 15 of 2026. The observations of March and April, 30 days before:

    ======= ======== ======== ==================
    ..      March 1  April 1  ..
    ======= ======== ======== ==================
    Aurora  20, left          left on March 20
    Bela    50       30, left left on April 15
    Clara   80       80, left left on April 20
    Dora    90       30       stayed
    Elis    80       80       stayed
    Flora   unknown  unknown  stayed
    ======= ======== ======== ==================
    """

    NOW = "2026-07-15 12:00:00"
    PERIOD = (date(2026, 3, 1), date(2026, 4, 30))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metric = cls.env["cs.metric"].create(
            {"key": "use_in_test", "name": "Use in test", "stale_after_days": 0}
        )
        cls.card = cls.make_card("Tried")
        cls.scope = [("partner_id.ref", "=", "of the back-test")]
        cls.aurora = cls.customer("Aurora", "2026-03-20", march=2)
        cls.bela = cls.customer("Bela", "2026-04-15", march=5, april=3)
        cls.clara = cls.customer("Clara", "2026-04-20", march=8)
        cls.dora = cls.customer("Dora", march=9, april=3)
        cls.elis = cls.customer("Elis", march=8)
        cls.flora = cls.customer("Flora")

    @classmethod
    def make_card(cls, name, **values):
        return cls.env["cs.scorecard"].create(
            {
                "name": name,
                "min_coverage": 40,
                "yellow_from": 40,
                "green_from": 70,
                "measure_ids": [
                    Command.create(
                        {
                            "metric_id": cls.metric.id,
                            "worst": 0,
                            "best": 10,
                            "weight": 10,
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def customer(cls, name, left_on=False, march=None, april=None):
        partner = cls.make_partner(name, ref="of the back-test")
        account = cls.make_account(partner_id=partner.id)
        cls.subscribe(account, "2026-01-01", left_on)
        if march is not None:
            cls.record(account, at=datetime(2026, 3, 1), use_in_test=march)
        if april is not None:
            cls.record(account, at=datetime(2026, 4, 1), use_in_test=april)
        return account

    @classmethod
    def subscribe(cls, account, start_on, end_on=False):
        return cls.env["cs.subscription"].create(
            {
                "account_id": account.id,
                "name": "Plan",
                "mrr": 100,
                "start_on": start_on,
                "end_on": end_on,
            }
        )

    def backtest(self, card=None, days_before=30, period=None, user=None):
        """Make a back-test of the customers of this case."""
        card = (card or self.card).with_user(user or self.specialist)
        with self.at_time(self.NOW):
            return card.backtest(days_before, period or self.PERIOD, self.scope)

    def observations(self, backtest):
        """Return ``{(customer, month): (score, left in time)}``; unknown: None."""
        rows = self.env["cs.health.backtest.observation"].search(
            [("backtest_id", "=", backtest.id)]
        )
        return {
            (row.account_id.partner_id.name, row.day.month): (
                None if row.band == "unknown" else row.score,
                row.is_left,
            )
            for row in rows
        }

    def months(self, backtest):
        return {month for _name, month in self.observations(backtest)}
