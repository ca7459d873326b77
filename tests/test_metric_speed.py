from odoo.tests import tagged

from .facts_common import FactsCase


@tagged("post_install", "-at_install")
class TestQueries(FactsCase):
    """However many readings, the same few queries."""

    def calls(self, count):
        accounts = self.make_accounts(count)
        for number, account in enumerate(accounts):
            account.partner_id.ref = f"Q-{number}"
        at = "2026-03-10"
        return [
            [self.reading("nps", 1, account.id, at=at) for account in accounts],
            [self.reading("mrr", 2, f"Q-{number}", at=at) for number in range(count)],
        ]

    def test_queries_of_a_call_do_not_grow(self):
        for count in (2, 200):
            by_id, by_ref = self.calls(count)
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(10):
                self.assertEqual(self.values.record(by_id)["recorded"], count)
            with self.assertQueryCount(10):
                self.assertEqual(self.values.record(by_ref)["recorded"], count)
            # The same again doesn't touch the mirrors.
            with self.assertQueryCount(7):
                self.assertEqual(self.values.record(by_ref)["unchanged"], count)
            self.env["res.partner"].search([("ref", "=like", "Q-%")]).ref = False
