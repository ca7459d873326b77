from odoo import models

from .cs_account import TOUCH_MODELS

#: From served by machines to served by one person alone.
TOUCH_ORDER = [touch for touch, _name in TOUCH_MODELS]


class CsTask(models.Model):
    """Each touch model has the tasks of the ones before it."""

    _inherit = "cs.task"

    def _is_for_closer_touch(self):
        """Whether the customer is served less closely than this task is meant for."""
        served, least = self.account_id.touch_model, self.touch_from
        return bool(served and least) and (
            TOUCH_ORDER.index(served) < TOUCH_ORDER.index(least)
        )
