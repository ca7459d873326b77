from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_success.sources.fetched import RetryLater

from .facts_common import FactsCase
from .fetched_common import FetchedCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"
SOL = {"who": "SOL", "users": "12"}


@tagged("post_install", "-at_install")
class TestSourceHealth(FetchedCase):
    """Each source says whether it does what is expected of it."""

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()
        fetched = patch.object(
            type(self.env["cs.metric.source"]), "_fetched_kinds", lambda _s: ["sheet"]
        )
        fetched.start()
        self.addCleanup(fetched.stop)

    def check_health(self, source, health):
        source.invalidate_recordset(["health"])
        self.assertEqual(source.health, health)
        searched = source.with_context(active_test=False).search(
            [("health", "=", health), ("id", "=", source.id)]
        )
        self.assertEqual(searched, source)
        self.assertFalse(
            source.with_context(active_test=False).search(
                [("health", "!=", health), ("id", "=", source.id)]
            )
        )

    def test_from_its_first_day_to_its_last(self):
        source = self.make_fetched(interval_number=2, interval_type="hours").sudo()
        self.check_health(source, "by_hand")
        source.is_automatic = True
        self.check_health(source, "never")
        with self.giving([SOL]):
            self.fetch_due(source)
        self.check_health(source, "good")
        for hours, health in ((3, "good"), (5, "late")):
            with self.at_time(self.now + timedelta(hours=hours)):
                self.check_health(source, health)
        source.failures = 1
        self.check_health(source, "failing")
        source.active = False
        self.check_health(source, "off")

    def test_never_begun_is_late_after_a_while(self):
        source = self.make_fetched(is_automatic=True, interval_number=1)
        for hours, health in ((1, "never"), (2.5, "late")):
            with self.at_time(self.now + timedelta(hours=hours)):
                self.check_health(source, health)

    def test_what_we_count_ourselves_is_counted_every_night(self):
        source = self.env.ref("customer_success.cs_metric_source_contact")
        source.last_success = self.now
        for hours, health in ((30, "good"), (50, "late")):
            with self.at_time(self.now + timedelta(hours=hours)):
                self.check_health(source, health)

    def test_a_shorter_interval_comes_at_once(self):
        source = self.make_fetched(interval_number=30, interval_type="days")
        source.is_automatic = True
        with self.giving([SOL]):
            self.fetch_due(source)
        source.write({"interval_number": 1, "interval_type": "hours"})
        self.assertLess(source.next_run, self.now + timedelta(hours=2))

    def test_what_it_has_no_time_for_goes_on_shortly(self):
        source = self.make_fetched()
        with mute_logger(LOG), self.giving([SOL], RetryLater("No time", 0)):
            source.action_run()
            self.fetch_due(source)
        self.assertLessEqual(source.next_run, fields.Datetime.now())
        self.assertEqual((source.position, source.failures), (1, 0))

    def test_the_form_says_what_goes_on(self):
        source = self.make_fetched()
        self.assertFalse(source.fetch_state)
        source.action_run()
        self.assertEqual(source.fetch_state, "waiting")
        with source._lock(source.id):
            source.invalidate_recordset(["fetch_state"])
            self.assertEqual(source.fetch_state, "fetching")
        with self.giving([SOL]):
            self.fetch_due(source)
        self.assertFalse(source.fetch_state)


@tagged("post_install", "-at_install")
class TestTrouble(FetchedCase):
    """Who looks after a source hears once that it does not work."""

    def fetch(self, source, *pages):
        source.sudo().next_run = fields.Datetime.now()
        with mute_logger(LOG), self.giving(*pages):
            self.fetch_due(source)

    def told(self, source):
        """Return the activities that are planned because of a source."""
        return self.env["mail.activity"].search(
            [("res_model", "=", source._name), ("res_id", "=", source.id)]
        )

    def test_three_failures_are_told_once_until_it_works(self):
        source = self.make_fetched(is_automatic=True)
        error = UserError("The password is wrong.")
        for told in (0, 0, 1, 1, 1):
            self.fetch(source, error)
            self.assertEqual(len(self.told(source)), told)
        activity = self.told(source)
        self.assertEqual(activity.user_id, self.specialist)
        self.assertIn("Hub: it failed 3 times in a row", activity.summary)
        self.assertIn("The password is wrong.", activity.note)
        activity.with_user(self.specialist).action_done()
        self.fetch(source, error)
        self.assertFalse(self.told(source))
        self.fetch(source, [SOL])
        for told in (0, 0, 1):
            self.fetch(source, error)
            self.assertEqual(len(self.told(source)), told)
        self.fetch(source, [SOL])
        self.assertFalse(self.told(source))
        self.assertFalse(source.told_at)

    def test_lateness_is_told_after_three_intervals(self):
        now = fields.Datetime.now()
        source = self.make_fetched(is_automatic=True, interval_number=2)
        for hours, told in ((5, 0), (7, 1), (9, 1)):
            with (
                self.at_time(now + timedelta(hours=hours)),
                patch.object(type(source), "_fetched_kinds", lambda _source: ["sheet"]),
            ):
                source._tell_of_trouble()
                self.assertEqual(len(self.told(source)), told, hours)
        self.assertEqual(self.told(source).summary, "Nothing comes from Hub")

    def test_an_administrator_hears_when_the_owner_left(self):
        source = self.make_fetched(is_automatic=True)
        self.specialist.active = False
        for _n in range(3):
            self.fetch(source, UserError("No"))
        self.assertTrue(
            self.told(source).user_id.has_group("customer_success.group_cs_admin")
        )

    def test_one_that_asks_to_wait_is_no_trouble(self):
        source = self.make_fetched(is_automatic=True)
        for _n in range(4):
            self.fetch(source, RetryLater("Slowly", 60))
        self.assertFalse(self.told(source))


@tagged("post_install", "-at_install")
class TestMachine(FactsCase):
    """One page where a person sees at a glance whether facts are fresh."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine = cls.env["cs.machine"].browse(1).with_user(cls.specialist)

    def figures(self, *names):
        self.env.flush_all()
        self.env.invalidate_all()
        return tuple(self.machine[name] for name in names)

    def days_ago(self, days):
        return fields.Datetime.now() - timedelta(days=days)

    def test_how_fresh_the_facts_are_by_source(self):
        old, new = self.make_source("Velha"), self.make_source("Nova")
        other, gone = self.make_account("Outro"), self.make_account("Foi")
        for account in (self.account, gone):
            self.record_all(
                self.reading("active_users", 1, account.id, at=self.days_ago(50)),
                self.reading("csat", 1, account.id, at=self.days_ago(10)),
                self.reading("ces", None, account.id),
                source=old,
            )
        self.record_all(self.reading("active_users", 1, other.id), source=new)
        self.record_all(self.reading("csat", 1, other.id, at=self.days_ago(400)))
        gone.sudo().with_context(cs_verdict=True).state = "churned"
        before = self.figures("value_count")
        self.assertEqual(before, (4,))
        self.assertEqual(self.figures("stale_count", "fresh_share"), (2, 0.5))
        mine = self.machine.source_ids
        old, new = (mine.filtered(lambda one, s=s: one.id == s.id) for s in (old, new))
        self.assertEqual(
            (old.customer_count, old.value_count, old.stale_count, old.fresh_share),
            (1, 2, 1, 0.5),
        )
        self.assertEqual((old.median_age, new.median_age), (10, 0))
        self.assertEqual((new.customer_count, new.stale_count), (1, 0))
        stale = self.env["cs.metric.value"].with_user(self.specialist)
        self.assertEqual(
            stale.search_count(
                [("is_stale", "=", True), ("account_id.state", "=", "active")]
            ),
            2,
        )

    def test_figures_are_of_the_companies_at_hand(self):
        other = self.env["res.company"].create({"name": "Outra"})
        self.record_all(self.reading("csat", 1))
        hers = self.make_account("Dela", company_id=other.id)
        values = self.values.with_context(allowed_company_ids=[other.id])
        values.record([self.reading("csat", 2, hers.id)])
        self.specialist.company_ids |= other
        for companies, figure in ((self.company, 1), (self.company | other, 2)):
            machine = self.machine.with_context(allowed_company_ids=companies.ids)
            self.env.invalidate_all()
            self.assertEqual(machine.value_count, figure)
            self.assertEqual(machine.customer_count, figure)

    def test_customers_with_a_health_and_those_still_to_judge(self):
        accounts = self.make_accounts(3)
        self.env.cr.execute(
            "UPDATE cs_account SET health_band = 'red' WHERE id = %s", [accounts[0].id]
        )
        self.env["ir.config_parameter"].set_param(
            "customer_success.score_resume_after_account", accounts[1].id
        )
        self.assertEqual(
            self.figures("customer_count", "scored_count", "unscored_tonight"),
            (4, 1, 1),
        )

    def test_the_rounds_say_whether_they_finished(self):
        cron = self.env.ref("customer_success.ir_cron_score")
        now = fields.Datetime.now()

        def state():
            self.env.flush_all()
            self.env.invalidate_all()
            return self.machine.round_ids.filtered(lambda one: one.id == cron.id).state

        cron.nextcall = now + timedelta(hours=5)
        self.assertEqual(state(), "never")
        cron.lastcall = now
        self.assertEqual(state(), "good")
        self.env["ir.cron.progress"].create(
            {"cron_id": cron.id, "done": 20000, "remaining": 5000}
        )
        self.assertEqual(state(), "unfinished")
        self.assertEqual(self.machine.troubled_rounds, 0)
        for values, name in (
            ({"nextcall": now - timedelta(hours=2)}, "late"),
            ({"failure_count": 1}, "failed"),
            ({"active": False}, "off"),
        ):
            cron.write(values)
            self.assertEqual(state(), name)
            self.assertEqual(self.machine.troubled_rounds, 1)

    def test_keys_and_files(self):
        self.assertEqual(self.figures("ending_keys", "file_count"), (0, 0))
        sender = self.make_user("cs_sender", "customer_success.group_cs_ingest")
        keys = self.env["res.users.apikeys"].with_user(sender).sudo()
        for days in (10, 60):
            keys._generate("rpc", f"{days}", fields.Datetime.now() + timedelta(days))
        source = self.make_source()
        for state in ("waiting", "done"):
            self.env["cs.sheet.load"].create(
                {
                    "source_id": source.id,
                    "kind": "customers",
                    "company_id": self.company.id,
                    "state": state,
                }
            )
        self.assertEqual(self.figures("ending_keys", "file_count"), (1, 1))

    def test_everything_leads_to_where_one_acts(self):
        source = self.make_source()
        for record, methods in (
            (
                self.machine,
                (
                    "action_open", "action_sources", "action_stale", "action_backlog",
                    "action_unmatched", "action_unscored", "action_rounds",
                ),
            ),
            (
                source.with_user(self.specialist),
                ("action_open", "action_runs", "action_values", "action_unmatched"),
            ),
        ):  # fmt: skip
            for method in methods:
                action = getattr(record, method)()
                model = self.env[action["res_model"]].with_user(self.specialist)
                model.search(action.get("domain") or [])

    def test_it_is_read_in_few_queries_however_many_sources_there_are(self):
        counts = []
        # The first time also fills caches that stay.
        for number in (0, 0, 20):
            for name in range(number):
                self.make_source(str(name))
            self.env.flush_all()
            self.env.invalidate_all()
            views = self.machine.get_view(view_type="form")
            columns = {
                name: {} for name in views["models"]["cs.machine"] if name != "id"
            }
            columns["source_ids"] = {
                "fields": {
                    name: {}
                    for name in (
                        "name", "kind", "health", "last_success", "customer_count",
                        "fresh_share", "median_age", "unmatched_count", "last_error",
                    )
                }
            }  # fmt: skip
            columns["round_ids"] = {"fields": {"name": {}, "state": {}}}
            begun = self.env.cr.sql_log_count
            self.machine.web_read(columns)
            counts.append(self.env.cr.sql_log_count - begun)
        self.assertEqual(counts[1], counts[2])
        self.assertLessEqual(counts[2], 15)

    def test_who_sees_it(self):
        for user in (self.specialist, self.admin):
            self.machine.with_user(user).read(["value_count", "source_ids"])
        for user in (self.csm, self.manager, self.salesperson):
            with self.assertRaises(AccessError):
                self.machine.with_user(user).read(["value_count"])
            with self.assertRaises(AccessError):
                self.env["cs.machine.round"].with_user(user).search([])
        source = self.make_source()
        with self.assertRaises(AccessError):
            source.with_user(self.csm).read(["customer_count"])
        source.with_user(self.csm).read(["health", "last_success"])

    def test_a_csm_sees_why_a_fact_is_stale(self):
        self.account.csm_id = self.csm
        source = self.make_source("Hub")
        self.record_all(
            self.reading("active_users", 1, at=self.days_ago(63)), source=source
        )
        fact = self.present("active_users").with_user(self.csm)

        def why():
            fact.invalidate_recordset()
            return fact.staleness

        self.assertEqual(why(), "stale: 63 days old; its source Hub never came")
        source.last_success = "2026-10-12 12:00:00"
        self.assertIn("its source Hub last came on 10/12/2026", why())
        source.active = False
        self.assertIn("its source Hub is archived", why())
        source.sudo().unlink()
        self.assertIn("no source keeps it", why())
        self.record_all(self.reading("active_users", 1))
        self.assertEqual(why(), "fresh")
