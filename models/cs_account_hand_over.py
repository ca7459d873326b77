from odoo import models
from odoo.tools import is_html_empty

from .cs_task import PENDING


class CsAccount(models.Model):
    """A customer goes from one CSM to another, with what is open."""

    _inherit = "cs.account"

    def _hand_over(self, csm, before, note=None):
        """Give customers to a CSM, with the open work of the CSM before.

        :param csm: a res.users
        :param before: ``{account: res.users}``, who had them
        :param note: HTML written on each customer, for who takes it
        """
        self.write({"csm_id": csm.id})
        for former in {before[account] for account in self} - {csm}:
            if former:
                mine = self.filtered(lambda one, who=former: before[one] == who)
                mine._hand_open_work(former, csm)
        if not is_html_empty(note):
            for account in self:
                account.message_post(body=note)

    def _hand_open_work(self, former, csm):
        # sudo: who may give a customer away gives its work away with it
        for model, domain in (
            ("cs.task", [("state", "in", PENDING)]),
            ("cs.alert", [("state", "=", "open")]),
        ):
            records = self.env[model].sudo()
            mine = records.search(
                [("account_id", "in", self.ids), ("user_id", "=", former.id), *domain]
            )
            mine.write({"user_id": csm.id})
            mine.activity_ids.filtered(lambda one: one.user_id == former).write(
                {"user_id": csm.id}
            )
        self.sudo().activity_ids.filtered(lambda one: one.user_id == former).write(
            {"user_id": csm.id}
        )
