from odoo import fields, models

from .cs_account import TOUCH_MODELS


class CsTaskDefinition(models.AbstractModel):
    """For whom a task is meant: each touch model has what the ones before it have."""

    _inherit = "cs.task.definition"

    touch_from = fields.Selection(
        selection=TOUCH_MODELS,
        string="From touch model",
        help="Only for customers served this closely, or more closely: others pass it "
        "over. Empty: for all.",
    )
