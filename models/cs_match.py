from odoo import fields, models
from odoo.exceptions import ValidationError


class CsMatch(models.AbstractModel):
    """How many of its conditions must hold: all, any, or at least so many."""

    _name = "cs.match"
    _description = "Match of Conditions"

    match = fields.Selection(
        selection=[("all", "All"), ("any", "Any"), ("at_least", "At least")],
        required=True,
        default="all",
        help="How many of the conditions must hold.",
    )
    match_count = fields.Integer(string="Conditions needed", default=1)

    def _needed(self, conditions):
        """Return how many of these conditions must hold."""
        self.ensure_one()
        if self.match == "any":
            return 1
        return self.match_count if self.match == "at_least" else len(conditions)

    def _check_needed(self, conditions):
        """Refuse a number that can never, or always, be reached."""
        self.ensure_one()
        if self.match == "at_least" and not (
            1 <= self.match_count <= max(len(conditions), 1)
        ):
            raise ValidationError(
                self.env._(
                    "%(name)s asks for %(count)s conditions that hold but has "
                    "%(total)s. Ask for at least 1 and at most all of them.",
                    name=self.display_name,
                    count=self.match_count,
                    total=len(conditions),
                )
            )
