from odoo.fields import Command

from .common import CsCase


class HealthCase(CsCase):
    """A default scorecard of three measures, and short words for verdicts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.scorecard"].search([]).write({"is_default": False})
        cls.env.flush_all()
        cls.card = cls.make_card("Test", is_default=True)

    @classmethod
    def metric(cls, key):
        return cls.env.ref(f"customer_success.cs_metric_{key}")

    @classmethod
    def measure(cls, key, weight, worst, best, **values):
        return Command.create(
            {
                "metric_id": cls.metric(key).id,
                "weight": weight,
                "worst": worst,
                "best": best,
                **values,
            }
        )

    @classmethod
    def cap(cls, key, operator, threshold, max_score, **values):
        return Command.create(
            {
                "metric_id": cls.metric(key).id,
                "operator": operator,
                "threshold": threshold,
                "max_score": max_score,
                **values,
            }
        )

    @classmethod
    def make_card(cls, name, *measures, **values):
        """Make a scorecard; without measures: NPS, change of use, overdue tasks."""
        measures = measures or (
            cls.measure("nps", 50, 0, 10),
            cls.measure("active_users", 30, -50, 0, basis="change_pct", window_days=30),
            cls.measure("overdue_tasks", 20, 4, 0),
        )
        return cls.env["cs.scorecard"].create(
            {"name": name, "measure_ids": list(measures), **values}
        )

    def verdict(self, account, as_of=None, scorecard=None):
        """Return the verdict that would be made, none is written."""
        if as_of is None and scorecard is None:
            scorecard = self.card
        [row] = account._score(as_of=as_of, scorecard=scorecard)
        return row

    def snapshots(self, account):
        return self.env["cs.health.snapshot"].search(
            [("account_id", "=", account.id)], order="at"
        )

    def total(self, lines):
        return round(sum(line["contribution"] for line in lines), 6)
