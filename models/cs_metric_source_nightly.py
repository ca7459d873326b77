import json
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ..sources.fetched import RetryLater
from .cs_metric_source_alone import ROUND_LOCK

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
        next one goes on from there. While another worker is at it there is nothing
        to do.
        """
        with self._lock(ROUND_LOCK) as is_mine:
            # A new transaction: in the old one, what another worker did is unseen.
            self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all()
            if is_mine:
                self._do_round()

    def _do_round(self):
        progress = self.env["ir.cron"]
        begun, after = self._round_so_far()
        sources = self.search(
            [("kind", "=", "builtin"), ("id", ">", after)], order="id"
        )
        subscriptions = self.env["cs.subscription"]
        self._in_own_transaction(subscriptions._renew_automatically)
        progress._commit_progress(remaining=len(sources) + 1)
        later = self.browse()
        for source in sources:
            if isinstance(source._run_alone(), RetryLater):
                later += source
            source._in_own_transaction(partial(self._keep_round, begun, source))
            if not progress._commit_progress(1):
                return
        # Those that met other transactions at every try: by now these are over.
        for source in later:
            source._run_alone()
        self._in_own_transaction(self.env["cs.account"]._update_churn)
        self._in_own_transaction(self._end_round)
        self._in_own_transaction(self._tell_of_trouble)
        progress._commit_progress(1, remaining=0)

    @api.model
    def _keep_round(self, begun, source):
        so_far = [fields.Datetime.to_string(begun), source.id]
        self.env["ir.config_parameter"].sudo().set_param(ROUND, json.dumps(so_far))

    @api.model
    def _end_round(self):
        self.env["ir.config_parameter"].sudo().set_param(ROUND, False)

    @api.model
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
