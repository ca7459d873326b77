from odoo import fields

from .health_common import HealthCase

DAY = "2026-03-02 12:00"
NEXT = "2026-03-03 12:00"


class TestHealthLost(HealthCase):
    """What goes missing makes nobody green, whatever it was judged by."""

    def judged(self, card, account=None, moment=DAY, **facts):
        account = account or self.make_account()
        self.env["cs.scorecard"].search([]).is_default = False
        self.env.flush_all()
        card.is_default = True
        with self.at_time(moment):
            self.record(account, **facts)
            account._score()
        account.invalidate_recordset()
        return account

    def aged(self, **values):
        return self.make_card(
            "Ages",
            self.measure("nps", 10, 0, 10),
            self.measure("csat", 30, 0, 5, months_from=6, **values),
            min_coverage=0,
        )

    def assert_lost(self, account, words):
        self.assertEqual(
            (account.health_band, account.health_band_reason), ("yellow", "lost")
        )
        self.assertIn(words, account.health_note)

    def test_an_age_that_goes_missing_takes_no_measure_away(self):
        card = self.aged()
        account = self.judged(card, nps=9, csat=0, tenure="2024-01-01")
        self.assertEqual((account.health_score, account.health_band), (22.5, "red"))
        self.judged(card, account, NEXT, tenure=None)
        self.assert_lost(account, "since when it is a customer")
        [then] = account._score(as_of=fields.Datetime.to_datetime(f"{DAY}:01"))
        self.assertEqual((then["score"], then["band"]), (22.5, "red"))
        [later] = account._score(as_of=fields.Datetime.to_datetime(f"{NEXT}:01"))
        self.assertEqual((later["band"], later["band_reason"]), ("yellow", "lost"))

    def test_nor_one_that_was_never_known_and_counts_when_missing(self):
        for missing, score in (("zero", 22.5), ("neutral", 60)):
            with self.subTest(missing):
                card = self.aged(when_missing=missing)
                account = self.judged(card, nps=9, tenure="2024-01-01")
                self.assertEqual(account.health_score, score)
                self.judged(card, account, NEXT, tenure=None)
                self.assert_lost(account, "since when it is a customer")

    def test_an_age_never_known_hides_what_is_for_an_age(self):
        account = self.judged(self.aged(), nps=9, csat=0)
        self.assertEqual((account.health_score, account.health_band), (90, "green"))

    def test_an_age_that_comes_back_judges_again(self):
        card = self.aged()
        account = self.judged(card, nps=9, csat=5, tenure="2024-01-01")
        self.judged(card, account, NEXT, tenure=None)
        self.assert_lost(account, "since when it is a customer")
        self.judged(card, account, "2026-03-04 12:00", tenure="2024-01-01")
        self.assertEqual(account.health_band, "green")
        self.assertFalse(account.health_note)

    def test_days_of_grace_do_not_end_by_a_lost_age(self):
        card = self.make_card("Grace", self.measure("nps", 1, 0, 10), grace_days=30)
        account = self.judged(card, nps=9, tenure="2026-02-20")
        self.assertEqual(account.health_band_reason, "grace")
        self.judged(card, account, NEXT, tenure=None)
        self.assert_lost(account, "since when it is a customer")
        self.judged(card, account, "2026-03-04 12:00", nps=1)
        self.assertEqual(account.health_band, "red")

    def test_a_cap_on_what_is_known_holds_when_it_goes_missing(self):
        card = self.make_card(
            "Known",
            self.measure("nps", 1, 0, 10),
            cap_ids=[self.cap("csat", "known", 0, 50)],
        )
        account = self.judged(card, nps=9, csat=3)
        self.assertEqual((account.health_score, account.health_band), (50, "yellow"))
        self.judged(card, account, NEXT, csat=None)
        self.assert_lost(account, "could pull it under 70")

    def test_a_cap_on_what_is_unknown_holds_when_it_goes_missing(self):
        card = self.make_card(
            "Unknown",
            self.measure("nps", 1, 0, 10),
            cap_ids=[self.cap("csat", "unknown", 0, 50)],
        )
        account = self.judged(card, nps=9, csat=3)
        self.assertEqual(account.health_band, "green")
        self.judged(card, account, NEXT, csat=None)
        self.assertEqual((account.health_score, account.health_band), (50, "yellow"))
