from odoo.fields import Command
from odoo.tests import Form

from .health_common import HealthCase


class TestScorecardTyping(HealthCase):
    """The preview follows the hand that types, also where a word is half written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_account()
        cls.record(cls.account, nps=8, csat=4)
        cls.draft = cls.make_card("Draft", cls.measure("nps", 1, 0, 20), state="draft")
        cls.env.flush_all()

    def typing(self):
        form = Form(self.draft.with_user(self.specialist))
        form.preview_account_id = self.account
        form.show_portfolio = True
        return form

    def typed(self, **values):
        """Return what the form shows after these values were typed."""
        shown = {"preview_account_id": self.account.id, "show_portfolio": True}
        names = ("preview", "portfolio_preview", *shown, *values)
        with self.enter_registry_test_mode():
            got = self.draft.with_user(self.specialist).onchange(
                {**shown, **values},
                list(values),
                {name: {} for name in names},
            )
        return got["value"]

    def test_a_measure_is_added_word_by_word(self):
        with self.enter_registry_test_mode():
            form = self.typing()
            with form.measure_ids.new() as line:
                line.metric_id = self.metric("csat")
                line.weight = 1
            self.assertIn("40.0", form.preview)
            self.assertIn("1 line is not complete", form.preview)
            with form.measure_ids.edit(1) as line:
                line.best = 5
            self.assertNotIn("not complete", form.preview)
        # (40 + 80) / 2
        self.assertIn("60.0", form.preview)

    def test_lines_that_lack_something_are_left_out(self):
        whole = {"metric_id": self.metric("csat").id, "worst": 0, "best": 5}
        for lacks in (
            {"metric_id": False},
            {"best": 0},
            {"basis": "ratio"},
            {"basis": "change", "window_days": 0},
            {"weight": -1},
            {"months_from": 3, "months_to": 2},
            {"max_age_days": -1},
        ):
            line = Command.create({**whole, **lacks})
            card = self.typed(measure_ids=[line])
            self.assertIn("40.0", card["preview"], lacks)
            self.assertIn("1 line is not complete", card["preview"])
            self.assertIn("1 line is not complete", card["portfolio_preview"])
        for lacks in ({"metric_id": False}, {"max_score": 101}, {"basis": "ratio"}):
            cap = {"metric_id": self.metric("csat").id, "operator": ">", **lacks}
            card = self.typed(cap_ids=[Command.create(cap)])
            self.assertIn("1 line is not complete", card["preview"], lacks)

    def test_a_saved_line_that_is_half_retyped(self):
        self.draft.measure_ids = [self.measure("csat", 1, 0, 5)]
        with self.enter_registry_test_mode():
            form = self.typing()
            self.assertIn("60.0", form.preview)
            with form.measure_ids.edit(1) as line:
                line.best = 0
        self.assertIn("40.0", form.preview)
        self.assertEqual(self.draft.measure_ids[1].best, 5)

    def test_limits_that_are_out_of_order(self):
        for values in (
            {"yellow_from": 80},
            {"green_from": 700},
            {"min_coverage": 101},
            {"grace_days": -1},
        ):
            card = self.typed(**values)
            self.assertIn("in order", card["preview"], values)

    def test_a_name_that_is_wiped_out(self):
        self.assertIn("40.0", self.typed(name=False)["preview"])
