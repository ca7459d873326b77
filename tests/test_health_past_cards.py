from datetime import date, datetime

from odoo.exceptions import UserError

from .health_common import HealthCase


class TestHealthPastCards(HealthCase):
    """A day of the past is judged by the scorecard that judged then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterprise = cls.env.ref("customer_success.cs_segment_enterprise")
        cls.own = cls.make_card("Own", cls.measure("nps", 1, 0, 20), min_coverage=0)
        cls.other = cls.make_card("Other", cls.measure("nps", 1, 0, 40), min_coverage=0)

    def judge(self, account, moment):
        with self.at_time(moment):
            account._score()
        account.invalidate_recordset()
        return account.health_score

    def check_replays(self, account):
        """The past asked for is what was written then, to the day."""
        for snapshot in self.snapshots(account):
            for moment in (snapshot.at, snapshot.day):
                row = self.verdict(account, moment)
                self.assertEqual(
                    (row["scorecard_id"], row["score"], row["band"]),
                    (snapshot.scorecard_id.id, snapshot.score, snapshot.band),
                )

    def enterprise_account(self):
        account = self.make_account()
        self.enterprise.scorecard_id = self.own
        with self.at_time("2026-03-01 12:00"):
            self.record(account, nps=8)
            account.action_set_segment(self.enterprise, "Brand")
        return account

    def test_the_segment_takes_another_scorecard(self):
        account = self.enterprise_account()
        self.assertEqual(self.judge(account, "2026-03-02 12:00"), 40)
        with self.at_time("2026-03-10 12:00"):
            self.enterprise.scorecard_id = self.other
        self.assertEqual(self.judge(account, "2026-03-10 13:00"), 20)
        self.check_replays(account)
        self.assertEqual(self.verdict(account, date(2026, 3, 9))["score"], 40)

    def test_another_scorecard_becomes_the_default(self):
        account = self.make_account()
        self.record(account, at=datetime(2026, 3, 1), nps=8)
        self.assertEqual(self.judge(account, "2026-03-02 12:00"), 80)
        with self.at_time("2026-03-10 12:00"):
            self.own.action_make_default()
        self.assertEqual(self.judge(account, "2026-03-10 13:00"), 40)
        self.check_replays(account)

    def test_archived_scorecards_judge_their_past(self):
        account = self.enterprise_account()
        self.assertEqual(self.judge(account, "2026-03-02 12:00"), 40)
        with self.at_time("2026-03-10 12:00"):
            self.enterprise.scorecard_id = False
            self.own.active = False
        self.assertEqual(self.judge(account, "2026-03-10 13:00"), 80)
        self.check_replays(account)

    def test_a_version_judges_from_its_moment_whenever_the_night_came(self):
        account = self.enterprise_account()
        self.judge(account, "2026-03-02 12:00")
        with self.at_time("2026-03-05 12:00"):
            action = self.own.action_new_draft()
            second = self.own.browse(action["res_id"])
            second.measure_ids.best = 10
            second.action_publish(datetime(2026, 3, 10, 12))
        self.assertEqual(self.judge(account, "2026-03-11 03:00"), 80)
        with self.at_time("2026-03-20 12:00"):
            self.enterprise.scorecard_id = self.other
            self.own.active = False
        self.judge(account, "2026-03-21 03:00")
        self.check_replays(account)
        cards = [
            self.verdict(account, datetime(2026, 3, 10, hour))["scorecard_id"]
            for hour in (11, 13)
        ]
        self.assertEqual(cards, [self.own.id, second.id])

    def test_who_was_never_judged_is_by_what_judges_today(self):
        account = self.enterprise_account()
        self.assertEqual(self.verdict(account, date(2026, 3, 9))["score"], 40)

    def test_a_segment_by_hand_after_the_last_verdict(self):
        account = self.enterprise_account()
        self.judge(account, "2026-03-02 12:00")
        small = self.env.ref("customer_success.cs_segment_me_pme")
        small.scorecard_id = self.other
        with self.at_time("2026-03-10 12:00"):
            account.action_set_segment(small, "Small brand")
        scores = [self.verdict(account, date(2026, 3, day))["score"] for day in (9, 10)]
        self.assertEqual(scores, [40, 20])

    # What judges somebody stays in service

    def test_what_judges_is_not_archived(self):
        with self.assertRaisesRegex(UserError, "default"):
            self.card.active = False
        self.enterprise.scorecard_id = self.own
        with self.assertRaisesRegex(UserError, "Enterprise"):
            self.own.active = False
        self.enterprise.scorecard_id = False
        self.own.active = False

    def test_versions_are_archived_together(self):
        account = self.enterprise_account()
        self.judge(account, "2026-03-02 12:00")
        second = self.own.browse(self.own.action_new_draft()["res_id"])
        second.action_publish()
        self.enterprise.scorecard_id = False
        second.active = False
        self.assertFalse(self.own.active)
        self.own.action_unarchive()
        self.assertTrue(second.active)
