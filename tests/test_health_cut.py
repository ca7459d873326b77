from datetime import timedelta
from unittest.mock import patch

from ..models import cs_account_nightly as nightly
from ..models import cs_health_backtest_run as run
from .backtest_common import BacktestCase
from .health_common import HealthCase
from .test_health_rebuild import RebuildCase


def no_time(case):
    """Let each run of a scheduled action be cut after its first step."""
    return patch.object(type(case.env["ir.cron"]), "_commit_progress", return_value=0)


class TestNightlyCut(HealthCase):
    """The judging of the night goes on where it was cut, and tidies up at its end."""

    def waiting(self):
        self.env.cr.execute("SELECT account_id FROM cs_health_due")
        return {account_id for (account_id,) in self.env.cr.fetchall()}

    def left(self):
        account = self.make_account("Gone")
        self.record(account, nps=8)
        account.state = "churned"
        self.env.flush_all()
        self.assertIn(account.id, self.waiting())
        return account

    def test_who_left_does_not_wait_any_more(self):
        account, stays = self.left(), self.make_account("Stays")
        with self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_score").method_direct_trigger()
        self.assertNotIn(account.id, self.waiting())
        self.assertTrue(stays.health_judged_at)

    def test_nor_after_a_night_that_was_cut(self):
        account = self.left()
        for number in range(3):
            self.record(self.make_account(f"Stays {number}"), nps=8)
        active = self.env["cs.account"].search([("state", "=", "active")])
        with patch.object(nightly, "SCORE_BATCH", 1), no_time(self):
            for number in range(1, len(active) + 1):
                self.assertIn(account.id, self.waiting())
                self.env["cs.account"]._cron_score()
                active.invalidate_recordset()
                judged = active.filtered("health_judged_at")
                self.assertEqual(len(judged), number)
        self.assertFalse(self.waiting())


class TestBacktestCut(BacktestCase):
    """A back-test that was cut goes on, and finds what one in a single go finds."""

    def test_it_goes_on_at_the_next_month(self):
        now = self.backtest()
        with patch.object(run, "SMALL", 1):
            later = self.backtest()
        with self.at_time(self.NOW), no_time(self) as progress:
            self.env["cs.health.backtest"]._cron_run()
            self.assertEqual((later.state, later.progress), ("running", 50))
            self.assertEqual(self.months(later), {3})
            progress.assert_called_with(1, remaining=1)
            self.env["cs.health.backtest"]._cron_run()
            progress.assert_called_with(1, remaining=0)
        self.assertEqual((later.state, later.progress), ("done", 100))
        self.assertEqual(self.observations(later), self.observations(now))
        self.assertEqual(
            (later.auc, later.recall, later.lead_days),
            (now.auc, now.recall, now.lead_days),
        )


class TestRebuildCut(RebuildCase):
    """A recomputation that was cut goes on at its next day, none twice."""

    def test_it_goes_on_at_the_next_day(self):
        wish = self.wish(days=9)
        with no_time(self) as progress:
            for number in range(1, 10):
                self.assertEqual(wish.state, "waiting")
                self.env["cs.health.rebuild"]._cron_rebuild()
                self.assertEqual(wish.next_day, wish.date_from + timedelta(days=number))
                progress.assert_called_with(1, remaining=9 - number)
        self.assertEqual((wish.state, wish.progress), ("done", 100))
        self.assertEqual(self.rebuilt().mapped("score"), [40, 30])
        self.assertEqual(wish.snapshot_count, 2)
