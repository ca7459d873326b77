from odoo import api, models
from odoo.tools import SQL


class CsMetricValue(models.Model):
    """The present, made anew from the history."""

    _inherit = "cs.metric.value"

    @api.model
    def _rebuild(self, accounts):
        """Make the present of some customers the newest reading of each metric.

        For when the history moved under it: customers merged, a reading withdrawn.

        :param accounts: cs.account records
        """
        self.env["cs.metric.reading"].flush_model()
        self._forget_present(accounts)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_metric_value
                       (account_id, metric_id, at, value, source_id)
                SELECT DISTINCT ON (account_id, metric_id)
                       account_id, metric_id, at, value, source_id
                  FROM cs_metric_reading
                 WHERE account_id IN %s
                 ORDER BY account_id, metric_id, at DESC
                """,
                tuple(accounts.ids) or (0,),
            )
        )
        self.invalidate_model()
        accounts.invalidate_recordset(["value_ids"])
        accounts._mirror_facts(accounts.ids)

    @api.model
    def _forget_present(self, accounts):
        """Drop the present of some customers, which their history makes again."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "DELETE FROM cs_metric_value WHERE account_id IN %s",
                tuple(accounts.ids) or (0,),
            )
        )
        self.invalidate_model()
