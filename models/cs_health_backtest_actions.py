from odoo import models
from odoo.exceptions import UserError


class CsHealthBacktest(models.Model):
    """What people open from a back-test."""

    _inherit = "cs.health.backtest"

    def action_open_observations(self):
        """Open the list of the observations: who was judged how on which day."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Observations"),
            "res_model": "cs.health.backtest.observation",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [("backtest_id", "=", self.id)],
        }

    def action_compare(self):
        """Open two back-tests side by side; one alone beside the one before it.

        :raise UserError: not one or two, or there is none to compare with
        """
        done = self.filtered(lambda one: one.state == "done")
        if not done or len(self) > 2:
            raise UserError(
                self.env._("Choose one or two back-tests that are done to compare.")
            )
        first, second = done.sorted("id") if len(done) == 2 else (None, done)
        comparison = self.env["cs.health.backtest.comparison"].create(
            {
                "first_id": (first or second._one_before()).id,
                "second_id": second.id,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare back-tests"),
            "res_model": comparison._name,
            "res_id": comparison.id,
            "views": [(False, "form")],
        }

    def _one_before(self):
        """Return the back-test that this one is best compared with."""
        others = self.search(
            [
                ("state", "=", "done"),
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        alike = others.filtered(lambda one: one._settings_key() == self._settings_key())
        found = (alike or others)[:1]
        if not found:
            raise UserError(
                self.env._(
                    "There is no other back-test to compare with. Make one of another "
                    "scorecard, of the same period."
                )
            )
        return found

    def _settings_key(self):
        """Return what must be alike for two back-tests to be compared fairly."""
        return (
            self.days_before,
            tuple(self._months()),
            tuple(sorted(map(str, self._domain()))),
            self.company_id.id,
        )
