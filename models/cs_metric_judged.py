from odoo import models


class CsMetric(models.Model):
    """What of a metric decides verdicts."""

    _inherit = "cs.metric"

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"stale_after_days", "kind"}):
            self.env["cs.account"]._forget_verdicts()
        return result
