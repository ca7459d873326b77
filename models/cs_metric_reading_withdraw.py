from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..facts.present import Present


class CsMetricReading(models.Model):
    """Readings that were wrong can be withdrawn, and stay withdrawn."""

    _inherit = "cs.metric.reading"

    def action_ask_withdrawal(self):
        """Ask why these readings are to be withdrawn."""
        self._check_may_withdraw()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_withdraw_action"
        )
        return action | {"context": {"default_reading_ids_json": self.ids}}

    def action_withdraw(self, reason):
        """Take readings out of the history.

        The present, and what mirrors it, follows: the newest reading that is left, or
        nothing. Who withdrew what and why is kept in ``cs.metric.withdrawal``. The
        same value of the same moment is refused from then on when it comes from the
        same source; another value is not.

        :param reason: text
        :return: the ``cs.metric.withdrawal`` records
        :raise AccessError: not an administrator, or readings that one may not see
        :raise UserError: without a reason
        """
        self._check_may_withdraw()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is withdrawn."))
        rows = self.env.execute_query(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM cs_metric_reading WHERE id = ANY(%(ids)s) RETURNING *
                )
                INSERT INTO cs_metric_withdrawal
                       (account_id, metric_id, at, value, source_id, reason,
                        create_uid, create_date, write_uid, write_date)
                SELECT account_id, metric_id, at, value, source_id, %(reason)s,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM gone
                 ORDER BY account_id, metric_id, at
                RETURNING id, account_id, metric_id
                """,
                ids=self.ids,
                reason=reason.strip(),
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model()
        Present(self.env).renew(
            {account_id for _id, account_id, _metric_id in rows},
            {metric_id for _id, _account_id, metric_id in rows},
        )
        return self.env["cs.metric.withdrawal"].browse(id_ for id_, *_fact in rows)

    def _check_may_withdraw(self):
        if not self.env.user.has_group("customer_success.group_cs_admin"):
            raise AccessError(
                self.env._(
                    "Only administrators of customer success may withdraw readings."
                )
            )
        self.check_access("read")
