from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_success.sources.fetched import RetryLater

from .fetched_common import FetchedCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"
SOL = {"who": "SOL", "users": "12"}


@tagged("post_install", "-at_install")
class TestFetch(FetchedCase):
    """Sources are fetched when they are due, each alone, and say how it went."""

    def test_it_is_fetched_when_switched_on_and_again_at_its_interval(self):
        source = self.make_fetched(interval_number=2, interval_type="hours")
        self.assertFalse(source.next_run)
        with self.giving([SOL]):
            self.fetch_due(source)
            self.assertFalse(self.present("active_users"))
            source.is_automatic = True
            self.fetch_due(source)
            self.assertEqual(self.present("active_users").value, 12)
            self.assertEqual(self.present("active_users").source_id, source)
            wait = source.next_run - fields.Datetime.now()
            self.assertAlmostEqual(wait, timedelta(hours=2), delta=timedelta(minutes=1))
            runs = len(source.run_ids)
            self.fetch_due(source)
            self.assertEqual(len(source.run_ids), runs)
        source.is_automatic = False
        self.assertFalse(source.next_run)

    def test_one_that_fails_waits_longer_each_time_and_stops_no_other(self):
        broken = self.make_fetched(is_automatic=True)
        waits = []
        with self.giving(UserError("The address is wrong.")), mute_logger(LOG):
            for _n in range(3):
                broken.sudo().next_run = fields.Datetime.now()
                self.fetch_due(broken)
                waits.append(round((broken.next_run - broken.last_run).seconds / 60))
        self.assertEqual(waits, [5, 10, 20])
        self.assertEqual(broken.failures, 3)
        self.assertEqual(broken.last_error, "The address is wrong.")
        with self.giving([SOL]):
            broken.action_run()
            self.fetch_due(broken)
        self.assertEqual((broken.failures, broken.last_error), (0, False))
        self.assertEqual(broken.run_ids.mapped("is_failed"), [False, True, True, True])

    def test_the_longest_untried_goes_first(self):
        now = fields.Datetime.now()
        sources = [self.make_fetched(name=str(n), is_automatic=True) for n in range(3)]
        ages = [1, None, 2]
        for source, hours in zip(sources, ages, strict=True):
            source.sudo().begun_at = hours and now - timedelta(hours=hours)
        with self.giving([SOL]):
            due = self.env["cs.metric.source"]._due()
        self.assertEqual(due.mapped("name"), ["1", "2", "0"])

    def test_unexpected_errors_are_noted_too(self):
        source = self.make_fetched(is_automatic=True)
        with self.giving(ZeroDivisionError("x")), mute_logger(LOG):
            self.fetch_due(source)
        self.assertEqual((source.failures, source.last_error), (1, "x"))

    def test_a_walk_cut_in_the_middle_goes_on_there(self):
        other = self.make_account("Outro")
        other.partner_id.ref = "OUT"
        source = self.make_fetched()
        rows = [SOL], [{"who": "OUT", "users": 5}]
        with mute_logger(LOG), self.giving(rows[0], RetryLater("Slowly", 90), rows[1]):
            source.action_run()
            self.fetch_due(source)
        self.assertEqual(source.position, 1)
        self.assertEqual(self.present("active_users").value, 12)
        self.assertEqual(source.failures, 0)
        wait = source.next_run - source.last_run
        self.assertAlmostEqual(wait.seconds, 90, delta=2)
        with self.giving([{"who": "SOL", "users": 99}], rows[1]):
            source.sudo().next_run = fields.Datetime.now()
            self.fetch_due(source)
        self.assertFalse(source.position)
        self.assertEqual(self.present("active_users").value, 12)
        self.assertEqual(self.present("active_users", other).value, 5)

    def test_what_is_read_as_text_numbers_and_moments(self):
        source = self.make_fetched(
            {"users": "active_users", "amount": "mrr", "end": "renewal"},
            at_column="when",
        )
        row = {
            "who": " SOL ",
            "users": "1.25e1",
            "amount": "99.9",
            "end": "2026-12-31T00:00:00Z",
            "when": 1767614400,
        }
        bad = {**row, "users": "NaN", "amount": "much", "end": "soon"}
        with self.giving([row, bad, {**row, "when": "2026"}]):
            source._run()
        self.assertEqual(self.history("active_users"), [("2026-01-05 12:00:00", 12.5)])
        self.assertEqual(self.history("renewal"), [("2026-01-05 12:00:00", 20818.0)])
        self.assertEqual((source.rows_recorded, source.rows_bad), (3, 6))
        self.assertIn("Not a time", source.run_ids[0].reason)

    def test_rows_without_the_moment_asked_for_are_refused(self):
        source = self.make_fetched(at_column="when")
        with self.giving([SOL, {**SOL, "when": None}]):
            source._run()
        self.assertEqual((source.rows_recorded, source.rows_bad), (0, 2))

    def test_a_preview_stores_nothing_and_says_what_would_be(self):
        source = self.make_fetched()
        with self.giving([SOL, {"who": "NOBODY", "users": "7", "x": "<b>7"}]):
            action = source.action_test()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("1 values would be recorded, 1 would not", preview.summary)
        self.assertIn("Unknown customer: NOBODY", preview.rows)
        self.assertIn("&lt;b&gt;7", preview.rows)
        self.assertFalse(self.present("active_users"))
        self.assertFalse(source.unmatched_ids)
        self.assertFalse(source.last_run)

    def test_why_there_is_no_preview_is_said_in_words(self):
        source = self.make_fetched()
        errors = [
            (RetryLater("Slowly\x00", 9), "Slowly"),
            (UserError("Wrong address"), "Wrong address"),
            (ZeroDivisionError("by zero"), "by zero"),
        ]
        for error, words in errors:
            with (
                self.giving(error),
                mute_logger(LOG),
                self.assertRaisesRegex(UserError, words) as shown,
            ):
                source.action_test()
            # The class by which the web client knows that it is meant for people.
            self.assertIs(type(shown.exception), UserError)

    def test_nothing_is_asked_for(self):
        source = self.make_fetched()
        source.line_ids.unlink()
        with self.giving([SOL]), self.assertRaisesRegex(UserError, "Nothing is asked"):
            source._run()

    def test_the_owner_is_who_last_changed_what_is_fetched(self):
        source = self.make_fetched()
        self.assertEqual(source.user_id, self.specialist)
        source.with_user(self.admin).name = "Hub 2"
        self.assertEqual(source.user_id, self.specialist)
        source.with_user(self.admin).line_ids.column = "people"
        self.assertEqual(source.user_id, self.admin)
        source.with_user(self.specialist).write({"user_id": self.admin.id})
        self.assertEqual(source.user_id, self.specialist)
        self.specialist.active = False
        with self.giving([SOL]), self.assertRaisesRegex(UserError, "no longer active"):
            source._run()

    def test_who_may_do_what(self):
        source = self.make_fetched()
        for user in (self.csm, self.manager):
            mine = source.with_user(user)
            for method in ("action_run", "action_test"):
                with self.assertRaises(AccessError):
                    getattr(mine, method)()
            self.assertFalse(source.unmatched_ids.with_user(user).has_access("read"))
            self.assertFalse(source.run_ids.with_user(user).has_access("read"))


@tagged("post_install", "-at_install")
class TestUnmatched(FetchedCase):
    """Names that nobody knows wait until somebody says whom they mean, once."""

    def unmatched(self, source, name="Padaria do Sol Ltda"):
        found = source.unmatched_ids.filtered(lambda one: one.reference == name)
        return found.with_user(self.specialist)

    def fetch(self, source, **row):
        row = {"who": "Padaria do Sol Ltda", "users": 3, **row}
        with self.giving([row]):
            source._run()
        source.invalidate_recordset()

    def test_said_once_what_waits_is_recorded_and_the_next_is_found(self):
        source = self.make_fetched(at_column="when")
        self.fetch(source, when="2026-01-05")
        self.fetch(source, when="2026-01-06", users=4)
        self.fetch(source, when="2026-01-06", users=5)
        name = self.unmatched(source)
        self.assertEqual((name.waiting_count, source.unmatched_count), (2, 1))
        self.assertEqual((source.rows_waiting, source.rows_bad), (1, 0))
        name.account_id = self.account
        self.assertEqual([v for _at, v in self.history("active_users")], [3, 5])
        self.assertEqual((name.state, name.waiting_count), ("mapped", 0))
        self.fetch(source, when="2026-01-07", users=6)
        self.assertEqual(self.present("active_users").value, 6)
        self.assertEqual(source.unmatched_count, 0)

    def test_what_is_ignored_stays_ignored(self):
        source = self.make_fetched()
        self.fetch(source)
        self.unmatched(source).action_ignore()
        self.fetch(source)
        name = self.unmatched(source)
        self.assertEqual((name.state, name.waiting_count), ("ignored", 0))
        name.action_wait()
        self.fetch(source)
        self.assertEqual(name.waiting_count, 1)

    def test_a_name_of_one_source_means_nothing_to_another(self):
        source, other = self.make_fetched(), self.make_fetched(name="Outra")
        self.fetch(source)
        self.unmatched(source).account_id = self.account
        self.fetch(other)
        self.assertEqual(self.unmatched(other).state, "waiting")

    def test_values_the_database_cannot_hold_wait_for_nobody(self):
        source = self.make_fetched(at_column="when")
        bad = [
            {"who": "NOBODY", "users": float("nan"), "when": "2026-01-05"},
            {"who": "NOBODY", "users": float("inf"), "when": "2026-01-05"},
            {"who": "NOBODY", "users": "1\x00", "when": "2026-01-05"},
            {"who": "NOBODY", "users": 1, "when": "2026-01-05\x00"},
        ]
        with self.giving([*bad, {**SOL, "when": "2026-01-05"}]):
            source._run()
        self.assertEqual(self.present("active_users").value, 12)
        self.assertFalse(source.unmatched_ids)

    def test_a_name_means_no_customer_whom_one_may_not_see(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.make_account("Longe", company_id=elsewhere.id)
        source = self.make_fetched()
        self.fetch(source)
        with self.assertRaises(AccessError):
            self.unmatched(source).account_id = other

    def test_several_rows_of_one_customer_are_remarked(self):
        source = self.make_fetched()
        with self.giving([SOL, {**SOL, "users": 13}]):
            source._run()
        self.assertEqual(self.present("active_users").value, 13)
        self.assertIn("several rows of “SOL”", source.run_ids[0].reason)

    def test_names_the_database_cannot_hold_stop_nothing(self):
        source = self.make_fetched()
        rows = [{"who": who, "users": 1} for who in ("A\x00", "", "x" * 500, None)]
        with self.giving([*rows, SOL]):
            source._run()
        self.assertEqual(self.present("active_users").value, 12)
        self.assertFalse(source.unmatched_ids)
        self.assertEqual(source.rows_bad, 4)


@tagged("post_install", "-at_install")
class TestSecret(FetchedCase):
    """A secret is written by system administrators and read by nobody."""

    SECRET = "s3cr+t/põ%"

    def setUp(self):
        super().setUp()
        self.system = self.make_user(
            "cs_system",
            "base.group_system",
            "base.group_allow_export",
            "customer_success.group_cs_admin",
        )
        self.source = self.make_fetched()
        self.source.with_user(self.system).secret = self.SECRET
        self.env.flush_all()
        self.env.invalidate_all()

    def test_nobody_reads_it(self):
        for user in (self.system, self.admin, self.specialist, self.csm):
            source = self.source.with_user(user)
            readable = [
                name
                for name in source._fields
                if source._has_field_access(source._fields[name], "read")
            ]
            self.assertNotIn(self.SECRET, str(source.read(readable)))
            if user == self.system:
                self.assertNotIn(self.SECRET, str(source.export_data(readable)))
            with self.assertRaises(AccessError):
                source.env["cs.metric.source.secret"].search([]).read(["value"])
        self.assertNotIn(self.SECRET, str(self.source.sudo().read()))
        self.assertTrue(self.source.has_secret)
        self.assertFalse(self.source.copy().has_secret)

    def test_only_system_administrators_write_it(self):
        for user in (self.admin, self.specialist):
            with self.assertRaises(AccessError):
                self.source.with_user(user).secret = "other"
        self.source.with_user(self.system).action_forget_secret()
        self.assertFalse(self.source.has_secret)

    def test_it_is_in_no_error(self):
        self.source.is_automatic = True
        error = ValueError(f"https://x/?token={self.SECRET} s3cr%2Bt%2Fp%C3%B5%25")
        with self.giving(error), self.assertLogs(LOG) as logged:
            self.fetch_due(self.source)
        kept = [self.source.last_error, self.source.run_ids[0].reason, *logged.output]
        for text in kept:
            self.assertNotIn(self.SECRET, text)
            self.assertNotIn("s3cr%2Bt", text)
            self.assertIn("•••", text)
