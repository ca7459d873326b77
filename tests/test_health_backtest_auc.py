from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .backtest_common import BacktestCase


def naive_auc(left, stayed):
    """Count all pairs: how often who left scored lower, ties counting half."""
    pairs = [(one, other) for one in left for other in stayed]
    won = sum(one < other for one, other in pairs)
    tied = sum(one == other for one, other in pairs)
    return (won + tied / 2) / len(pairs) if pairs else 0


scores = st.lists(st.integers(0, 20).map(lambda number: number * 5.0), max_size=15)


class TestAuc(BacktestCase):
    """The area under the curve is the share of pairs in the right order."""

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(left=scores, stayed=scores)
    def test_as_counting_all_pairs(self, left, stayed):
        backtest = self.env["cs.health.backtest"].create({"scorecard_id": self.card.id})
        customers = self.make_accounts(len(left) + len(stayed))
        self.env["cs.health.backtest.observation"].create(
            [
                {
                    "backtest_id": backtest.id,
                    "account_id": customer.id,
                    "day": "2026-03-01",
                    "band": "green",
                    "score": score,
                    "is_left": number < len(left),
                }
                for number, (customer, score) in enumerate(
                    zip(customers, left + stayed, strict=True)
                )
            ]
        )
        self.env.flush_all()
        self.assertAlmostEqual(backtest._auc(), naive_auc(left, stayed), 9)
        self.assert_area_under(backtest._roc(), backtest._auc(), left and stayed)

    def assert_area_under(self, points, auc, both):
        """Scores are whole here, so the drawn curve has the same area."""
        if not both:
            return
        area = sum(
            (here["x"] - before["x"]) * (here["y"] + before["y"]) / 2
            for before, here in pairwise(points)
        )
        self.assertAlmostEqual(area, auc, 2)
