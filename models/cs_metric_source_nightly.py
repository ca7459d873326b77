import json
from datetime import timedelta

from odoo import api, fields, models

#: Parameter: when the round of tonight began and which source it finished last.
ROUND = "customer_success.facts_round"
#: A round that was cut this long ago is given up, and a new one begins.
ROUND_LASTS = timedelta(hours=12)


class CsMetricSource(models.Model):
    """The nightly round over what we count ourselves."""

    _inherit = "cs.metric.source"

    @api.model
    def _cron_refresh_facts(self):
        """Nightly: subscriptions move on, every source fetches, accounts follow.

        One round of them all; a call that runs out of time ends after a source, the
        next one goes on from there.
        """
        progress = self.env["ir.cron"]
        parameters = self.env["ir.config_parameter"].sudo()
        begun, after = self._round_so_far()
        sources = self.search(
            [("kind", "=", "builtin"), ("id", ">", after)], order="id"
        )
        self.env["cs.subscription"]._renew_automatically()
        progress._commit_progress(remaining=len(sources) + 1)
        for source in sources:
            source._run_alone()
            so_far = [fields.Datetime.to_string(begun), source.id]
            parameters.set_param(ROUND, json.dumps(so_far))
            if not progress._commit_progress(1):
                return
        self.env["cs.account"]._update_churn()
        parameters.set_param(ROUND, False)
        progress._commit_progress(1, remaining=0)

    def _round_so_far(self):
        """Return when the present round began, and the id of its last source."""
        now = fields.Datetime.now()
        so_far = self.env["ir.config_parameter"].sudo().get_param(ROUND)
        if so_far:
            begun, after = json.loads(so_far)
            begun = fields.Datetime.to_datetime(begun)
            if now - begun < ROUND_LASTS:
                return begun, after
        return now, 0
