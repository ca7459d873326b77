from odoo import api, fields, models

from ..models.cs_account import HEALTH_BANDS


class CsHealthOverrideMake(models.TransientModel):
    """Asks what health is decided by hand, why and until when."""

    _name = "cs.health.override.make"
    _description = "Decide Health by Hand"

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.context.get("active_id"),
    )
    computed = fields.Float(
        string="The scorecard says",
        related="account_id.health_computed",
        related_sudo=False,
    )
    what = fields.Selection(
        selection=[("band", "The band"), ("score", "The score")],
        string="Decide",
        required=True,
        default="band",
    )
    band = fields.Selection(selection=HEALTH_BANDS)
    score = fields.Float(digits=(5, 1))
    reason = fields.Text(required=True)
    until = fields.Date(
        help="The last day on which it counts. Empty: until somebody ends it."
    )

    @api.onchange("account_id")
    def _onchange_account_id(self):
        self.score = self.account_id.health_score

    def action_confirm(self):
        """Let it count from now on."""
        self.ensure_one()
        is_score = self.what == "score"
        self.account_id.action_override_health(
            self.reason,
            score=self.score if is_score else None,
            band=None if is_score else self.band,
            until=self.until,
        )
        return {"type": "ir.actions.act_window_close"}
