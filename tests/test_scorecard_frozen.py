from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command

from .health_common import HealthCase


class TestScorecardFrozen(HealthCase):
    """A version that judged somebody stays as it is, whatever way one comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cap_command = cls.cap("nps", "<", 5, 10)
        cls.draft = cls.make_card("Draft", state="draft", cap_ids=[cls.cap_command])
        cls.card.cap_ids = [cls.cap("nps", "<", 1, 50)]
        cls.env.flush_all()
        account = cls.make_account()
        cls.record(account, nps=8)
        account._score()
        cls.account = account

    def kept_by_specialist(self, record):
        return record.with_user(self.specialist)

    def test_a_part_is_not_moved_out_of_it_nor_into_it(self):
        for parts in ("measure_ids", "cap_ids"):
            inside, outside = self.card[parts][0], self.draft[parts][0]
            with self.assertRaisesRegex(UserError, "new draft"):
                self.kept_by_specialist(inside).scorecard_id = self.draft
            with self.assertRaisesRegex(UserError, "new draft"):
                self.kept_by_specialist(outside).scorecard_id = self.card

    def test_a_part_is_not_made_in_it_by_a_default(self):
        values = {"metric_id": self.metric("csat").id}
        for model, more in (
            ("cs.scorecard.measure", {"worst": 0, "best": 5}),
            ("cs.scorecard.cap", {"operator": "<", "threshold": 2}),
        ):
            parts = self.kept_by_specialist(self.env[model])
            with self.assertRaisesRegex(UserError, "new draft"):
                parts.with_context(default_scorecard_id=self.card.id).create(
                    {**values, **more}
                )

    def test_it_is_frozen_from_the_very_first_verdict_on(self):
        card = self.make_card("Seen", self.measure("nps", 1, 0, 10))
        self.assertFalse(card.is_frozen)
        self.card.is_default = False
        self.env.flush_all()
        card.is_default = True
        self.assertEqual(self.account._score(), 1)
        with self.assertRaisesRegex(UserError, "new draft"):
            card.min_coverage = 1

    def test_a_version_is_published_by_publishing_alone(self):
        cards = self.kept_by_specialist(self.env["cs.scorecard"])
        long_ago = fields.Datetime.to_datetime("2026-01-01")
        weighs = {"measure_ids": [self.measure("nps", 1, 0, 10)]}
        for values in (
            {"effective_from": long_ago},
            {"published_by_id": self.csm.id},
            {"origin_id": self.card.id, "version": 2, "state": "published"},
        ):
            with self.assertRaises(UserError):
                cards.create({"name": "Forged", **weighs, **values})
            with self.assertRaisesRegex(UserError, "Publish"):
                cards.browse(self.draft.id).write(values)
        with self.assertRaises(UserError):
            cards.with_context(default_effective_from=long_ago).create(
                {"name": "Forged", **weighs}
            )
        second = cards.browse(self.card.action_new_draft()["res_id"])
        for values in ({"state": "published"}, {"origin_id": False}, {"version": 1}):
            with self.assertRaisesRegex(UserError, "Publish"):
                second.write(values)
        with self.assertRaisesRegex(UserError, "Publish"):
            cards.browse(self.card.id).write({"version_ids": [Command.clear()]})

    def test_a_new_scorecard_may_be_made_published(self):
        cards = self.kept_by_specialist(self.env["cs.scorecard"])
        card = cards.create(
            {"name": "New", "measure_ids": [self.measure("nps", 1, 0, 10)]}
        )
        self.assertEqual((card.state, card.is_frozen), ("published", False))
        card.min_coverage = 3

    def test_a_copy_is_one_of_its_own(self):
        copy = self.kept_by_specialist(self.card).copy()
        self.assertFalse(copy.origin_id or copy.effective_from or copy.is_frozen)
        copy.measure_ids[0].weight = 3
