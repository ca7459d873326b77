from odoo.fields import Command

from .health_common import HealthCase


class TestScorecardPreview(HealthCase):
    """Whom another scorecard would move, said before it judges anybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promoter = cls.make_account("Aurora")
        cls.passive = cls.make_account("Bela")
        cls.stranger = cls.make_account("Clara")
        for account, nps in ((cls.promoter, 9), (cls.passive, 5)):
            cls.record(account, nps=nps, overdue_tasks=0)
        cls.scope = cls.promoter | cls.passive | cls.stranger
        cls.scope._score()
        action = cls.card.with_user(cls.specialist).action_new_draft()
        cls.draft = cls.env["cs.scorecard"].browse(action["res_id"])

    def say(self, **vals):
        """Return what the draft would say, by name of the customer."""
        self.env.flush_all()
        draft = self.draft.with_user(self.specialist)
        rows = draft.try_out(vals or None)
        return {row["customer"]: row for row in rows}

    def preview(self):
        wizard = self.env["cs.scorecard.publish"].with_user(self.specialist)
        return wizard.create({"scorecard_id": self.draft.id}).preview

    def test_who_is_decided_by_hand_changes_no_band(self):
        self.promoter.with_user(self.manager).action_override_health("So", band="red")
        [row] = [row for name, row in self.say().items() if "Aurora" in name]
        self.assertEqual((row["band_before"], row["band"]), ("green", "green"))
        self.assertEqual(row["score_before"], row["score"])
        self.assertFalse(row["changes_band"])
        self.assertIn("0 of 3 customers would change band", self.preview())
        self.assertIn("1 customer is decided by hand", self.preview())

    def test_neither_when_the_draft_says_otherwise_of_them(self):
        self.promoter.with_user(self.manager).action_override_health("So", band="green")
        self.draft.write({"yellow_from": 95, "green_from": 96})
        rows = self.say()
        moved = [name for name, row in rows.items() if row["changes_band"]]
        self.assertEqual(len(moved), 1)
        self.assertIn("Bela", moved[0])

    def test_a_score_by_hand_follows_the_limits_of_the_draft(self):
        self.promoter.with_user(self.manager).action_override_health("So", score=60)
        self.draft.yellow_from = self.draft.green_from = 55
        [row] = [row for name, row in self.say().items() if "Aurora" in name]
        self.assertTrue(row["changes_band"])

    def test_scores_of_the_whole_portfolio_before_and_after(self):
        """92.9 and 64.3 today; 60.7 and 46.4 where 20 is the best NPS."""
        [nps] = self.draft.measure_ids.filtered(lambda one: one.metric_id.key == "nps")
        rows = list(
            self.say(measure_ids=[Command.update(nps.id, {"best": 20})]).values()
        )
        spread = self.draft._distribution(rows)
        self.assertEqual(
            [(one["from"], one["before"], one["after"]) for one in spread["bars"]],
            [
                (0, 0, 0),
                (10, 0, 0),
                (20, 0, 0),
                (30, 0, 0),
                (40, 0, 1),
                (50, 0, 0),
                (60, 1, 1),
                (70, 0, 0),
                (80, 0, 0),
                (90, 1, 0),
            ],
        )
        self.assertEqual((spread["unknown_before"], spread["unknown_after"]), (1, 1))

    def test_the_distribution_is_shown_in_the_editor(self):
        self.env.flush_all()
        preview = self.preview()
        self.assertIn("o_cs_distribution", preview)
        self.assertIn("90–100", preview)

    def test_a_full_score_stands_in_the_last_bar(self):
        spread = self.draft._distribution(
            [
                {
                    "score": 100.0,
                    "score_before": 0.0,
                    "band": "green",
                    "band_before": "red",
                }
            ]
        )
        self.assertEqual(spread["bars"][9]["after"], 1)
        self.assertEqual(spread["bars"][0]["before"], 1)

    def test_a_large_portfolio_costs_no_more_queries(self):
        self.say()
        more = self.make_accounts(40)
        self.record(more[0], nps=3)
        more._score()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            self.say()
