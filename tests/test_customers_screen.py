from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import CsCase


@tagged("post_install", "-at_install")
class TestCustomersScreen(CsCase):
    """Filters, board and page of customers, as the people who look at them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.make_account("Padaria Sol", csm_id=cls.csm.id)
        cls.theirs = cls.make_account("Padaria Lua", csm_id=cls.other_csm.id)
        cls.nobodys = cls.make_account("Padaria Mar")
        cls.all = cls.mine | cls.theirs | cls.nobodys
        cls.today = cls.mine._today()

    @classmethod
    def subscribe(cls, account, days, mrr=100):
        return cls.env["cs.subscription"].create(
            {
                "account_id": account.id,
                "name": "Plan",
                "mrr": mrr,
                "start_on": cls.today - timedelta(days=30),
                "end_on": cls.today + timedelta(days=days),
            }
        )

    def filtered(self, name, user=None):
        """Return which of the three customers a filter of the screen shows."""
        user = user or self.manager
        accounts = self.env["cs.account"].with_user(user)
        views = accounts.get_views([(False, "search")])
        tree = etree.fromstring(views["views"]["search"]["arch"])
        [node] = tree.xpath(f"//filter[@name='{name}']")
        domain = safe_eval(node.get("domain"), {"uid": user.id})
        return accounts.search(domain).sudo() & self.all

    # Filters

    def test_my_portfolio(self):
        self.assertEqual(self.filtered("mine", self.csm), self.mine)
        self.assertFalse(self.filtered("mine"))
        self.assertEqual(self.filtered("without_csm"), self.nobodys)

    def test_who_has_a_portfolio_sees_it_first(self):
        self.env["cs.team.member"].create(
            [
                {"user_id": self.csm.id},
                {"user_id": self.manager.id, "role": "manager"},
            ]
        )
        action = self.env.ref("customer_success.cs_account_action")
        for user, is_first in ((self.csm, True), (self.manager, False)):
            context = action.with_user(user)._get_action_dict()["context"]
            self.assertEqual("search_default_mine" in context, is_first, user.login)

    def test_renewals_near(self):
        self.subscribe(self.mine, 90)
        self.subscribe(self.theirs, 91)
        self.assertEqual(self.filtered("renewal_near"), self.mine)
        self.assertTrue(self.mine.with_user(self.csm).renewal_near)
        self.assertFalse(self.theirs.renewal_near)

    def test_a_renewal_that_was_missed_is_near_until_it_is_long_past(self):
        self.record(self.mine, renewal=str(self.today - timedelta(days=30)))
        self.record(self.theirs, renewal=str(self.today - timedelta(days=31)))
        self.assertEqual(self.filtered("renewal_near"), self.mine)
        self.assertTrue(self.mine.renewal_near)
        self.assertFalse(self.theirs.renewal_near)

    def test_detractors_and_unhappy(self):
        self.record(self.mine, nps=6, mood=2)
        self.record(self.theirs, nps=7, mood=3)
        self.assertEqual(self.filtered("detractors"), self.mine)
        self.assertEqual(self.filtered("unhappy"), self.mine)
        self.assertFalse(self.filtered("detractors", self.other_csm))

    def test_no_contact_for_long(self):
        self.record(self.mine, last_interaction=str(self.today - timedelta(days=50)))
        self.record(self.theirs, last_interaction=str(self.today - timedelta(days=9)))
        self.assertEqual(self.filtered("silent"), self.mine | self.nobodys)

    def test_segments_unknown_or_provisional(self):
        self.assertEqual(self.filtered("unsegmented"), self.all)
        self.record(self.mine, employees=10)
        self.env["cs.segment"]._assign(self.mine)
        self.assertEqual(self.filtered("provisional"), self.mine)
        self.assertEqual(self.filtered("unsegmented"), self.theirs | self.nobodys)

    def test_open_alerts_and_late_tasks(self):
        self.env["cs.task"].create(
            {
                "name": "Call",
                "account_id": self.mine.id,
                "date_open": self.today - timedelta(days=9),
                "duration_days": 2,
            }
        )
        self.assertEqual(self.filtered("late"), self.mine)
        self.alert(self.theirs)
        self.assertEqual(self.filtered("alerts"), self.theirs)
        self.assertFalse(self.filtered("alerts", self.csm))

    def test_every_filter_can_be_asked(self):
        names = [
            "mine", "without_csm", "at_risk", "falling", "detractors", "unhappy",
            "late", "alerts", "behind", "silent", "renewal_near", "unsegmented",
            "provisional", "by_hand", "active_customers", "churned", "inactive",
        ]  # fmt: skip
        for name in names:
            for user in (self.csm, self.manager):
                with self.subTest(filter=name, user=user.login):
                    self.assertLessEqual(self.filtered(name, user), self.all)

    # Board

    def test_all_phases_are_columns(self):
        accounts = self.env["cs.account"].with_user(self.csm)
        groups = accounts.with_context(read_group_expand=True).formatted_read_group(
            [("csm_id", "=", self.csm.id)], ["phase_id"], ["mrr:sum"]
        )
        names = {group["phase_id"][1] for group in groups if group["phase_id"]}
        self.assertEqual(names, set(self.env["cs.phase"].search([]).mapped("name")))

    def test_the_screens_ask_as_often_for_many_as_for_one(self):
        accounts = self.make_accounts(40, csm_id=self.csm.id)
        for account in accounts:
            self.subscribe(account, 20)
        user_accounts = self.env["cs.account"].with_user(self.csm)
        for kind in ("kanban", "list"):
            arch = user_accounts.get_views([(False, kind)])["views"][kind]["arch"]
            names = {
                node.get("name") for node in etree.fromstring(arch).iter("field")
            } - {"activity_ids"}
            spec = {name: {} for name in names}

            def queries(some, spec=spec):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                some.with_user(self.csm).web_read(spec)
                return self.env.cr.sql_log_count - before

            queries(accounts)
            with self.subTest(view=kind):
                self.assertEqual(queries(accounts), queries(accounts[:1]))

    # Page

    def test_the_page_shows_little_of_each(self):
        self.env["cs.task"].create(
            [
                {"name": f"Task {n}", "account_id": self.mine.id, "duration_days": n}
                for n in range(8)
            ]
        )
        seen = self.mine.with_user(self.csm)
        self.assertEqual(
            seen.upcoming_task_ids.mapped("name"), [f"Task {n}" for n in range(5)]
        )
        self.assertEqual(seen.next_step, "Task 0")
        self.assertFalse(seen.main_contact_ids)
        self.assertFalse(seen.recent_interaction_ids)
        subscription = self.subscribe(self.mine, 20)
        subscription.product_id = self.env["product.product"].create({"name": "Card"})
        self.assertEqual(seen.product_ids, subscription.product_id)

    def test_the_page_says_what_pulls_the_health_down(self):
        card = self.env["cs.scorecard"].search([], limit=1)
        self.assertTrue(card.measure_ids)
        self.mine._score()
        self.assertEqual(self.mine.health_reason, "Too little is known to judge.")
        lines = [
            {"kind": "measure", "measure": "NPS", "points": 0, "weight": 10},
            {"kind": "measure", "measure": "Use", "points": 50, "weight": 60},
            {"kind": "measure", "measure": "Mood", "points": None, "weight": 60},
            {"kind": "measure", "measure": "Fine", "points": 90, "weight": 90},
        ]
        self.mine.sudo().health_band = "yellow"
        self.assertEqual(self.mine._health_reason(lines), "Pulled down by Use, NPS.")
        self.assertEqual(self.mine._health_reason(lines[3:]), "Nothing pulls it down.")

    def test_other_portfolios_are_not_read(self):
        with self.assertRaises(AccessError):
            self.theirs.with_user(self.csm).read(["next_step", "main_contact_ids"])

    # Alerts

    def alert(self, account):
        metric = self.env.ref("customer_success.cs_metric_mrr")
        condition = {"metric_id": metric.id, "operator": "unknown"}
        rule = self.env["cs.alert.rule"].create(
            {"name": "Look", "condition_ids": [Command.create(condition)]}
        )
        return self.env["cs.alert"].create(
            {
                "rule_id": rule.id,
                "account_id": account.id,
                "company_id": account.company_id.id,
                "user_id": account.csm_id.id,
                "severity": "low",
                "raised_on": "2026-01-05 12:00:00",
            }
        )

    def test_closing_asks_what_was_done(self):
        alert = self.alert(self.mine).with_user(self.csm)
        action = alert.action_ask_close()
        reasons = self.env[action["res_model"]].with_user(self.csm)
        reason = reasons.with_context(**action["context"]).create(
            {"reason": "Called Marta, she will train the new team"}
        )
        reason.action_confirm()
        self.assertEqual(alert.state, "closed")
        self.assertEqual(
            alert.closing_note, "Called Marta, she will train the new team"
        )
        with self.assertRaises(UserError):
            alert.action_ask_close()
        with self.assertRaises(AccessError):
            self.alert(self.theirs).with_user(self.csm).action_ask_close()

    # Settings

    def test_an_administrator_sets_what_a_csm_carries(self):
        settings = self.env["res.config.settings"].create(
            {"cs_mrr_per_csm": 80000, "cs_cost_share": 12}
        )
        settings.execute()
        self.assertEqual(self.company.cs_mrr_per_csm, 80000)
        self.assertEqual(self.company.cs_cost_share, 12)
