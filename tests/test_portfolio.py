from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestPortfolio(JourneyCase):
    """One screen says what is late, for today and next, and who needs attention."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aurora = cls.make_account("Padaria Aurora")
        cls.sol = cls.make_account("Transportes Sol")
        cls.other = cls.make_account("Clínica Lua", csm_id=cls.other_csm.id)
        cls.nobody = cls.make_account("Oficina Rio", csm_id=False)
        cls.today = cls.aurora._today()

    def load(self, user, whose=None, **options):
        return self.env["cs.portfolio"].with_user(user).load(whose, options)

    def make_task(self, account, name, days=0, **values):
        """Make an open task that is due in some days."""
        opened = self.today + timedelta(days=min(days, 0))
        return self.env["cs.task"].create(
            {
                "account_id": account.id,
                "name": name,
                "date_open": opened,
                "duration_days": (self.today - opened).days + days,
                **values,
            }
        )

    def in_bucket(self, screen, bucket):
        return [row["name"] for row in screen["work"][bucket]["rows"]]

    def customers(self, screen):
        return [row["name"] for row in screen["customers"]["rows"]]

    # Work

    def test_late_today_and_next(self):
        self.make_task(self.aurora, "Call", -3)
        self.make_task(self.sol, "Send the plan")
        self.make_task(self.aurora, "Review", 5)
        self.make_task(self.other, "Not mine", -9)
        screen = self.load(self.csm)
        self.assertEqual(self.in_bucket(screen, "late"), ["Call"])
        self.assertEqual(self.in_bucket(screen, "today"), ["Send the plan"])
        self.assertEqual(self.in_bucket(screen, "next"), ["Review"])
        [late] = screen["work"]["late"]["rows"]
        self.assertEqual((late["customer"], late["days"]), ("Padaria Aurora", -3))
        self.assertEqual(late["deadline"], self.today - timedelta(days=3))

    def test_most_late_first_and_more_on_demand(self):
        for days in range(1, 15):
            self.make_task(self.aurora, f"Late {days:02}", -days)
        late = self.load(self.csm)["work"]["late"]
        self.assertEqual((late["count"], len(late["rows"])), (14, 8))
        self.assertEqual(late["rows"][0]["name"], "Late 14")
        more = self.load(self.csm, tasks={"late": 30})["work"]["late"]
        self.assertEqual(len(more["rows"]), 14)

    def test_nobody_has_taken_a_task_of_my_customer(self):
        task = self.make_task(self.aurora, "Translate the guide")
        task.user_id = False
        screen = self.load(self.csm)
        self.assertEqual(self.in_bucket(screen, "unassigned"), [task.name])
        self.assertFalse(self.in_bucket(screen, "today"))

    def test_work_for_a_colleagues_customer_is_mine_too(self):
        self.make_task(self.other, "Help out", user_id=self.csm.id)
        screen = self.load(self.csm)
        self.assertEqual(self.in_bucket(screen, "today"), ["Help out"])
        self.assertNotIn("Clínica Lua", self.customers(screen))

    def test_what_the_customer_has_to_do_is_followed(self):
        self.make_task(self.sol, "Send the list", -1, responsible="customer")
        self.assertEqual(self.in_bucket(self.load(self.csm), "late"), ["Send the list"])

    def test_counts_are_those_of_the_list_they_lead_to(self):
        self.make_task(self.aurora, "A", -1)
        self.make_task(self.sol, "B", 3)
        self.make_task(self.sol, "C", 2).user_id = False
        for user, whose in ((self.csm, None), (self.manager, "all")):
            for bucket in self.load(user, whose)["work"].values():
                found = self.env["cs.task"].with_user(user).search(bucket["domain"])
                self.assertEqual(len(found), bucket["count"])

    def test_done_opens_the_next_one(self):
        template = self.make_template(
            [
                self.task("Kick-off", duration_days=0),
                self.task("Training", 2, duration_days=4),
            ]
        )
        self.aurora.start_journey(template)
        [first] = self.load(self.csm)["work"]["today"]["rows"]
        task = self.env["cs.task"].with_user(self.csm).browse(first["id"])
        self.assertTrue(task.action_conclude())
        work = self.load(self.csm, after=first["id"])["work"]
        self.assertTrue(work["after"]["is_done"])
        self.assertEqual([row["name"] for row in work["after"]["rows"]], ["Training"])
        [following] = work["next"]["rows"]
        self.assertEqual((following["name"], following["days"]), ("Training", 4))

    def test_nothing_is_said_of_a_task_one_may_not_see(self):
        task = self.make_task(self.other, "Secret")
        self.assertNotIn("after", self.load(self.csm, after=task.id)["work"])

    # Customers

    def test_a_customer_in_one_row(self):
        template = self.make_template(
            [self.task("Kick-off"), self.task("Training", 2, duration_days=4)]
        )
        journey = self.aurora.start_journey(template)
        journey.task_ids.filtered(lambda task: task.state == "open").action_done()
        self.env["cs.account"]._refresh_pace()
        self.record(self.aurora, mrr=1500, nps=9, mood=2)
        rows = self.load(self.csm)["customers"]["rows"]
        row = next(row for row in rows if row["id"] == self.aurora.id)
        seen = {key: row[key] for key in ("stage", "progress", "nps", "nps_class")}
        self.assertEqual(
            seen,
            {"stage": "Stage 1", "progress": 50, "nps": 9, "nps_class": "promoter"},
        )
        self.assertEqual((row["mrr"], row["mood"]), (1500, "2"))
        self.assertEqual((row["next_name"], row["next_days"]), ("Training", 4))

    def test_who_needs_attention_comes_first(self):
        self.record(self.aurora, mrr=100)
        self.record(self.sol, mrr=9000)
        self.assertEqual(
            self.customers(self.load(self.csm)), ["Transportes Sol", "Padaria Aurora"]
        )
        self.aurora.sudo().write({"health_band": "red"})
        self.assertEqual(
            self.customers(self.load(self.csm)), ["Padaria Aurora", "Transportes Sol"]
        )

    def test_a_renewal_of_years_ago_asks_for_nothing(self):
        self.record(self.aurora, mrr=100, renewal="2020-01-31")
        self.record(self.sol, mrr=9000)
        screen = self.load(self.csm)
        self.assertEqual(self.customers(screen), ["Transportes Sol", "Padaria Aurora"])
        self.assertEqual(screen["figures"]["renewals"], 0)

    def test_search_and_filters(self):
        self.sol.sudo().write({"health_band": "green"})
        portfolio = self.env["cs.portfolio"].with_user(self.csm)
        found = portfolio.load_customers(options={"search": "aurora"})
        self.assertEqual([row["name"] for row in found["rows"]], ["Padaria Aurora"])
        found = portfolio.load_customers(options={"bands": ["green"]})
        self.assertEqual([row["name"] for row in found["rows"]], ["Transportes Sol"])
        self.assertFalse(portfolio.load_customers(options={"phase_ids": [0]})["rows"])

    def test_show_more_customers(self):
        self.make_accounts(35, csm_id=self.csm.id)
        portfolio = self.env["cs.portfolio"].with_user(self.csm)
        self.assertEqual(len(portfolio.load_customers()["rows"]), 30)
        found = portfolio.load_customers(options={"limit": 60})
        self.assertEqual((found["count"], len(found["rows"])), (37, 37))

    def test_nonsense_is_no_error(self):
        self.make_task(self.aurora, "Call", -3)
        for nonsense in (
            {"tasks": {"late": "x", "today": -3, "next": [1]}, "after": "abc"},
            {"tasks": 5, "after": 10**12, "customers": [1]},
            {"customers": {"limit": "x", "search": 5, "phase_ids": 1, "bands": "red"}},
            {"customers": {"limit": -3, "search": ["x"], "segment_ids": ["a", 10**12]}},
            {"customers": {"search": "\x00", "bands": [{}]}},
            [1],
        ):
            with self.subTest(options=nonsense):
                screen = self.load_with(self.csm, None, nonsense)
                self.assertEqual(self.in_bucket(screen, "late"), ["Call"])
        portfolio = self.env["cs.portfolio"].with_user(self.manager)
        for whose in (["x"], {}, "abc", 10**12, -1):
            with self.subTest(whose=whose):
                self.assertEqual(portfolio.load(whose)["whose"]["key"], "all")
                self.assertTrue(portfolio.load_customers(whose)["rows"])
            with self.assertRaises(AccessError):
                self.load(self.csm, whose)

    def load_with(self, user, whose, options):
        return self.env["cs.portfolio"].with_user(user).load(whose, options)

    # Headline

    def test_figures(self):
        self.record(self.aurora, nps=10, mrr=1000)
        self.record(self.sol, nps=3, mrr=500, renewal=str(self.today + timedelta(60)))
        self.aurora.sudo().write({"health_band": "green"})
        figures = self.load(self.csm)["figures"]
        self.assertEqual((figures["customers"], figures["mrr"]), (2, 1500))
        self.assertEqual(figures["nps"], 0)
        self.assertEqual(figures["bands"], {"green": 1, "unknown": 1})
        self.assertEqual(figures["renewals"], 1)

    def test_nps_of_the_portfolio_counts_those_who_answered(self):
        for account, nps in zip(
            self.make_accounts(4, csm_id=self.csm.id), (10, 9, 8, 2), strict=True
        ):
            self.record(account, nps=nps)
        self.assertEqual(self.load(self.csm)["figures"]["nps"], 25)

    def test_nps_is_unknown_before_the_first_answer(self):
        self.assertIs(self.load(self.csm)["figures"]["nps"], False)

    # Alerts and handoffs

    def test_alerts_and_handoffs_call(self):
        rule = self.env["cs.alert.rule"].search([], limit=1)
        self.env["cs.alert"].create(
            {
                "rule_id": rule.id,
                "account_id": self.aurora.id,
                "company_id": self.company.id,
                "severity": "high",
                "raised_on": self.env.cr.now(),
            }
        )
        handoff = self.env["cs.handoff"].create(
            {"partner_id": self.make_partner("Novo").id, "csm_id": self.csm.id}
        )
        handoff.action_submit()
        screen = self.load(self.csm)
        [alert] = screen["alerts"]["rows"]
        self.assertEqual(
            (alert["name"], alert["customer"]), (rule.name, "Padaria Aurora")
        )
        self.assertIn("Novo", [row["name"] for row in screen["handoffs"]["rows"]])
        other = self.load(self.other_csm)
        self.assertFalse(other["alerts"]["rows"])
        self.assertNotIn("Novo", [row["name"] for row in other["handoffs"]["rows"]])

    # Whose

    def test_a_csm_sees_the_own_portfolio_only(self):
        screen = self.load(self.csm)
        self.assertEqual(screen["whose"]["key"], self.csm.id)
        self.assertFalse(screen["choices"])
        for whose in ("all", "none", self.other_csm.id):
            with self.assertRaisesRegex(AccessError, "your own portfolio"):
                self.load(self.csm, whose)
            with self.assertRaises(AccessError):
                self.env["cs.portfolio"].with_user(self.csm).load_customers(whose)

    def test_a_manager_chooses(self):
        self.env["cs.team.member"].create({"user_id": self.other_csm.id})
        screen = self.load(self.manager)
        self.assertEqual(screen["whose"]["key"], "all")
        names = [choice["name"] for choice in screen["choices"]]
        self.assertIn(self.other_csm.name, names)
        self.assertEqual(
            self.customers(self.load(self.manager, self.other_csm.id)), ["Clínica Lua"]
        )
        self.assertIn("Oficina Rio", self.customers(self.load(self.manager, "none")))
        self.assertNotIn("Clínica Lua", self.customers(self.load(self.manager, "none")))

    def test_a_manager_who_carries_customers_starts_with_them(self):
        account = self.make_account("Do gerente", csm_id=self.manager.id)
        screen = self.load(self.manager)
        self.assertTrue(screen["whose"]["is_mine"])
        self.assertEqual(self.customers(screen), [account.display_name])

    def test_a_portfolio_that_is_gone_is_everybodys(self):
        self.assertEqual(self.load(self.manager, 0)["whose"]["key"], "all")

    def test_a_salesperson_is_refused_kindly(self):
        with self.assertRaisesRegex(AccessError, "Ask an administrator"):
            self.load(self.salesperson)

    def test_customers_who_left_are_not_there(self):
        self.sol.sudo().write({"state": "churned"})
        self.assertEqual(self.customers(self.load(self.csm)), ["Padaria Aurora"])

    def test_another_company_is_invisible(self):
        company = self.env["res.company"].create({"name": "Outra"})
        self.csm.sudo().write({"company_ids": [(4, company.id)]})
        there = self.make_account("Longe", company_id=company.id)
        self.make_task(there, "Far", -1)
        portfolio = self.env["cs.portfolio"].with_user(self.csm)
        here = portfolio.with_context(allowed_company_ids=self.company.ids).load()
        self.assertNotIn("Longe", self.customers(here))
        self.assertFalse(self.in_bucket(here, "late"))
        both = [self.company.id, company.id]
        screen = portfolio.with_context(allowed_company_ids=both).load()
        self.assertIn("Longe", self.customers(screen))
        self.assertEqual(self.in_bucket(screen, "late"), ["Far"])

    def test_a_csm_without_customers(self):
        newcomer = self.make_user("cs_new", "customer_success.group_cs_user")
        screen = self.load(newcomer)
        self.assertEqual(screen["figures"]["customers"], 0)
        self.assertFalse(screen["customers"]["rows"])
