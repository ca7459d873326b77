from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .journey_common import JourneyCase


class PortfolioTourCase(JourneyCase, HttpCase):
    """A CSM with a late task in a journey, and a colleague."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_account("Padaria Aurora")
        cls.make_account("Transportes Sol")
        cls.make_account("Clínica Lua", csm_id=cls.other_csm.id)
        template = cls.make_template(
            [
                cls.task("Kick-off", duration_days=0),
                cls.task("Training", 2, duration_days=4, kind="interaction"),
            ]
        )
        journey = cls.account.start_journey(template)
        kick_off = journey.task_ids.filtered(lambda task: task.state == "open")
        kick_off.date_open -= timedelta(days=3)

    def walk(self, tour, login):
        self.start_tour("/odoo/cs-portfolio", tour, login=login, timeout=120)

    def check_morning(self):
        self.assertEqual(set(self.account.task_ids.mapped("state")), {"done"})
        self.assertEqual(self.account.mood, "5")


@tagged("post_install", "-at_install")
class TestPortfolioTours(PortfolioTourCase):
    """The portfolio, clicked in a browser."""

    def test_a_morning(self):
        self.walk("cs_portfolio_morning", "cs_csm")
        self.check_morning()

    def test_a_manager_chooses_a_portfolio(self):
        self.walk("cs_portfolio_manager", "cs_manager")


@tagged("post_install", "-at_install")
class TestPortfolioPhone(PortfolioTourCase):
    """The same morning on a phone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_a_morning_on_a_phone(self):
        self.walk("cs_portfolio_morning_phone", "cs_csm")
        self.check_morning()
