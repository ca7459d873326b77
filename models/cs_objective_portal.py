from odoo import models
from odoo.tools import formatLang

from .cs_metric import DATE_KINDS

#: What the customer reads of an objective that is decided.
REACHED = ("achieved", "partly", "missed")


class CsObjective(models.Model):
    """What the customer sees of an objective of its plan."""

    _inherit = "cs.objective"

    def _customer_objective(self):
        """Return all that the customer sees of an objective."""
        decided = self.outcome in REACHED
        return {
            "name": self.name,
            "baseline": self._number(self.baseline),
            "target": self._number(self.target),
            "now": self.is_known and self._number(self.current_value),
            "progress": round(self.progress) if self.is_known else None,
            "due": self.due_on,
            "late": bool(not decided and self.due_on and self.due_on < self._today()),
            "outcome": self.outcome if decided else False,
        }

    def _has_moved(self, told):
        """Whether it is not as it was told: the number, or the outcome.

        :param told: as ``_as_told`` gave it; None: never told
        """
        return self._as_told() != (told or [None, False])

    def _as_told(self):
        """Return what the customer knows when it is told now: [number, outcome].

        An age grows by itself each day and is no news: of it the outcome alone counts.
        """
        tells = self.is_known and self.metric_id.kind not in DATE_KINDS
        return [self.current_value if tells else None, self.outcome]

    def _number(self, value):
        """Return a number of this objective as people write it, with its unit."""
        text = formatLang(self.env, value, digits=0 if value == int(value) else 1)
        return f"{text} {self.unit}" if self.unit else text
