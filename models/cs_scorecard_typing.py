from markupsafe import Markup

from odoo import models

from .cs_scorecard_version import DECISIVE

#: Fields of a scorecard that are looked at while they are typed.
TYPED = ("name", *DECISIVE)


class CsScorecard(models.Model):
    """What a scorecard says while somebody types it, half a word included."""

    _inherit = "cs.scorecard"

    def _typed_values(self):
        """Return what is typed so far as :meth:`try_out` takes it.

        Lines that lack something are left out, what is saved of them too.

        :return: None where what is saved judges and typing changes nothing
        """
        if self._origin.is_frozen:
            return None
        values = self._convert_to_write({name: self[name] for name in TYPED})
        for name in ("measure_ids", "cap_ids"):
            whole = self[name].filtered(lambda part: part._is_whole())
            values[name] = self._fields[name].convert_to_write(whole, self)
        return {**values, "name": self.name or "…"}

    def _are_limits_in_order(self):
        return (
            0 <= self.yellow_from <= self.green_from <= 100
            and 0 <= self.min_coverage <= 100
            and self.grace_days >= 0
        )

    def _typed_so_far_as_html(self):
        """Return what of the typed is not looked at yet, in words."""
        open_count = sum(
            not part._is_whole()
            for parts in (self.measure_ids, self.cap_ids)
            for part in parts
        )
        if not open_count:
            return Markup()
        words = (
            self.env._("1 line is not complete yet, and left out here.")
            if open_count == 1
            else self.env._(
                "%s lines are not complete yet, and left out here.", open_count
            )
        )
        return Markup("<p class='text-muted'>%s</p>") % words

    def _limits_as_html(self):
        return Markup("<p class='text-muted'>%s</p>") % self.env._(
            "The limits are not in order yet: yellow begins before green, both and "
            "the coverage lie between 0 and 100, and days of grace are not negative."
        )
