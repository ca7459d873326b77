from odoo import api, models

SCORE_BATCH = 20_000
RESUME_AFTER = "customer_success.score_resume_after_account"


class CsAccount(models.Model):
    """The nightly judgement of the whole portfolio."""

    _inherit = "cs.account"

    @api.model
    def _cron_score(self):
        """Judge segments, follow-ups, health and objectives of all active accounts.

        Each batch is committed; a run that was cut goes on after the last account
        that it finished.
        """
        self._end_overrides_of_the_past()
        parameters = self.env["ir.config_parameter"].sudo()
        after = int(parameters.get_param(RESUME_AFTER, 0))
        todo = [("state", "=", "active"), ("id", ">", after)]
        while batch := self.search(todo, order="id", limit=SCORE_BATCH):
            self.env["cs.segment"]._assign(batch)
            self._ask_for_segment_facts(batch)
            self._refresh_followups(batch)
            batch._score()
            self.env["cs.objective"]._judge(batch)
            self._refresh_value(batch)
            todo[1] = ("id", ">", batch[-1].id)
            remaining = self.search_count(todo)
            parameters.set_param(RESUME_AFTER, batch[-1].id if remaining else 0)
            time_left = self.env["ir.cron"]._commit_progress(
                len(batch), remaining=remaining
            )
            if remaining and not time_left:
                return
        self._clean_due()
        parameters.set_param(RESUME_AFTER, 0)
