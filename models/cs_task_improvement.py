from odoo import models


class CsTask(models.Model):
    """A task that was made of an improvement ends it."""

    _inherit = "cs.task"

    def _after_settle(self):
        result = super()._after_settle()
        # Tasks of journeys are never made of one: nothing is looked up for them.
        by_hand = self.filtered(lambda task: not task.journey_id)
        if by_hand:
            self.env["cs.improvement"]._follow_tasks(by_hand)
        return result
