from odoo import fields, models


class ResUsers(models.Model):
    """How a person wants to see their tasks."""

    _inherit = "res.users"

    cs_plan_activities = fields.Boolean(
        string="An activity for each of my tasks",
        help="Tasks that open for this person are planned as activities too.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802
        return [*super().SELF_READABLE_FIELDS, "cs_plan_activities"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802
        return [*super().SELF_WRITEABLE_FIELDS, "cs_plan_activities"]
