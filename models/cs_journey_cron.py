import logging

from odoo import api, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class CsJourney(models.Model):
    """What happens by time alone: the nightly action, in batches."""

    _inherit = "cs.journey"

    @api.model
    def _cron_advance(self, batch_size=500):
        """Look at the journeys that time has moved, and refresh every pace.

        Each batch is a transaction. What fails is logged, stops nobody else, and is
        tried again the next day; two of these at once share the work.

        :param batch_size: journeys per transaction
        """
        cron = self.env["ir.cron"]
        self._follow_changed_cadences()
        domain = self._due_check_domain()
        failed = self.browse()
        cron._commit_progress(remaining=self.search_count(domain))
        while batch := self._next_batch(domain, failed, batch_size):
            failed |= batch._check_each()
            if not cron._commit_progress(len(batch)):
                break
        self.env["cs.account"]._refresh_pace()
        cron._commit_progress(
            remaining=self.search_count(domain & Domain("id", "not in", failed.ids))
        )

    @api.model
    def _follow_changed_cadences(self):
        """Let journeys be looked at whose customers are spoken to otherwise now."""
        changed = self.env["cs.task"]._engine()._follow_cadences()
        for company, journeys in changed.grouped("company_id").items():
            journeys.next_check_on = self.env["cs.account"]._today(company)

    @api.model
    def _due_check_domain(self):
        return Domain("state", "=", "running") & self.env[
            "cs.account"
        ]._compare_with_today("next_check_on", "<=")

    @api.model
    def _next_batch(self, domain, failed, batch_size):
        return self.search(
            domain & Domain("id", "not in", failed.ids),
            order="next_check_on, id",
            limit=batch_size,
        ).try_lock_for_update()

    def _check_each(self):
        """Run these journeys together; one by one when something fails.

        :return: the journeys that failed
        """
        if self._run_safely():
            return self.browse()
        if len(self) == 1:
            return self
        return self.browse().concat(*(journey._check_each() for journey in self))

    def _run_safely(self):
        """Run these journeys, all or nothing; say whether it went well."""
        try:
            with self.env.cr.savepoint():
                self._engine()._run()
        except Exception:
            if len(self) == 1:
                _logger.exception("Journey %s could not go on", self.id)
            return False
        return True
