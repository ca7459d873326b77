from odoo import api, models
from odoo.exceptions import UserError


class CsMetric(models.Model):
    """Of what customers are known, a metric stays: facts have no foreign keys."""

    _inherit = "cs.metric"

    @api.ondelete(at_uninstall=True)
    def _unlink_if_never_read(self):
        # What has a reading has a present, and of those there are fewer. sudo: facts
        # of other companies or portfolios count as well.
        facts = self.env["cs.metric.value"].sudo()
        for metric in self:
            if facts.search_count([("metric_id", "=", metric.id)], limit=1):
                raise UserError(
                    self.env._(
                        "“%(metric)s” is known of customers already: archive it "
                        "instead of deleting it.",
                        metric=metric.name,
                    )
                )
