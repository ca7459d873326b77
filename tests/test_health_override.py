from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError

from .health_common import HealthCase


class TestHealthOverride(HealthCase):
    """What a person decided counts until it ends; the scorecard goes on beside it."""

    def setUp(self):
        super().setUp()
        self.account = self.make_account(csm_id=self.csm.id)
        self.mine = self.account.with_user(self.csm)

    def judged(self, moment, **facts):
        """Record facts at a moment and run the night that follows."""
        with self.at_time(moment):
            if facts:
                self.record(self.account, **facts)
            self.env["cs.account"]._end_overrides_of_the_past()
            self.account._score()
            self.account.invalidate_recordset()

    def shown(self):
        account = self.account
        return (account.health_score, account.health_band, account.health_computed)

    def test_it_survives_three_nights_and_ends_on_its_day(self):
        self.judged("2026-03-02 08:00", nps=9, overdue_tasks=0)
        with self.at_time("2026-03-02 15:00"):
            self.mine.action_override_health("Sponsor left", 20, until=date(2026, 3, 5))
        self.assertEqual(self.shown(), (20.0, "red", 92.9))
        self.judged("2026-03-03 08:00")
        self.assertEqual(self.shown(), (20.0, "red", 92.9))
        self.judged("2026-03-04 08:00", nps=5)
        self.assertEqual(self.shown(), (20.0, "red", 64.3))
        self.judged("2026-03-05 08:00", nps=6)
        self.assertEqual(self.shown(), (20.0, "red", 71.4))
        self.judged("2026-03-06 08:00")
        self.assertEqual(self.shown(), (71.4, "green", 71.4))
        self.assertFalse(self.account.health_override_id)

    def test_it_is_explained_as_a_line(self):
        self.judged("2026-03-02 08:00", nps=9, overdue_tasks=0)
        with self.at_time("2026-03-02 15:00"):
            self.mine.action_override_health("Sponsor left", 20.5)
            lines = self.mine.explain_health()
            change = self.mine.explain_change(date(2026, 3, 1))
        [override] = [line for line in lines if line["kind"] == "override"]
        self.assertIn("Sponsor left", override["measure"])
        self.assertEqual(override["contribution"], round(20.5 - 92.9, 1))
        self.assertEqual(self.total(lines), 20.5)
        self.assertEqual(self.total(change), 20.5)
        self.assertIn("Sponsor left", self.mine.health_note)

    def test_a_band_alone_leaves_the_score(self):
        self.judged("2026-03-02 08:00", nps=9, overdue_tasks=0)
        with self.at_time("2026-03-02 15:00"):
            self.mine.action_override_health("They told us", band="red")
        self.assertEqual(self.shown(), (92.9, "red", 92.9))
        self.judged("2026-03-03 08:00", nps=8)
        self.assertEqual(self.shown(), (85.7, "red", 85.7))

    def test_ending_it_by_hand(self):
        self.judged("2026-03-02 08:00", nps=9, overdue_tasks=0)
        with self.at_time("2026-03-02 15:00"):
            self.mine.action_override_health("They told us", 10)
            self.mine.action_end_health_override()
        self.assertEqual(self.shown(), (92.9, "green", 92.9))
        override = self.account.health_override_ids
        self.assertEqual(override.ended_by_id, self.csm)
        self.assertEqual(self.verdict(self.account, override.since)["score"], 92.9)

    def test_the_past_is_replayed_with_what_was_decided_then(self):
        self.judged("2026-03-02 08:00", nps=9, overdue_tasks=0)
        with self.at_time("2026-03-03 15:00"):
            self.mine.action_override_health("They told us", 10)
        with self.at_time("2026-03-09 15:00"):
            self.mine.action_end_health_override()
        scores = [
            self.verdict(self.account, date(2026, 3, day))["score"]
            for day in (2, 3, 8, 9)
        ]
        self.assertEqual(scores, [92.9, 10.0, 10.0, 92.9])
        by_card = self.verdict(self.account, date(2026, 3, 4), self.card)
        self.assertEqual(by_card["score"], 92.9)

    def test_it_is_written_in_the_log(self):
        self.mine.action_override_health("Sponsor left", band="red")
        self.mine.action_end_health_override()
        logged = " ".join(self.account.message_ids.mapped("body"))
        self.assertEqual(logged.count("Sponsor left"), 2)
        self.assertIn(self.csm.name, logged)

    def test_a_new_one_replaces_the_old_one(self):
        self.mine.action_override_health("First", 10)
        self.mine.action_override_health("Second", 30)
        self.assertEqual(self.account.health_score, 30)
        self.assertEqual(len(self.account.health_override_ids), 2)

    def test_what_makes_no_sense_is_refused(self):
        for values in (
            {"reason": " ", "score": 10},
            {"reason": "So"},
            {"reason": "So", "score": 101},
            {"reason": "So", "score": 1, "until": date.today() - timedelta(days=9)},
        ):
            with self.assertRaises(UserError):
                self.mine.action_override_health(**values)

    def test_only_who_works_the_customer(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.other_csm).action_override_health("No", 10)
        with self.assertRaises(AccessError):
            self.account.with_user(self.other_csm).action_note_pulse(3)
        with self.assertRaises(AccessError):
            self.env["cs.health.override"].with_user(self.csm).create(
                {"account_id": self.account.id, "reason": "x", "band": "red"}
            )
        self.account.with_user(self.manager).action_override_health("Yes", 10)

    def test_the_wizard_tells_nothing_of_others_customers(self):
        self.judged("2026-03-02 08:00", nps=9, overdue_tasks=0)
        wizard = self.env["cs.health.override.make"].with_user(self.other_csm)
        with self.assertRaises(AccessError):
            made = wizard.create(
                {"account_id": self.account.id, "band": "red", "reason": "Curious"}
            )
            made.invalidate_recordset()
            made.read(["computed"])

    def test_the_wizard(self):
        wizard = self.env["cs.health.override.make"].with_user(self.csm)
        wizard.create(
            {
                "account_id": self.account.id,
                "what": "score",
                "score": 0,
                "reason": "They cancel",
            }
        ).action_confirm()
        self.assertEqual(self.shown()[:2], (0.0, "red"))

    def test_the_pulse_is_a_measure_like_another(self):
        card = self.make_card("Pulse", self.measure("pulse", 10, 1, 5))
        self.card.is_default = False
        self.env.flush_all()
        card.is_default = True
        wizard = self.env["cs.pulse.note"].with_user(self.csm)
        wizard.create(
            {"account_id": self.account.id, "pulse": "4", "note": "New sponsor"}
        ).action_confirm()
        self.assertEqual(
            (self.account.health_score, self.account.health_band), (75, "green")
        )
        self.assertIn("New sponsor", " ".join(self.account.message_ids.mapped("body")))
        with self.assertRaises(UserError):
            self.mine.action_note_pulse(6)

    # What nobody meant

    def test_deciding_on_nobody_judges_nobody(self):
        self.judged("2026-03-02 08:00", nps=9)
        nobody = self.env["cs.account"].with_user(self.csm)
        with self.at_time("2026-03-02 09:00"):
            self.record(self.account, nps=2)
            nobody.action_override_health("Why not", score=10)
            nobody.action_end_health_override()
            with self.assertRaises(UserError):
                nobody.action_note_pulse(3)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.health_band, "green")

    def test_nonsense_from_outside_is_answered_in_words(self):
        for values in (
            {"reason": 5, "score": 10},
            {"reason": "So", "score": "much"},
            {"reason": "So", "score": float("nan")},
            {"reason": "So", "score": True},
            {"reason": "So", "score": [1]},
            {"reason": "So", "band": "purple"},
            {"reason": "So", "band": ["red"]},
            {"reason": "So", "band": "red", "until": "soon"},
            {"reason": "So", "band": "red", "until": 7},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.mine.action_override_health(**values)
        for pulse in ("much", None, True, [3], 2.5):
            with self.subTest(pulse), self.assertRaises(UserError):
                self.mine.action_note_pulse(pulse)
        with self.assertRaises(UserError):
            self.mine.action_note_pulse(3, note=["x"])

    def test_who_left_is_judged_no_more(self):
        self.judged("2026-03-02 08:00", nps=9, overdue_tasks=0)
        with self.at_time("2026-03-02 15:00"):
            self.mine.action_override_health("Sponsor left", 20)
            self.account.sudo().write({"state": "churned", "churned_on": "2026-03-02"})
            snapshots = self.snapshots(self.account)
            with self.assertRaisesRegex(UserError, "has left"):
                self.mine.action_override_health("They may come back", 50)
        with self.at_time("2026-03-03 15:00"):
            self.record(self.account, nps=0)
            self.mine.action_note_pulse(1, "Too late")
            self.mine.action_end_health_override()
        self.account.invalidate_recordset()
        self.assertEqual(self.shown(), (20.0, "red", 92.9))
        self.assertEqual(self.snapshots(self.account), snapshots)
        self.assertFalse(
            self.account.health_override_ids.filtered(lambda one: not one.ended_at)
        )
