from datetime import timedelta

from odoo import api, models

from .cs_task import QUIET

DAYS_TO_FIND = 14


class CsAccount(models.Model):
    """What is unknown and could change the segment is asked for, once."""

    _inherit = "cs.account"

    @api.model
    def _ask_for_segment_facts(self, accounts):
        """Open a task where the segment is provisional, end it where it no more is.

        Only customers on their lifecycle journey: who came by an import of
        hundreds is not worth a task each.

        :param accounts: cs.account records, any number
        """
        # sudo: the task is the machine's, whoever's action judged the segment
        tasks = self.env["cs.task"].sudo().with_context(**QUIET)
        asked = tasks.search(
            [
                ("account_id", "in", accounts.ids),
                ("finds_segment_facts", "=", True),
                ("state", "=", "open"),
            ]
        )
        waiting = (
            self.env["cs.journey"]
            .sudo()
            .search(
                [
                    ("account_id", "in", (accounts - asked.account_id).ids),
                    ("kind", "=", "lifecycle"),
                    ("state", "=", "running"),
                    ("account_id.segment_provisional", "=", True),
                    ("account_id.state", "=", "active"),
                    ("account_id.csm_id", "!=", False),
                    # Tech-touch has no work of our people.
                    ("account_id.touch_model", "!=", "tech"),
                ]
            )
            .account_id
        )
        tasks.create([account._prepare_facts_task() for account in waiting])
        settled = asked.filtered(lambda one: not one.account_id.segment_provisional)
        settled.action_done()

    def _prepare_facts_task(self):
        self.ensure_one()
        account = self.with_context(lang=self.csm_id.lang)
        today = self._today(self.company_id)
        return {
            "account_id": self.id,
            "name": account.env._("Find out what decides the segment"),
            "description": account.segment_explanation,
            "user_id": self.csm_id.id,
            "date_open": today,
            "date_deadline": today + timedelta(days=DAYS_TO_FIND),
            "duration_days": DAYS_TO_FIND,
            "finds_segment_facts": True,
        }
