from odoo.tests import tagged

from ..dev.scripts.benchmarks.crowd import give_life, make_customers, make_leads
from ..dev.scripts.benchmarks.first_load import KanbanFirstLoad
from .common import CsCase

FEW, MANY = 1_000, 100_000
#: A pipeline of Odoo's CRM may be shown with so many queries less than our screens.
MORE_THAN_CRM = 3


@tagged("post_install", "-at_install")
class TestPortfolioSpeed(CsCase):
    """A hundred thousand customers are shown with as many queries as a thousand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.viewer = cls.make_user(
            "cs_viewer",
            "customer_success.group_cs_user_all",
            "sales_team.group_sale_salesman_all_leads",
        )

    def queries(self, work, *args):
        """Return how many queries a call needs when the server has just come up to it.

        The first call fills what the server remembers between requests.
        """
        for _call in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            work(*args)
        return self.cr.sql_log_count - before

    def measured(self):
        seen = self.env(user=self.viewer)
        own = self.env(user=self.csm)
        leads = KanbanFirstLoad(seen["crm.lead"], [("type", "=", "opportunity")])
        customers = KanbanFirstLoad(seen["cs.account"], [("state", "=", "active")])
        return {
            "pipeline": self.queries(leads.load),
            "categories": len(customers.categories()),
            "panel": self.queries(customers.load_panel),
            "board": self.queries(customers.load_board),
            "portfolio of all": self.queries(seen["cs.portfolio"].load, "all"),
            "own portfolio": self.queries(own["cs.portfolio"].load),
        }

    def make_life(self, count):
        csms = [self.csm.id, self.other_csm.id, self.manager.id]
        give_life(self.env, make_customers(self.env, count), csms, every=5)

    def test_as_many_queries_for_a_hundred_times_the_customers(self):
        make_leads(self.env, FEW, self.viewer)
        self.make_life(FEW)
        few = self.measured()
        self.make_life(MANY - FEW)
        many = self.measured()
        self.assertEqual(few, many)
        limit = many["pipeline"] + MORE_THAN_CRM
        screens = ("board", "portfolio of all", "own portfolio")
        self.assertFalse({name: many[name] for name in screens if many[name] > limit})
        # The pipeline has no panel to compare with: the counts, and the names.
        self.assertLessEqual(many["panel"], 3 * many["categories"])
