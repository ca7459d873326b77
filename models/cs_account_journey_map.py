from odoo import fields, models

from .cs_journey import ALIVE


class CsAccount(models.Model):
    """What will happen with this customer, and when."""

    _inherit = "cs.account"

    journey_map = fields.Json(
        string="Journey map",
        compute="_compute_journey_map",
        export_string_translation=False,
        help="The journeys under way, the lifecycle first: see cs.journey._map.",
    )

    def _compute_journey_map(self):
        for account in self:
            alive = account.journey_ids.filtered(lambda j: j.state in ALIVE)
            ordered = alive.sorted(lambda j: (j.kind != "lifecycle", j.id))
            account.journey_map = [journey._map() for journey in ordered]
