from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .facts_common import FactsCase


@tagged("post_install", "-at_install")
class TestAccountMirrors(FactsCase):
    """What the customer shows of its last answers, at once."""

    def test_nobody_asked_is_no_detractor(self):
        self.assertFalse(self.account.nps_class)
        self.assertFalse(self.shown("detractor"))
        other = self.make_account("Padaria Lua")
        self.record(other, nps=8)
        both = [("id", "in", (self.account | other).ids)]
        # Who was not asked does not pull the mean down.
        mean = self.env["cs.account"]._read_group(both, [], ["nps:avg"])
        self.assertEqual(mean, [(8,)])

    def answer(self, day, **facts):
        self.record(self.account, at=datetime.fromisoformat(day), **facts)

    def shown(self, nps_class):
        return self.env["cs.account"].search([("nps_class", "=", nps_class)])

    def test_each_answer_has_its_class(self):
        answers = {
            0: "detractor",
            6: "detractor",
            7: "passive",
            8: "passive",
            9: "promoter",
            10: "promoter",
        }
        for value, nps_class in answers.items():
            with self.subTest(value=value):
                self.record(self.account, nps=value)
                self.assertEqual(self.account.nps, value)
                self.assertEqual(self.account.nps_class, nps_class)
                self.assertIn(self.account, self.shown(nps_class))

    def test_the_newest_answer_counts_whatever_comes_later(self):
        self.answer("2026-02-01", nps=4)
        self.answer("2026-01-01", nps=10)
        self.assertEqual(self.account.nps_class, "detractor")

    def test_what_became_unknown_is_empty(self):
        self.answer("2026-02-01", nps=9, mood=4)
        self.answer("2026-02-02", nps=None)
        self.assertFalse(self.account.nps_class)
        self.assertEqual(self.account.mood, "4")
        self.env.cr.execute(
            "SELECT nps FROM cs_account WHERE id = %s", [self.account.id]
        )
        self.assertIsNone(self.env.cr.fetchone()[0])

    def test_a_withdrawn_answer_leaves_the_one_before(self):
        self.answer("2026-01-01", nps=10)
        self.answer("2026-02-01", nps=2)
        newest = self.readings.search(
            [("account_id", "=", self.account.id)], order="at desc", limit=1
        )
        newest.with_user(self.admin).action_withdraw("Typed by mistake")
        self.assertEqual(self.account.nps_class, "promoter")

    def test_nobody_types_an_answer(self):
        with self.assertRaises(UserError):
            self.account.with_user(self.manager).nps = 10
        with self.assertRaises(UserError):
            self.account.with_user(self.manager).nps_class = "promoter"
