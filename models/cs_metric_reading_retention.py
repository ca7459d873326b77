import logging
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Parameters: days for which every reading, and every change, is kept; 0: for ever.
CONFIRMATIONS = "customer_success.confirmations_kept_days"
CHANGES = "customer_success.changes_kept_days"
DEFAULT_DAYS = {CONFIRMATIONS: 90, CHANGES: 730}
#: Parameter: the last account of the round that is under way.
_RESUME_AFTER = "customer_success.thinning_resume_after_account"
_BATCH = 500
#: Second key of the advisory lock of thinning, beside ids of sources and 0.
_LOCK = -1


class CsMetricReading(models.Model):
    """How long the history is kept.

    Two horizons. Behind the first, a reading goes that is equal to the one before and
    to the one after: no value of any moment changes, only how old it looks. Behind
    the second, every month keeps its last reading alone: values of the end of each
    month stay, those within it do not.

    The newest reading of a fact always stays: it is the age of the present. What
    arrives late is taken in as ever and thinned by the next round. A reading sent
    again after it was thinned counts as new, and goes again.
    """

    _inherit = "cs.metric.reading"

    @api.model
    def _cron_thin(self):
        """Thin the history of all customers, the deleted ones' away.

        In batches of customers, each its own transaction; a run that was cut goes on
        after the last one. While another worker is at it there is nothing to do.
        """
        sources = self.env["cs.metric.source"]
        with sources._lock(_LOCK) as is_mine:
            # A new transaction: in the old one, what another worker did is unseen.
            self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all()
            if not is_mine:
                return
            sources._in_own_transaction(self._forget_deleted_accounts)
            while batch := self._next_accounts():
                sources._in_own_transaction(partial(self._thin_batch, batch))
                if not self.env["ir.cron"]._commit_progress(
                    len(batch), remaining=self._count_accounts_after(batch[-1])
                ):
                    return
            self._keep_position(0)

    def _next_accounts(self):
        # sudo: where it stands is the machine's note.
        parameters = self.env["ir.config_parameter"].sudo()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM cs_account WHERE id > %s ORDER BY id LIMIT %s",
                int(parameters.get_param(_RESUME_AFTER) or 0),
                _BATCH,
            )
        )
        return [account_id for (account_id,) in rows]

    def _count_accounts_after(self, account_id):
        [(count,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM cs_account WHERE id > %s", account_id)
        )
        return count

    def _keep_position(self, account_id):
        # sudo: see above.
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(_RESUME_AFTER, str(account_id))

    def _thin_batch(self, account_ids):
        self._thin(account_ids)
        self._keep_position(account_ids[-1])

    @api.model
    def _thin(self, account_ids):
        """Thin the history of some customers.

        :param account_ids: list of ids, in order and all there are between the first
            and the last
        :return: the number of readings that went
        """
        # Months first: what they leave may be equal to both its neighbours.
        gone = self._thin_to_months(account_ids) + self._thin_confirmations(account_ids)
        if gone:
            self.invalidate_model()
            _logger.info(
                "%s readings of accounts %s to %s thinned",
                gone,
                account_ids[0],
                account_ids[-1],
            )
        return gone

    @api.model
    def _days_kept(self, parameter):
        """Return for how many days readings are kept, 0 for ever."""
        # sudo: whoever thins; the parameter is no secret.
        value = self.env["ir.config_parameter"].sudo().get_param(parameter) or ""
        return int(value) if value.strip().isdigit() else DEFAULT_DAYS[parameter]

    def _thin_to_months(self, account_ids):
        days = self._days_kept(CHANGES)
        if not days:
            return 0
        # Months of the customer's company that ended before the horizon. Two days
        # more than its own: no calendar is further ahead of UTC.
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM cs_metric_reading WHERE id IN (
                    SELECT id FROM (
                        SELECT id, month,
                               lead(month) OVER (
                                   PARTITION BY account_id, metric_id ORDER BY at
                               ) AS next_month
                          FROM (SELECT r.*,
                                       (c.today - %(days)s)::timestamp AS horizon,
                                       date_trunc(
                                           'month',
                                           r.at AT TIME ZONE 'UTC' AT TIME ZONE c.tz
                                       ) AS month
                                  FROM cs_metric_reading r
                                  JOIN cs_account a ON a.id = r.account_id
                                  JOIN (%(companies)s) c USING (company_id)
                                 WHERE r.account_id BETWEEN %(first)s AND %(last)s
                                   AND r.at < %(latest)s) old
                         WHERE month < date_trunc('month', horizon)
                    ) of_month
                     WHERE month = next_month
                )
                """,
                companies=self.env["cs.account"]._sql_companies(),
                first=account_ids[0],
                last=account_ids[-1],
                latest=fields.Datetime.now() - timedelta(days=days - 2),
                days=days,
            )
        )
        return self.env.cr.rowcount

    def _thin_confirmations(self, account_ids):
        days = self._days_kept(CONFIRMATIONS)
        if not days:
            return 0
        # The reading after the last one behind the horizon is looked up by itself.
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM cs_metric_reading WHERE id IN (
                    SELECT id FROM (
                        SELECT *, row_number() OVER fact > 1
                                  AND value IS NOT DISTINCT FROM lag(value) OVER fact
                                  AS is_as_before,
                               lead(at) OVER fact AS next_at,
                               lead(value) OVER fact AS next_value
                          FROM cs_metric_reading
                         WHERE account_id BETWEEN %(first)s AND %(last)s
                           AND at < %(horizon)s
                        WINDOW fact AS (
                            PARTITION BY account_id, metric_id ORDER BY at
                        )
                    ) old
                     WHERE is_as_before
                       AND CASE WHEN next_at IS NOT NULL
                                THEN value IS NOT DISTINCT FROM next_value
                                ELSE (SELECT n.value IS NOT DISTINCT FROM old.value
                                        FROM cs_metric_reading n
                                       WHERE n.account_id = old.account_id
                                         AND n.metric_id = old.metric_id
                                         AND n.at > old.at
                                       ORDER BY n.at
                                       LIMIT 1) END
                )
                """,
                first=account_ids[0],
                last=account_ids[-1],
                horizon=fields.Datetime.now() - timedelta(days=days),
            )
        )
        return self.env.cr.rowcount

    def _forget_deleted_accounts(self):
        """Remove facts recorded in the moment in which their customer was deleted.

        The transaction that deletes does not see those of one that ended meanwhile.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH lost AS (
                    DELETE FROM cs_metric_value v
                     WHERE NOT EXISTS (
                               SELECT FROM cs_account a WHERE a.id = v.account_id
                           )
                    RETURNING account_id
                )
                DELETE FROM cs_metric_reading
                 WHERE account_id = ANY(ARRAY(SELECT account_id FROM lost))
                """
            )
        )
