from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ..models import cs_health_rebuild as rebuild
from .health_common import HealthCase


class RebuildCase(HealthCase):
    """A customer judged for five days, and a version that judges more strictly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env["cs.account"]._today()
        cls.account = cls.make_account("Aurora", csm_id=cls.csm.id)

    def setUp(self):
        super().setUp()
        start = fields.Datetime.now() - timedelta(days=6)
        self.record(self.account, at=start, nps=8)
        self.record(self.account, at=start + timedelta(days=3), nps=6)
        for days in (0, 3):
            with self.at_time(start + timedelta(days=days, hours=1)):
                self.account._score()
        self.strict = self.publish(20)

    def publish(self, best):
        action = self.card.with_user(self.specialist).action_new_draft()
        draft = self.env["cs.scorecard"].browse(action["res_id"])
        draft.measure_ids[0].best = best
        draft.action_publish()
        return draft

    def wish(self, days=9, **values):
        wishes = self.env["cs.health.rebuild"].with_user(self.specialist)
        return wishes.create(
            {
                "scorecard_id": self.strict.id,
                "date_from": self.today - timedelta(days=days),
                "date_to": self.today - timedelta(days=1),
                **values,
            }
        )

    def run_nightly(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_success.ir_cron_rebuild_health"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def rebuilt(self, account=None):
        return self.snapshots(account or self.account).filtered("is_rebuilt")


class TestHealthRebuild(RebuildCase):
    """The past by another version: whose, of which company, and when it fails."""

    def test_one_that_fails_says_why_and_stops_no_other(self):
        bad, good = self.wish(), self.wish(days=8)
        step = rebuild.CsHealthRebuild._rebuild_next_day

        def fail_for_the_first(one):
            if one.id == bad.id:
                raise ValueError("nobody foresaw this")
            return step(one)

        with (
            patch.object(
                rebuild.CsHealthRebuild, "_rebuild_next_day", fail_for_the_first
            ),
            self.assertLogs(rebuild.__name__, "ERROR"),
        ):
            self.run_nightly()
        self.assertEqual((bad.state, good.state), ("failed", "done"))
        self.assertIn("nobody foresaw this", bad.failure)
        self.assertEqual(len(self.rebuilt()), 2)
        bad.action_retry()
        self.assertEqual((bad.state, bad.failure), ("waiting", False))
        self.run_nightly()
        self.assertEqual((bad.state, bad.progress), ("done", 100))

    def test_a_card_of_a_company_judges_the_past_of_that_company_only(self):
        other = self.env["res.company"].create({"name": "Other"})
        own = self.make_card("Own", company_id=other.id)
        wish = self.env["cs.health.rebuild"].create(
            {
                "scorecard_id": own.id,
                "date_from": self.today - timedelta(days=3),
                "date_to": self.today - timedelta(days=1),
            }
        )
        self.assertEqual(wish.company_id, other)
        with self.assertRaises(ValidationError) as refused:
            self.wish(scorecard_id=own.id, company_id=self.env.company.id)
        self.assertIn("Other", str(refused.exception))
        self.run_nightly()
        self.assertEqual(wish.state, "done")
        self.assertFalse(self.rebuilt())

    def test_publishing_recomputes_each_company_the_card_judges(self):
        other = self.env["res.company"].create({"name": "Other"})
        empty = self.env["res.company"].create({"name": "Empty"})
        self.make_account("Far", company_id=other.id)
        self.specialist.company_ids = [
            Command.link(other.id),
            Command.link(empty.id),
        ]
        wizard = self.publishing(
            self.env.company | other | empty, self.today - timedelta(days=3)
        )
        wizard.action_confirm()
        wishes = self.env["cs.health.rebuild"].search(
            [("scorecard_id", "=", wizard.scorecard_id.id)]
        )
        self.assertEqual(wishes.company_id, self.env.company | other)

    def publishing(self, companies, day):
        action = self.strict.with_user(self.specialist).action_new_draft()
        wizards = self.env["cs.scorecard.publish"].with_user(self.specialist)
        return wizards.with_context(allowed_company_ids=companies.ids).create(
            {"scorecard_id": action["res_id"], "rebuild_from": day}
        )

    def test_today_is_no_past(self):
        with self.assertRaisesRegex(UserError, "from yesterday"):
            self.publishing(self.env.company, self.today).action_confirm()
        with self.assertRaisesRegex(ValidationError, "have passed"):
            self.wish(date_to=self.today)

    def test_only_whom_the_scorecard_judges(self):
        enterprise = self.env.ref("customer_success.cs_segment_enterprise")
        enterprise.scorecard_id = self.make_card("Enterprise")
        large = self.make_account("Bela")
        large.action_set_segment(enterprise, "Brand")
        self.record(large, at=fields.Datetime.now() - timedelta(days=5), nps=9)
        large._score()
        self.wish()
        self.run_nightly()
        self.assertTrue(self.rebuilt())
        self.assertFalse(self.rebuilt(large))

    def test_a_part_recomputed_anew_changes_its_own_days_only(self):
        """Facts that came late for one day: the days after it are as they were."""
        self.wish(days=9)
        self.run_nightly()

        def told():
            by_day = {one.day: one.score for one in self.rebuilt()}
            days = [self.today - timedelta(days=ago) for ago in range(9, 0, -1)]
            return [
                next(
                    (by_day[day] for day in sorted(by_day, reverse=True) if day <= one),
                    None,
                )
                for one in days
            ]

        before = told()
        now = fields.Datetime.now()
        self.record(self.account, at=now - timedelta(days=5, hours=12), nps=10)
        self.record(self.account, at=now - timedelta(days=5, hours=2), nps=0)
        self.wish(days=5, date_to=self.today - timedelta(days=5))
        self.run_nightly()
        after = told()
        self.assertNotEqual(after[4], before[4])
        self.assertEqual(after[:4] + after[5:], before[:4] + before[5:])

    def test_what_was_asked_for_stays_and_the_work_is_nobodys_to_write(self):
        wish = self.wish()
        for values in ({"date_to": self.today}, {"state": "done"}, {"next_day": False}):
            with self.subTest(values), self.assertRaises(UserError):
                wish.write(values)
        with self.assertRaises(AccessError):
            wish.with_user(self.csm).action_cancel()
        wish.action_cancel()
        self.assertEqual(wish.state, "cancelled")
        self.run_nightly()
        self.assertFalse(self.rebuilt())

    def test_the_report_sets_both_beside_each_other(self):
        """80, then 60 as judged; 40, then 30 by the stricter version."""
        stranger = self.make_account("Bela", csm_id=self.other_csm.id)
        stranger._score()
        wish = self.wish()
        self.run_nightly()
        rows = self.env["cs.health.recomputed"].with_user(self.csm).search([])
        self.assertEqual(rows.account_id, self.account)
        self.assertEqual(rows.scorecard_id, self.strict)
        row = rows.filtered(lambda one: one.day == wish.date_to)
        self.assertEqual((row.score_then, row.score), (60, 30))
        self.assertEqual((row.band_then, row.band), ("yellow", "red"))
        self.assertEqual((row.score_change, row.other_band), (-30, 100))
        action = self.strict.with_user(self.specialist).action_open_recomputed()
        everybodys = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(self.account, everybodys.account_id)

    def test_only_what_was_recomputed_so_far_is_compared(self):
        wish = self.wish()
        self.assertFalse(self.strict.has_recomputed)
        self.assertFalse(self.env["cs.health.recomputed"].search([]))
        wish.sudo()._rebuild_next_day()
        self.assertTrue(self.strict.has_recomputed)
        rows = self.env["cs.health.recomputed"].search(
            [("account_id", "=", self.account.id)]
        )
        self.assertLessEqual(set(rows.mapped("day")), {wish.date_from})
