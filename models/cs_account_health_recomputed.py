from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date

#: So many versions are drawn beside what was judged, the newest first.
DRAWN = 2


class CsAccount(models.Model):
    """The past as other versions would have judged it, for the customer's chart."""

    _inherit = "cs.account"

    def _health_shown(self):
        shown = super()._health_shown()
        return shown and {**shown, "recomputed": self._health_recomputed()}

    def _health_recomputed(self):
        """Return the recomputed past of late, a list for each version of a scorecard.

        :return: list of dicts: ``scorecard`` (name) and ``points``, the oldest first,
            the last one being that of the last day that was recomputed
        """
        snapshots = self._drawn_snapshots(is_rebuilt=True)
        by_card = snapshots.grouped("scorecard_id")
        newest = sorted(by_card, key=lambda card: -card.id)[:DRAWN]
        return [
            {
                "scorecard": card.display_name,
                "points": self._recomputed_points(card, by_card[card]),
            }
            for card in newest
        ]

    def _recomputed_points(self, card, snapshots):
        points = [(snapshot.day, snapshot) for snapshot in snapshots]
        wishes = card.rebuild_ids.filtered(
            lambda wish: wish.company_id == self.company_id and wish.next_day
        )
        until = max(wishes.mapped("next_day"), default=None)
        if until and until - timedelta(days=1) > snapshots[-1].day:
            points.append((until - timedelta(days=1), snapshots[-1]))
        return [
            {
                "day": fields.Date.to_string(day),
                "label": format_date(self.env, day),
                "score": snapshot.score,
                "band": snapshot.band,
            }
            for day, snapshot in points
        ]
