from odoo import api, models


class CsMetricSource(models.Model):
    """Engagement follows the features that were just fetched."""

    _inherit = "cs.metric.source"

    @api.model
    def _cron_fetch(self):
        due = self._due()
        result = super()._cron_fetch()
        # One count of the whole portfolio, and only after features were fetched.
        if due.exists().line_ids.metric_id.product_id:
            self._run_builtin(builtins=["engagement"])
        return result
