from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..sources.builtin_subscription import SubscriptionCount
from .facts_common import FactsCase


@tagged("post_install", "-at_install")
class TestBuiltin(FactsCase):
    """Facts that our own models know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.env["cs.metric.source"]

    def subscribe(self, start, end=None, mrr=100, name="Plan", **values):
        subscriptions = self.env["cs.subscription"].with_context(cs_facts_later=True)
        return subscriptions.create(
            {
                "account_id": self.account.id,
                "name": name,
                "start_on": start,
                "end_on": end,
                "mrr": mrr,
                **values,
            }
        )

    def run_at(self, moment):
        with self.at_time(moment):
            self.sources._run_builtin(self.account)

    def test_nothing_to_count_is_unknown(self):
        self.sources._run_builtin()
        self.assertFalse(self.values.search([("account_id", "=", self.account.id)]))

    def test_subscriptions_in_force(self):
        self.subscribe("2025-01-01", "2026-06-30", 100)
        self.subscribe("2025-06-01", "2026-03-31", 50, name="Cards")
        self.subscribe("2024-01-01", "2024-12-31", 900, name="Old")
        self.subscribe("2027-01-01", None, 900, name="Later")
        self.run_at("2026-01-10 12:00:00")
        self.assertEqual(self.present("mrr").value, 150)
        self.assertEqual(self.present("products").value, 2)
        self.assertEqual(self.account.mrr, 150)
        self.assertEqual(self.account.renewal_on, date(2026, 3, 31))
        with self.at_time("2026-01-10 12:00:00"):
            self.assertEqual(self.judged(metric="renewal"), 80)
            self.assertEqual(self.judged(metric="tenure"), 740)

    def test_again_changes_nothing_until_something_does(self):
        subscription = self.subscribe("2025-01-01", mrr=100)
        self.run_at("2026-01-10 12:00:00")
        self.run_at("2026-01-11 12:00:00")
        self.assertEqual(self.history("mrr"), [("2026-01-10 12:00:00", 100)])
        subscription.mrr = 120
        self.run_at("2026-01-12 12:00:00")
        self.assertEqual(
            self.history("mrr"),
            [("2026-01-10 12:00:00", 100), ("2026-01-12 12:00:00", 120)],
        )

    def test_an_edit_is_known_at_once(self):
        with self.at_time("2026-01-10 12:00:00"):
            plan = self.subscribe("2025-01-01", "2026-12-31")
            plan = plan.with_context(cs_facts_later=False).with_user(self.manager)
            plan.mrr = 120
            self.assertEqual(self.account.mrr, 120)
            plan.copy({"end_on": "2026-03-31"})
            self.assertEqual(self.account.mrr, 240)
            self.assertEqual(self.account.renewal_on, date(2026, 3, 31))
            plan.sudo().unlink()
            self.assertEqual(self.account.mrr, 120)

    def test_who_left_pays_nothing_and_renews_nothing(self):
        self.subscribe("2025-01-01", "2026-01-31")
        self.run_at("2026-01-31 12:00:00")
        self.run_at("2026-02-01 12:00:00")
        self.assertEqual(self.account.mrr, 0)
        self.assertFalse(self.account.renewal_on)
        self.assertTrue(self.present("mrr").is_known)
        self.assertFalse(self.present("renewal").is_known)

    def test_what_is_deleted_becomes_unknown(self):
        subscription = self.subscribe("2025-01-01")
        self.run_at("2026-01-31 12:00:00")
        subscription.unlink()
        self.run_at("2026-02-01 12:00:00")
        self.assertFalse(self.present("mrr").is_known)

    def test_the_day_of_a_change_belongs_to_the_new_plan(self):
        self.subscribe("2025-01-01", "2026-01-31", 100, name="Small")
        self.subscribe("2026-01-31", None, 300, name="Big")
        self.run_at("2026-01-31 12:00:00")
        self.assertEqual(self.present("mrr").value, 300)

    def test_facts_of_another_source_are_left_to_it(self):
        sheet = self.make_source()
        self.record_all(self.reading("mrr", 5, at="2026-01-01"), source=sheet)
        self.subscribe("2025-01-01", mrr=100)
        self.run_at("2026-01-10 12:00:00")
        self.assertEqual(self.present("mrr").value, 5)
        sheet.active = False
        self.run_at("2026-01-11 12:00:00")
        self.assertEqual(self.present("mrr").value, 100)

    def test_what_it_cannot_count_leaves_alone_what_others_said(self):
        self.record_all(self.reading("renewal", "2027-05-01", at="2026-01-05"))
        self.subscribe("2025-01-01")
        self.sources._run_builtin(self.account)
        self.assertTrue(self.present("renewal").is_known)
        answer = self.record_all(self.reading("renewal", "2027-06-01"))
        self.assertEqual(answer["recorded"], 1)

    def test_stakeholders(self):
        for name in ("Ana", "Bia"):
            self.env["cs.contact"].create(
                {
                    "account_id": self.account.id,
                    "partner_id": self.make_partner(name, is_company=False).id,
                }
            )
        self.sources._run_builtin()
        self.assertEqual(self.present("contacts").value, 2)

    def test_interactions_are_recorded_at_their_moment(self):
        with self.at_time("2026-01-10 12:00:00"):
            self.env["cs.interaction"].create(
                [
                    {"account_id": self.account.id, "date": when, "mood": mood}
                    for when, mood in (
                        ("2026-01-05 15:00:00", "4"),
                        ("2026-01-08 02:30:00", "2"),
                        ("2026-01-09 15:00:00", False),
                    )
                ]
            )
        self.run_at("2026-01-10 12:00:00")
        self.assertEqual(self.history("mood"), [("2026-01-08 02:30:00", 2)])
        with self.at_time("2026-01-10 12:00:00"):
            self.assertEqual(self.judged(metric="last_interaction"), 1)
        self.assertEqual(self.account.mood, "2")
        self.assertEqual(self.account.last_interaction_on, date(2026, 1, 9))

    def test_overdue_tasks(self):
        tasks = self.env["cs.task"].create(
            [
                {"name": "A", "account_id": self.account.id},
                {"name": "B", "account_id": self.account.id},
            ]
        )
        tasks[0].date_deadline = "2026-01-09"
        tasks[1].date_deadline = "2026-01-10"
        self.run_at("2026-01-11 02:30:00")
        self.assertEqual(self.present("overdue_tasks").value, 1)
        self.run_at("2026-01-11 03:00:00")
        self.assertEqual(self.present("overdue_tasks").value, 2)

    def run_cron(self):
        cron = self.env.ref("customer_success.ir_cron_refresh_facts")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_nightly_every_source_is_fetched(self):
        self.subscribe("2025-01-01")
        self.run_cron()
        source = self.env.ref("customer_success.cs_metric_source_subscription")
        self.assertEqual(self.present("mrr").value, 100)
        self.assertEqual(source.rows_recorded, 4)
        self.assertTrue(source.last_run)

    def test_a_round_without_time_goes_on_where_it_left(self):
        self.subscribe("2025-01-01", "2025-12-31")
        count = self.sources.search_count([("kind", "=", "builtin")])
        no_time = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=0
        )
        run = patch.object(type(self.sources), "_run_alone", autospec=True)
        with no_time as progress, run as ran:
            for _n in range(count + 1):
                self.assertEqual(self.account.state, "active")
                self.sources._cron_refresh_facts()
            self.assertEqual(self.account.state, "churned")
            progress.assert_called_with(1, remaining=0)
            fetched = [call.args[0] for call in ran.call_args_list]
            self.assertEqual((len(fetched), len(set(fetched))), (count, count))
            self.sources._cron_refresh_facts()
            self.assertEqual(ran.call_count, count + 1)

    def test_a_round_cut_long_ago_begins_anew(self):
        no_time = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=0
        )
        run = patch.object(type(self.sources), "_run_alone", autospec=True)
        with no_time, run as ran:
            for day in ("2026-01-05 04:00:00", "2026-01-06 04:00:00"):
                with self.at_time(day):
                    self.sources._cron_refresh_facts()
            first, second = (call.args[0] for call in ran.call_args_list)
        self.assertEqual(first, second)

    def test_one_that_fails_stops_no_other(self):
        self.env["cs.contact"].create(
            {"account_id": self.account.id, "partner_id": self.make_partner("Ana").id}
        )
        failing = patch.object(SubscriptionCount, "facts", side_effect=ValueError("no"))
        with failing, mute_logger("odoo.addons.customer_success.models"):
            self.run_cron()
        source = self.env.ref("customer_success.cs_metric_source_subscription")
        self.assertEqual(source.last_result, "no")
        self.assertEqual(self.present("contacts").value, 1)


@tagged("post_install", "-at_install")
class TestChurn(FactsCase):
    """Leaving and coming back, as the subscriptions say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subscription = cls.env["cs.subscription"].create(
            {
                "account_id": cls.account.id,
                "name": "Plan",
                "start_on": "2025-01-01",
                "end_on": "2026-01-01",
            }
        )

    def update_at(self, moment):
        with self.at_time(moment):
            self.env["cs.account"]._update_churn()
        return self.account.state

    def test_churned_after_the_days_of_grace(self):
        self.assertEqual(self.update_at("2026-01-31 12:00:00"), "active")
        self.assertEqual(self.update_at("2026-02-01 12:00:00"), "churned")
        self.assertEqual(self.account.churned_on, date(2026, 1, 1))

    def test_the_grace_is_a_parameter(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("customer_success.churn_grace_days", "0")
        self.assertEqual(self.update_at("2026-01-02 12:00:00"), "churned")

    def test_a_running_subscription_keeps_the_customer(self):
        self.subscription.copy({"start_on": "2026-01-15", "end_on": False})
        self.assertEqual(self.update_at("2026-06-01 12:00:00"), "active")

    def test_back_with_a_new_subscription(self):
        self.update_at("2026-06-01 12:00:00")
        self.subscription.copy({"start_on": "2026-07-01", "end_on": False})
        self.assertEqual(self.update_at("2026-06-30 12:00:00"), "churned")
        self.assertEqual(self.update_at("2026-07-01 12:00:00"), "active")
        self.assertFalse(self.account.churned_on)

    def test_who_was_taken_back_does_not_leave_the_same_night(self):
        self.update_at("2026-06-01 12:00:00")
        with self.at_time("2026-06-10 12:00:00"):
            self.account._reactivate()
        self.assertEqual(self.account.active_since, date(2026, 6, 10))
        self.assertEqual(self.update_at("2026-09-01 12:00:00"), "active")
        self.subscription.copy({"start_on": "2026-06-15", "end_on": "2026-09-15"})
        self.assertEqual(self.update_at("2026-10-01 12:00:00"), "active")
        self.assertEqual(self.update_at("2026-10-16 12:00:00"), "churned")

    def test_back_by_a_subscription_leaves_with_it(self):
        self.update_at("2026-06-01 12:00:00")
        self.subscription.copy({"start_on": "2026-07-01", "end_on": "2026-07-31"})
        self.assertEqual(self.update_at("2026-07-10 12:00:00"), "active")
        self.assertEqual(self.account.active_since, date(2026, 7, 10))
        self.assertEqual(self.update_at("2026-09-01 12:00:00"), "churned")

    def test_search_by_state(self):
        own = [("account_id", "=", self.account.id)]
        found = self.subscription.search([("state", "=", "ended"), *own])
        self.assertEqual(found, self.subscription)
        self.assertFalse(self.subscription.search([("state", "=", False), *own]))
        found = self.subscription.search([("state", "!=", False), *own])
        self.assertEqual(found, self.subscription)

    def test_a_subscription_stays_with_its_customer(self):
        self.account.csm_id = self.csm
        other = self.make_account("Mercado Lua", csm_id=self.other_csm.id)
        own = self.subscription.with_user(self.csm)
        own.write({"account_id": self.account.id, "mrr": 5})
        with self.assertRaises(UserError):
            own.account_id = other.id
        with self.assertRaises(UserError):
            other.with_user(self.manager).write(
                {"subscription_ids": [Command.link(own.id)]}
            )
        self.assertEqual(self.subscription.account_id, self.account)

    def test_a_cancellation_by_hand_stays(self):
        self.subscription.end_on = False
        self.account.write(
            {
                "state": "churned",
                "churned_on": "2026-01-10",
                "churn_reason_id": self.env.ref(
                    "customer_success.cs_churn_reason_price"
                ).id,
            }
        )
        self.assertEqual(self.update_at("2026-02-01 12:00:00"), "churned")

    def test_no_subscription_says_nothing(self):
        self.subscription.unlink()
        self.assertEqual(self.update_at("2027-01-01 12:00:00"), "active")

    def test_automatic_renewal_moves_the_end(self):
        self.subscription.write({"auto_renew": True, "end_on": "2026-01-31"})
        with self.at_time("2026-03-15 12:00:00"):
            self.env["cs.subscription"]._renew_automatically()
        self.assertEqual(self.subscription.end_on, date(2026, 3, 31))
        self.assertEqual(self.update_at("2026-03-15 12:00:00"), "active")
