from odoo import api, fields, models
from odoo.tools import SQL

from .cs_task import PENDING


class CsAccount(models.Model):
    """Leaving and coming back, as the subscriptions say."""

    _inherit = "cs.account"

    active_since = fields.Date(
        copy=False, readonly=True, help="The day on which it last came back."
    )

    @api.model
    def _update_churn(self):
        """Mark who left as churned, and who came back as active.

        Churned: the last subscription ended longer ago than the days of grace
        (parameter ``customer_success.churn_grace_days``, 30), but not before the
        customer was taken back (``active_since``). Active again: one is
        in force; where somebody gave a reason for the cancellation, only one that
        began after it. Customers without a subscription are left alone.
        """
        self.flush_model(["state", "churned_on", "churn_reason_id", "active_since"])
        churned = self._set_churned()
        returned = self._set_returned()
        self.invalidate_model(["state", "churned_on", "active_since"])
        returned._settle_exclusive_touch()
        churned._on_churned()

    def _on_churned(self):
        """End what is under way with customers that left; the history stays."""
        reason = self.env._("The customer left.")
        self.journey_ids.filtered(
            lambda journey: (
                journey.state in ("running", "paused") and journey.kind == "lifecycle"
            )
        ).action_cancel(reason)
        # Optional ones outlive the stage, and the journey, that opened them.
        self.env["cs.task"].search(
            [
                ("account_id", "in", self.ids),
                ("journey_id.kind", "=", "lifecycle"),
                ("state", "in", PENDING),
            ]
        )._engine()._cancel()
        self.env["cs.alert"].search(
            [("account_id", "in", self.ids), ("state", "=", "open")]
        )._close(reason)

    @api.model
    def _churn_grace_days(self):
        # sudo: parameters are for administrators, this one is everybody's rule.
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param("customer_success.churn_grace_days", 30))

    @api.model
    def _set_churned(self):
        return self._changed_by(
            SQL(
                """
                UPDATE cs_account a
                   SET state = 'churned', churned_on = s.ended_on
                  FROM (
                       SELECT account_id, max(end_on) AS ended_on
                         FROM (%s) t
                        GROUP BY account_id
                       HAVING bool_and(end_on IS NOT NULL AND end_on + %s < today)
                       ) s
                 WHERE a.id = s.account_id
                   AND a.state = 'active'
                   AND (a.active_since IS NULL OR s.ended_on >= a.active_since)
                RETURNING a.id
                """,
                self.env["cs.subscription"]._sql_today(),
                self._churn_grace_days(),
            )
        )

    @api.model
    def _set_returned(self):
        return self._changed_by(
            SQL(
                """
                UPDATE cs_account a
                   SET state = 'active', churned_on = NULL, active_since = s.today
                  FROM (%s) s
                 WHERE a.id = s.account_id
                   AND a.state = 'churned'
                   AND s.in_force
                   AND (a.churn_reason_id IS NULL OR s.start_on > a.churned_on)
                RETURNING a.id
                """,
                self.env["cs.subscription"]._sql_today(),
            )
        )

    @api.model
    def _changed_by(self, update):
        rows = self.env.execute_query(update)
        return self.browse(sorted({account_id for (account_id,) in rows}))
