from odoo import api, fields, models


class CsScorecard(models.Model):
    """The past as a version of a scorecard would have judged it, on request."""

    _inherit = "cs.scorecard"

    rebuild_ids = fields.One2many(
        comodel_name="cs.health.rebuild",
        inverse_name="scorecard_id",
        string="Recomputed past",
    )
    has_recomputed = fields.Boolean(compute="_compute_rebuilds")
    has_failed_rebuild = fields.Boolean(compute="_compute_rebuilds")

    @api.depends("rebuild_ids.state", "rebuild_ids.next_day")
    def _compute_rebuilds(self):
        for card in self:
            wishes = card.rebuild_ids
            card.has_failed_rebuild = "failed" in wishes.mapped("state")
            card.has_recomputed = any(
                wish.next_day and wish.next_day > wish.date_from for wish in wishes
            )

    def action_open_recomputed(self):
        """Open the recomputed past of this version beside what was judged."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_health_recomputed_action"
        )
        return {**action, "domain": [("scorecard_id", "=", self.id)]}
