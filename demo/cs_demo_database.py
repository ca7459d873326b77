from datetime import datetime, time, timedelta

from odoo import models
from odoo.exceptions import UserError

from . import demo_database as story


class CsDemo(models.AbstractModel):
    """A copy of a customer's database, and what was seen in it."""

    _inherit = "cs.demo"

    def _make_customer_database(self, account, days_ago):
        """Return the copy that a diagnostic of some days ago read; it expired since."""
        copied_on = account._today() - timedelta(days=days_ago + story.COPIED_DAYS)
        return (
            self.env["cs.customer.database"]
            .with_user(self._ref("user_elisa"))
            .create(
                {
                    **story.COPY,
                    "account_id": account.id,
                    "erp_id": self._ref("diagnostic_erp_odoo").id,
                    "copied_on": copied_on,
                    "expires_on": copied_on + timedelta(days=story.USED_DAYS),
                    "consent_by_id": account.contact_ids[:1].partner_id.id,
                    "consent_on": copied_on - timedelta(days=1),
                }
            )
        )

    def _read_database(self, diagnostic, database):
        """Propose what the copy said; no server is called for it."""
        diagnostic.database_id = database
        for answer in diagnostic.answer_ids:
            row = story.ROWS.get(self._code_of(answer.question_id))
            if row:
                self._propose(answer, database, row)

    def _propose(self, answer, database, row):
        probe = answer._probe_for(database).with_context(lang=self._language())
        try:
            found = probe._found_in(row)
        except UserError as error:
            answer._keep_problem(database, str(error))
        else:
            answer._keep_proposal(database, found)
        day = database.copied_on + timedelta(days=1)
        # sudo: proposals are written by probes alone
        answer.sudo().proposed_at = datetime.combine(day, time(13))
