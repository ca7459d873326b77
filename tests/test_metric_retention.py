from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.customer_success.models import cs_metric_reading_retention as retention

from .facts_common import FactsCase

NOW = datetime(2026, 6, 15, 12)


def days_ago(days):
    return (NOW - timedelta(days=days)).isoformat()


@tagged("post_install", "-at_install")
class TestRetention(FactsCase):
    """The history is thinned behind two horizons, and the present never changes."""

    def record_days(self, values, metric="nps", account=None):
        """Record one reading a day: ``{days ago: value}``."""
        answer = self.record_all(
            *(
                self.reading(metric, value, account and account.id, at=days_ago(days))
                for days, value in values.items()
            )
        )
        self.assertFalse(answer["errors"])

    def thin(self, confirmations=90, changes=730):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(retention.CONFIRMATIONS, str(confirmations))
        parameters.set_param(retention.CHANGES, str(changes))
        with self.at_time(NOW):
            return self.readings._thin(self.account.ids)

    def kept(self, metric="nps"):
        """Return what is left: ``{days ago: value}``."""
        return {
            (NOW - datetime.fromisoformat(at)).days: value
            for at, value in self.history(metric)
        }

    # Confirmations

    def test_confirmations_go_and_their_first_and_last_stay(self):
        self.record_days(dict.fromkeys(range(110, 80, -1), 8))
        self.thin()
        self.assertEqual(
            list(self.kept()), [110, *range(90, 80, -1)], "behind the horizon the first"
        )

    def test_a_change_stays_with_what_it_changed_from_and_to(self):
        self.record_days({120: 8, 119: 8, 118: 8, 117: 5, 116: 8, 115: 8, 114: 8})
        self.thin()
        self.assertEqual(self.kept(), {120: 8, 118: 8, 117: 5, 116: 8, 114: 8})

    def test_unknown_is_a_value_like_others(self):
        self.record_days({120: None, 119: None, 118: None, 117: 0, 116: None})
        self.thin()
        self.assertEqual(self.kept(), {120: None, 118: None, 117: 0, 116: None})

    def test_the_newest_reading_is_never_removed(self):
        self.record_days({400: 8, 300: 8, 200: 8})
        self.record_days({900: 4, 899: 4, 898: 4}, "csat")
        self.thin()
        self.assertEqual(self.kept(), {400: 8, 200: 8})
        self.assertEqual(list(self.kept("csat"))[-1], 898)
        self.assertEqual(self.present().at, NOW - timedelta(days=200))

    def test_facts_of_others_are_no_neighbours(self):
        self.record_days({120: 8, 118: 8})
        self.record_days({119: 8}, "csat")
        other = self.make_account("Outra")
        self.record_days({119: 8}, account=other)
        self.assertEqual(self.thin(), 0)
        self.assertEqual(len(self.kept()), 2)

    # Changes

    def test_old_months_keep_their_last_reading(self):
        self.record_days({days: days for days in range(1000, 0, -1)})
        self.thin()
        kept = self.kept()
        months = {}
        for days in range(1000, 0, -1):
            # The month at the company, three hours behind UTC.
            month = (NOW - timedelta(days=days, hours=3)).strftime("%Y-%m")
            months.setdefault(month, []).append(days)
        horizon = (NOW - timedelta(days=730)).strftime("%Y-%m")
        expected = [
            days
            for month, of_month in months.items()
            for days in (of_month if month >= horizon else of_month[-1:])
        ]
        self.assertEqual(list(kept), expected)

    def test_months_are_those_of_the_company(self):
        """At 23:30 of 31 January in São Paulo it is February in UTC."""
        self.record_all(
            self.reading(value=1, at="2022-01-15"),
            self.reading(value=2, at="2022-01-31T23:30:00-03:00"),
            self.reading(value=3, at="2022-02-01T00:30:00-03:00"),
            self.reading(value=4, at="2022-02-02"),
            self.reading(value=5, at="2026-06-01"),
        )
        self.thin()
        self.assertEqual([value for _at, value in self.history()], [2, 4, 5])

    def test_thinned_twice_is_thinned_once(self):
        self.record_days({days: days // 50 for days in range(1200, 0, -1)})
        self.assertGreater(self.thin(), 0)
        kept = self.kept()
        self.assertEqual(self.thin(), 0)
        self.assertEqual(self.kept(), kept)

    def test_what_arrives_late_is_taken_and_thinned(self):
        self.record_days(dict.fromkeys(range(1000, 990, -1), 1))
        self.thin()
        before = self.kept()
        self.record_days({996: 7})
        self.assertEqual(self.judged(NOW - timedelta(days=995)), 7)
        self.thin()
        self.assertEqual(self.kept(), before)

    # Settings

    def test_nothing_goes_where_all_is_kept(self):
        self.record_days(dict.fromkeys(range(1000, 0, -10), 8))
        self.assertEqual(self.thin(confirmations=0, changes=0), 0)
        self.assertEqual(self.thin(confirmations=2000, changes=3000), 0)
        self.assertGreater(self.thin(confirmations=900, changes=0), 0)

    def test_defaults_and_what_is_no_number(self):
        parameters = self.env["ir.config_parameter"]
        for value in (False, "", "soon", "-5"):
            parameters.set_param(retention.CONFIRMATIONS, value)
            parameters.set_param(retention.CHANGES, value)
            self.assertEqual(self.readings._days_kept(retention.CONFIRMATIONS), 90)
            self.assertEqual(self.readings._days_kept(retention.CHANGES), 730)

    def settings(self, user=None, **values):
        settings = self.env["res.config.settings"].with_user(user or self.env.user)
        settings.create(
            {f"cs_{name}_kept_days": days for name, days in values.items()}
        ).execute()
        return settings.get_values()

    def test_the_settings_keep_what_they_are_told(self):
        for confirmations, changes in ((30, 365), (30, 0), (0, 0)):
            values = self.settings(confirmations=confirmations, changes=changes)
            self.assertEqual(values["cs_confirmations_kept_days"], confirmations)
            self.assertEqual(values["cs_changes_kept_days"], changes)

    def test_settings_that_cannot_be_are_refused(self):
        for confirmations, changes in ((-1, 0), (90, -1), (0, 730), (800, 730)):
            with self.assertRaises(ValidationError):
                self.settings(confirmations=confirmations, changes=changes)

    def test_only_system_administrators_set_it(self):
        for user in (self.csm, self.specialist, self.admin):
            with self.assertRaises(AccessError):
                self.settings(user, confirmations=1, changes=1)

    # Scheduled action

    def run_cron(self):
        cron = self.env.ref("customer_success.ir_cron_thin_readings")
        with self.at_time(NOW), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_the_scheduled_action_thins_every_customer(self):
        accounts = self.make_accounts(3) + self.account
        accounts[0].active = False
        for account in accounts:
            self.record_days({120: 8, 119: 8, 118: 8}, account=account)
        self.patch(retention, "_BATCH", 2)
        self.run_cron()
        for account in accounts:
            self.assertEqual(len(self.history(account=account)), 2)

    def test_it_goes_on_where_it_was_stopped(self):
        accounts = self.make_accounts(4)
        for account in accounts:
            self.record_days({120: 8, 119: 8, 118: 8}, account=account)
        self.patch(retention, "_BATCH", 2)
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(retention._RESUME_AFTER, str(accounts[1].id))
        self.run_cron()
        self.assertEqual(
            [len(self.history(account=account)) for account in accounts], [3, 3, 2, 2]
        )
        self.run_cron()
        self.assertEqual(
            [len(self.history(account=account)) for account in accounts], [2, 2, 2, 2]
        )

    def test_while_another_worker_is_at_it_there_is_nothing_to_do(self):
        self.record_days({120: 8, 119: 8, 118: 8})
        with self.env["cs.metric.source"]._lock(retention._LOCK) as is_ours:
            self.assertTrue(is_ours)
            self.run_cron()
        self.assertEqual(len(self.history()), 3)
        self.run_cron()
        self.assertEqual(len(self.history()), 2)

    def test_facts_of_deleted_customers_are_swept(self):
        """What a recording and a deletion at the same moment can leave."""
        self.record_days({3: 8})
        lost_id = self.make_account("Foi").id
        self.env.cr.execute(
            SQL("UPDATE cs_metric_reading SET account_id = %s", lost_id)
        )
        self.env.cr.execute(SQL("UPDATE cs_metric_value SET account_id = %s", lost_id))
        self.env.cr.execute(SQL("DELETE FROM cs_account WHERE id = %s", lost_id))
        stays = self.make_account("Fica")
        self.record_days({3: 8}, account=stays)
        self.run_cron()
        left = self.env.execute_query(
            SQL(
                "SELECT account_id FROM cs_metric_reading"
                " UNION ALL SELECT account_id FROM cs_metric_value"
            )
        )
        self.assertNotIn(lost_id, [account_id for (account_id,) in left])
        self.assertEqual(len(self.history(account=stays)), 1)
