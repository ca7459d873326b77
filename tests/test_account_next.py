from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestAccountNext(JourneyCase):
    """What comes next with a customer, as its card says it."""

    def seen(self, account):
        return account.with_user(self.csm)

    def test_the_first_due_is_next(self):
        use = self.env.ref("customer_success.cs_metric_weekly_active_users")
        template = self.make_template(
            [
                self.task("Later", duration_days=9),
                self.task("Sooner", duration_days=2),
                self.task("Weekly users", kind="indicator", metric_id=use.id),
            ],
        )
        account = self.make_account()
        with self.at("2026-03-02"):
            account.start_journey(template)
            self.assertEqual(self.seen(account).next_step, "Sooner")
            self.assertEqual(self.seen(account).next_step_on, self.day("2026-03-04"))
            self.seen(account).next_task_id.action_done()
            self.assertEqual(self.seen(account).next_step, "Later")

    def test_nothing_planned_says_nothing(self):
        account = self.seen(self.make_account())
        self.assertFalse(account.next_step)
        self.assertFalse(account.next_step_on)

    def test_what_waits_is_next_when_nothing_is_open(self):
        template = self.make_template(
            ({"min_days": 30}, [self.task("Now")]), [self.task("Then")]
        )
        account = self.make_account()
        with self.at("2026-03-02"):
            journey = account.start_journey(template)
            self.named(journey, "Now").action_done()
            self.assertEqual(self.seen(account).next_step, "Then")

    def test_an_endless_stage_has_no_percentage(self):
        template = self.make_template(
            [self.task("Go")], ({"endless": True}, [self.task("Follow")])
        )
        account = self.make_account()
        with self.at("2026-03-02"):
            journey = account.start_journey(template)
            self.assertTrue(account.has_stage_progress)
            self.named(journey, "Go").action_done()
            self.env["cs.account"]._refresh_pace()
        self.assertEqual(journey.stage_id.name, "Stage 2")
        self.assertFalse(self.seen(account).has_stage_progress)
        self.env.cr.execute(
            "SELECT stage_progress, pace FROM cs_account WHERE id = %s", [account.id]
        )
        progress, pace = self.env.cr.fetchone()
        self.assertIsNone(progress)
        self.assertEqual(pace, "on_track")

    def test_many_customers_cost_as_few_queries_as_one(self):
        template = self.make_template([self.task("Go")])
        accounts = self.make_accounts(30, csm_id=self.csm.id)
        self.env["cs.journey"]._start_journeys(accounts, template)
        names = [
            "next_step",
            "next_step_on",
            "stage_id",
            "has_stage_progress",
            "late_task_count",
            "open_alert_count",
        ]

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.csm).read(names)
            return self.env.cr.sql_log_count - before

        queries(accounts)
        self.assertEqual(queries(accounts), queries(accounts[:1]))
