from odoo import models
from odoo.exceptions import UserError


class CsScorecard(models.Model):
    """A scorecard goes out of service with all its versions, and when it judges nobody.

    What it judged stays judged by it.
    """

    _inherit = "cs.scorecard"

    def write(self, vals):
        if "active" not in vals:
            return super().write(vals)
        family = self.browse()
        for card in self.with_context(active_test=False):
            family |= card._family()
        if not vals["active"]:
            family._check_judges_nobody()
        super(CsScorecard, family - self).write({"active": vals["active"]})
        return super().write(vals)

    def _check_judges_nobody(self):
        if any(card.is_default and card.active for card in self):
            raise UserError(
                self.env._(
                    "%(scorecard)s is the default scorecard. Make another one the "
                    "default, then archive it.",
                    scorecard=self[0].name,
                )
            )
        # sudo: a segment of another company is judged by it too
        segments = self.env["cs.segment"].sudo()
        judged = segments.search([("scorecard_id", "in", self.ids)], limit=1)
        if judged:
            raise UserError(
                self.env._(
                    "%(scorecard)s judges the customers of the segment %(segment)s. "
                    "Choose another scorecard there, then archive it.",
                    scorecard=self[0].name,
                    segment=judged.name,
                )
            )
