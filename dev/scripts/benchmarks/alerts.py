"""Fifteen rules on values over all customers, beside asking the same by domains."""

from odoo import Command, fields

from .harness import Row, Step, row

KEYS = tuple(f"bench_{number}" for number in range(10))
RULES = 15
WATCH = Step("15 alert rules over all, nothing new", "15 searches by domain", 0.5)


@row
class Alerts(Row):
    name = "alerts"
    steps = (WATCH,)

    def prepare(self, size):
        metrics = self.env["cs.metric"]
        known = metrics.search([("key", "in", KEYS)])
        missing = set(KEYS) - set(known.mapped("key"))
        known += metrics.create([{"key": key, "name": key} for key in sorted(missing)])
        self.metrics = known.sorted("key")
        self.portfolio.record_facts(KEYS, fields.Datetime.now())
        self.rules = self.env["cs.alert.rule"].create(
            [self._rule(number) for number in range(RULES)]
        )
        # What holds is raised once, before the clock runs.
        self.rules._run()

    def _question(self, number):
        """Return the metric and the limit that one customer in a hundred is above."""
        return self.metrics[number % len(KEYS)], 99 - number / 100

    def _rule(self, number):
        metric, limit = self._question(number)
        condition = {"metric_id": metric.id, "operator": ">", "threshold": limit}
        return {
            "name": f"Rule {number}",
            "plan_activity": False,
            "condition_ids": [Command.create(condition)],
        }

    def round(self, size, clock):
        with clock.time(WATCH):
            self.rules._run()
        accounts = self.env["cs.account"]
        with clock.time(WATCH, yardstick=True):
            for number in range(RULES):
                metric, limit = self._question(number)
                accounts.search(
                    [
                        ("state", "=", "active"),
                        (
                            "value_ids",
                            "any",
                            [("metric_id", "=", metric.id), ("value", ">", limit)],
                        ),
                    ]
                )

    def clean(self):
        self.portfolio.forget_facts()
        self.rules.unlink()
