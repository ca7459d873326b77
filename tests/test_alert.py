from datetime import date, datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import CsCase


class TestAlert(CsCase):
    """Rules call once, count again, and close by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.use_fell = cls.env.ref("customer_success.cs_alert_rule_use_fell")
        cls.renewal = cls.env.ref("customer_success.cs_alert_rule_renewal_near")

    def customer_with_use(self, before, after, **values):
        account = self.make_account(**values)
        self.record(account, at=datetime(2026, 3, 1), active_users=before)
        self.record(account, at=datetime(2026, 4, 1), active_users=after)
        return account

    def run_at(self, rule, moment="2026-04-02 12:00:00"):
        with self.at_time(moment):
            return rule._run()[rule]

    def alerts_of(self, account):
        return self.env["cs.alert"].search([("account_id", "=", account.id)])

    def test_use_fell_raises_and_calls_the_csm(self):
        account = self.customer_with_use(100, 60, csm_id=self.csm.id)
        self.run_at(self.use_fell)
        alert = self.alerts_of(account)
        self.assertEqual(alert.state, "open")
        self.assertEqual(alert.user_id, self.csm)
        self.assertEqual(alert.due_on, date(2026, 4, 4))
        self.assertIn("-40", alert.explanation)
        self.assertEqual(alert.activity_ids.user_id, self.csm)
        self.assertEqual(alert.activity_ids.date_deadline, date(2026, 4, 4))

    def test_just_above_the_limit_is_quiet(self):
        account = self.customer_with_use(100, 71)
        self.run_at(self.use_fell)
        self.assertFalse(self.alerts_of(account))
        account = self.customer_with_use(100, 70)
        self.run_at(self.use_fell)
        self.assertTrue(self.alerts_of(account))

    def test_the_same_again_is_nothing_other_values_are_an_occurrence(self):
        account = self.customer_with_use(100, 60)
        self.run_at(self.use_fell)
        result = self.run_at(self.use_fell, "2026-04-03 12:00:00")
        self.assertEqual(result, {"raised": 0, "repeated": 0, "closed": 0})
        alert = self.alerts_of(account)
        self.assertEqual(alert.occurrences, 1)
        self.record(account, at=datetime(2026, 4, 3, 12), active_users=40)
        self.run_at(self.use_fell, "2026-04-04 12:00:00")
        self.assertEqual(len(self.alerts_of(account)), 1)
        self.assertEqual(alert.occurrences, 2)

    def test_closes_itself_and_its_activity_when_use_is_back(self):
        account = self.customer_with_use(100, 60, csm_id=self.csm.id)
        self.run_at(self.use_fell)
        alert = self.alerts_of(account)
        self.record(account, at=datetime(2026, 4, 3), active_users=95)
        self.assertEqual(self.run_at(self.use_fell, "2026-04-04 12:00:00")["closed"], 1)
        self.assertEqual(alert.state, "closed")
        self.assertFalse(alert.activity_ids)

    def test_stale_facts_keep_it_open_and_say_so(self):
        account = self.customer_with_use(100, 60)
        self.run_at(self.use_fell)
        self.run_at(self.use_fell, "2026-08-01 12:00:00")
        alert = self.alerts_of(account)
        self.assertEqual(alert.state, "open")
        self.assertTrue(alert.unconfirmed)

    def test_quiet_days_after_closing_by_hand(self):
        account = self.customer_with_use(100, 60)
        self.run_at(self.use_fell)
        with self.at_time("2026-04-02 13:00:00"):
            self.alerts_of(account).action_close()
        self.run_at(self.use_fell, "2026-04-05 12:00:00")
        self.assertEqual(len(self.alerts_of(account)), 1)
        self.record(account, at=datetime(2026, 4, 9), active_users=50)
        self.run_at(self.use_fell, "2026-04-10 12:00:00")
        self.assertEqual(len(self.alerts_of(account)), 2)

    def test_renewal_near(self):
        today = self.env["cs.account"]._today()
        for days, expected in ((61, 0), (60, 1)):
            account = self.subscriber(today + timedelta(days=days), 12)
            self.renewal._run()
            self.assertEqual(len(self.alerts_of(account)), expected, days)

    def test_customers_by_the_month_are_no_renewals(self):
        """Who renews each month would be an alert each month."""
        account = self.subscriber(self.env["cs.account"]._today(), 1)
        self.renewal._run()
        self.assertFalse(self.alerts_of(account))

    def test_the_renewal_is_the_plans_not_the_add_ons(self):
        today = self.env["cs.account"]._today()
        plan_end = today + timedelta(days=300)
        account = self.subscriber(plan_end, 12)
        self.subscriber(today + timedelta(days=10), 1, account)
        self.assertEqual(account.renewal_on, plan_end)

    def subscriber(self, end, months, account=None):
        account = account or self.make_account()
        self.env["cs.subscription"].create(
            {
                "account_id": account.id,
                "name": "Plano",
                "mrr": 100,
                "start_on": end - timedelta(days=30 * months),
                "end_on": end,
                "billing_months": months,
            }
        )
        return account

    def test_who_is_not_watched_any_more_closes(self):
        account = self.subscriber(self.env["cs.account"]._today(), 12)
        self.renewal._run()
        alert = self.alerts_of(account)
        self.assertEqual(alert.state, "open")
        account.subscription_ids.billing_months = 1
        self.renewal._run()
        self.assertEqual(alert.state, "closed")

    def test_verdicts_are_not_written_by_hand(self):
        account = self.customer_with_use(100, 60, csm_id=self.csm.id)
        theirs = self.make_account(csm_id=self.other_csm.id)
        self.run_at(self.use_fell)
        alert = self.alerts_of(account).with_user(self.csm)
        for values in ({"account_id": theirs.id}, {"state": "closed"}):
            with self.assertRaises(UserError):
                alert.write(values)
        alert.action_close("Falei com o cliente")
        self.assertEqual(alert.closing_note, "Falei com o cliente")
        self.assertEqual(alert.closed_by_id, self.csm)

    def test_customers_that_left_are_not_watched(self):
        account = self.customer_with_use(100, 60, state="churned")
        self.run_at(self.use_fell)
        self.assertFalse(self.alerts_of(account))

    def test_a_csm_without_access_does_not_stop_the_rule(self):
        stranger = self.make_user("cs_stranger", "customer_success.group_cs_user")
        first = self.customer_with_use(100, 60, csm_id=stranger.id)
        second = self.customer_with_use(100, 60, csm_id=self.csm.id)
        stranger.group_ids = self.env.ref("base.group_user")
        self.run_at(self.use_fell)
        self.assertTrue(self.alerts_of(first))
        self.assertEqual(self.alerts_of(second).activity_ids.user_id, self.csm)

    def test_a_rule_must_watch_something_that_can_be_read(self):
        with self.assertRaises(ValidationError):
            self.env["cs.alert.rule"].create({"name": "Nothing"})
        with self.assertRaises(ValidationError):
            self.use_fell.domain = "[('no_such_field', '=', 1)]"

    def test_scheduled_action_runs_every_rule(self):
        """One that fails does not stop the others."""
        account = self.customer_with_use(100, 60)
        broken = self.use_fell.copy({"name": "Broken", "sequence": 1})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cs_alert_rule SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", broken.id],
        )
        broken.invalidate_recordset()
        cron = self.env.ref("customer_success.ir_cron_run_alert_rules")
        with (
            self.at_time("2026-04-02 12:00:00"),
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.customer_success", "ERROR"),
        ):
            cron.method_direct_trigger()
        broken.invalidate_recordset()
        self.assertIn("gone", broken.last_error)
        self.assertTrue(self.alerts_of(account))

    def test_alerts_of_colleagues_are_not_seen(self):
        mine = self.customer_with_use(100, 60, csm_id=self.csm.id)
        self.customer_with_use(100, 60, csm_id=self.other_csm.id)
        self.run_at(self.use_fell)
        seen = self.env["cs.alert"].with_user(self.csm).search([])
        self.assertEqual(seen.account_id, mine)

    def test_any_of_two_conditions(self):
        rule = self.env["cs.alert.rule"].create(
            {
                "name": "Any",
                "match": "any",
                "condition_ids": [
                    Command.create(
                        {
                            "metric_id": self.env.ref(
                                f"customer_success.cs_metric_{key}"
                            ).id,
                            "operator": "<=",
                            "threshold": 3,
                        }
                    )
                    for key in ("nps", "csat")
                ],
            }
        )
        account = self.make_account()
        self.record(account, csat=2)
        rule._run()
        self.assertTrue(self.alerts_of(account))
