from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.fields import Command

from .common import CsCase


class TestHealthReports(CsCase):
    """Bands over time, movements, MRR by band, coverage and dimensions.

    It is July 15 of 2026; verdicts began in May.

    ====== ===== ============= ================= ======================
    ..     CSM   May           June              July
    ====== ===== ============= ================= ======================
    Aurora csm   green 80      red 20 since 20th red 20
    Bela   csm   yellow 50     left on the 5th
    Clara  other unknown       unknown           unknown
    Dora   other ..            green 90, new     unknown since the 10th
    ====== ===== ============= ================= ======================
    """

    NOW = "2026-07-15 12:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.health.snapshot"].search([]).unlink()
        cls.card = cls.make_card()
        cls.aurora = cls.customer("Aurora", cls.csm, "2026-01-01")
        cls.bela = cls.customer("Bela", cls.csm, "2026-01-01", "2026-06-05")
        cls.clara = cls.customer("Clara", cls.other_csm, "2026-01-01")
        cls.dora = cls.customer("Dora", cls.other_csm, "2026-06-10")
        cls.customers = cls.aurora | cls.bela | cls.clara | cls.dora
        cls.judge(cls.aurora, date(2026, 5, 10), "green", 80, use=100, support=40)
        cls.judge(cls.aurora, date(2026, 6, 20), "red", 20, use=20)
        cls.judge(cls.bela, date(2026, 5, 10), "yellow", 50, use=50)
        cls.judge(cls.dora, date(2026, 6, 12), "green", 90, use=90, support=90)
        cls.judge(cls.dora, date(2026, 7, 10), "unknown", 0)

    @classmethod
    def make_card(cls):
        def measure(metric, dimension, weight):
            return Command.create(
                {
                    "metric_id": cls.env.ref(f"customer_success.cs_metric_{metric}").id,
                    "dimension": dimension,
                    "weight": weight,
                    "worst": 0,
                    "best": 10,
                }
            )

        return cls.env["cs.scorecard"].create(
            {
                "name": "Test",
                "measure_ids": [
                    measure("active_users", "usage", 30),
                    measure("weekly_active_users", "usage", 10),
                    measure("tickets_open", "support", 10),
                ],
            }
        )

    @classmethod
    def customer(cls, name, csm, start_on, end_on=False):
        account = cls.make_account(name, csm_id=csm.id)
        cls.env["cs.subscription"].with_context(cs_facts_later=True).create(
            {
                "account_id": account.id,
                "name": "Plan",
                "mrr": 100,
                "start_on": start_on,
                "end_on": end_on,
            }
        )
        return account

    @classmethod
    def judge(cls, account, day, band, score, *, use=None, support=None):
        """Write a snapshot: all of use is judged alike, but its second measure 0."""
        first, second, third = cls.card.measure_ids
        lines = [
            {"measure_id": first.id, "points": use, "weight": 30},
            {"measure_id": second.id, "points": use and 0, "weight": 10},
            {"measure_id": third.id, "points": support, "weight": 10},
        ]
        cls.env["cs.health.snapshot"].create(
            {
                "account_id": account.id,
                "day": day,
                "at": datetime.combine(day, datetime.min.time()),
                "scorecard_id": cls.card.id,
                "score": score,
                "band": band,
                "coverage": 100,
                "lines": lines,
            }
        )

    def rows(self, model, user=None):
        domain = [("account_id", "in", self.customers.ids)]
        return self.env[model].with_user(user or self.manager).search(domain)

    def bands(self, user=None):
        with self.at_time(self.NOW):
            return {
                (row.account_id.partner_id.name, row.month.month): row.band
                for row in self.rows("cs.health.month", user)
            }

    def test_bands_at_the_end_of_each_month(self):
        self.assertEqual(
            self.bands(),
            {
                ("Aurora", 5): "green",
                ("Bela", 5): "yellow",
                ("Clara", 5): "unknown",
                ("Aurora", 6): "red",
                ("Clara", 6): "unknown",
                ("Dora", 6): "green",
                ("Aurora", 7): "red",
                ("Clara", 7): "unknown",
                ("Dora", 7): "unknown",
            },
        )

    def test_each_csm_sees_their_own(self):
        self.assertEqual(
            {name for name, _month in self.bands(self.csm)}, {"Aurora", "Bela"}
        )
        with self.at_time(self.NOW):
            for model in ("cs.health.movement", "cs.health.dimension"):
                seen = self.rows(model, self.csm).account_id
                self.assertEqual(seen, self.aurora | self.bela, model)

    def test_nobody_else_sees_any(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user(
            "cs_stranger",
            "customer_success.group_cs_admin",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        for model in ("cs.health.month", "cs.health.movement", "cs.health.dimension"):
            self.assertFalse(self.rows(model, stranger), model)
            with self.assertRaises(AccessError):
                self.rows(model, self.salesperson)

    def test_share_with_a_score(self):
        with self.at_time(self.NOW):
            shares = self.env["cs.health.month"]._read_group(
                [("account_id", "in", self.customers.ids)],
                ["month:month"],
                ["has_score:avg", "aim:avg", "score:avg"],
            )
        self.assertEqual(
            [
                (month.month, round(share, 1), aim, score)
                for month, share, aim, score in shares
            ],
            [(5, 66.7, 95, 65), (6, 66.7, 95, 55), (7, 33.3, 95, 20)],
        )

    def test_mrr_is_that_of_the_month(self):
        for month, mrr in ((1, 100), (6, 250), (7, 300)):
            self.record(self.aurora, at=datetime(2026, month, 2), mrr=mrr)
        with self.at_time(self.NOW):
            rows = self.rows("cs.health.month")
            found = {
                row.month.month: row.mrr
                for row in rows.filtered(lambda row: row.account_id == self.aurora)
            }
        self.assertEqual(found, {5: 100, 6: 250, 7: 300})

    def test_movements(self):
        with self.at_time(self.NOW):
            moves = {
                (
                    row.account_id.partner_id.name,
                    row.month.month,
                    row.from_band,
                    row.to_band,
                    row.direction,
                    row.score_change,
                )
                for row in self.rows("cs.health.movement")
            }
        self.assertEqual(
            moves,
            {
                ("Aurora", 6, "green", "red", "worse", -60),
                ("Bela", 6, "yellow", "left", "left", 0),
                ("Dora", 6, "new", "green", "new", 0),
                ("Dora", 7, "green", "unknown", "lost", 0),
            },
        )

    def test_dimensions_are_weighted_means(self):
        """Use of Aurora in May: (30 × 100 + 10 × 0) / 40."""
        with self.at_time(self.NOW):
            points = {
                (row.account_id.partner_id.name, row.month.month, row.dimension): (
                    row.points
                )
                for row in self.rows("cs.health.dimension")
            }
        self.assertEqual(
            points,
            {
                ("Aurora", 5, "usage"): 75,
                ("Aurora", 5, "support"): 40,
                ("Aurora", 6, "usage"): 15,
                ("Aurora", 7, "usage"): 15,
                ("Bela", 5, "usage"): 37.5,
                ("Dora", 6, "usage"): 67.5,
                ("Dora", 6, "support"): 90,
            },
        )

    def test_queries_do_not_grow(self):
        """Neither with the customers nor with their snapshots."""
        with self.at_time(self.NOW), self.assertQueryCount(40):
            self.env["cs.health.month"]._read_group([], ["band"], ["__count"])
