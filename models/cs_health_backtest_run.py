import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .cs_health_backtest import UNDER_WAY

_logger = logging.getLogger(__name__)

#: Up to so many observations are judged while somebody waits: some seconds.
SMALL = 10_000


class CsHealthBacktest(models.Model):
    """The judging of the past: a month is one statement, and one transaction."""

    _inherit = "cs.health.backtest"

    def action_run(self):
        """Judge at once where it takes seconds, otherwise in the background.

        :raise UserError: there is no month or no customer to judge
        """
        for backtest in self:
            backtest.check_access("write")
            backtest._check_not_begun()
            months = backtest._months()
            if not months:
                raise backtest._no_month()
            accounts = len(backtest._accounts())
            if not accounts:
                raise UserError(
                    self.env._("There is no customer to judge. Choose others.")
                )
            # sudo: the state of the work follows from it, nobody writes it by hand.
            backtest.sudo().write(
                {
                    "state": "waiting",
                    "next_month": months[0],
                    "failure": False,
                    "judged_by": backtest._describe_scorecard(),
                }
            )
            if accounts * len(months) <= SMALL:
                while backtest._step():
                    pass
            else:
                self.env.ref("customer_success.ir_cron_backtest")._trigger()
        return True

    def _no_month(self):
        return UserError(
            self.env._(
                "No first of a month in this period is long enough ago: whether a "
                "customer left within %(days)s days is known %(grace)s days after "
                "them. Choose an earlier period.",
                days=self.days_before,
                grace=self.env["cs.account"]._churn_grace_days(),
            )
        )

    def action_stop(self):
        """Give up a back-test that waits or runs; it can be changed and run again."""
        self.check_access("write")
        # sudo: as in action_run
        for backtest in self.sudo().filtered(lambda one: one.state in UNDER_WAY):
            backtest._forget()
            backtest.state = "draft"

    def _forget(self):
        """Drop what was judged so far."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM cs_health_backtest_observation"
                " WHERE backtest_id = ANY(%s)",
                self.ids,
            )
        )
        self.env["cs.health.backtest.observation"].invalidate_model()
        self.line_ids.unlink()
        self.customer_ids.unlink()
        self.next_month = False

    # By the scheduled action

    @api.model
    def _cron_run(self):
        """Judge the back-tests that wait, a month a transaction.

        What is cut goes on at the month it was cut in; two of these at once share
        the work. One that fails says why and stops no other.
        """
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=self._backlog())
        while backtest := self._next_waiting():
            try:
                backtest._as_owner()._step()
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Back-test %s failed", backtest.id)
                backtest._fail(error)
            if not progress._commit_progress(1, remaining=self._backlog()):
                return

    def _fail(self, error):
        self._forget()
        self.write(
            {
                "state": "failed",
                "failure": str(error)
                if isinstance(error, UserError)
                else self.env._(
                    "It stopped for a reason that nobody foresaw: %(error)s",
                    error=str(error).strip()[:300] or type(error).__name__,
                ),
            }
        )

    def _next_waiting(self):
        waiting = self.search(Domain("state", "in", UNDER_WAY), order="id")
        return waiting.try_lock_for_update(limit=1)

    def _backlog(self):
        return sum(
            len([day for day in one._months() if day >= one.next_month])
            for one in self.search([("state", "in", UNDER_WAY)])
        )

    def _as_owner(self):
        """Return the back-test with the rights and company of who made it."""
        self.ensure_one()
        # sudo: who it is must be known to become them.
        return (
            self.with_user(self.sudo().create_uid)
            .sudo(False)
            .with_context(allowed_company_ids=self.sudo().company_id.ids)
        )

    # The work

    def _step(self):
        """Judge the next month; after the last one, work out the figures.

        :return: whether there is more to do
        """
        self.ensure_one()
        months = self._months()
        left = [day for day in months if day >= self.next_month]
        if left:
            self._judge(left[0])
        # sudo: as in action_run
        backtest = self.sudo()
        if len(left) > 1:
            backtest.write({"state": "running", "next_month": left[1]})
            return True
        backtest._work_out()
        backtest.write(
            {
                "state": "done",
                "next_month": months[-1] + relativedelta(months=1),
                "finished_at": fields.Datetime.now(),
            }
        )
        return False

    def _accounts(self):
        """Return the customers that are looked at, those of people's rights only."""
        accounts = self.env["cs.account"].with_context(active_test=False)
        return accounts.search(
            Domain("company_id", "=", self.company_id.id) & Domain(self._domain()),
            order="id",
        )

    def _judge(self, day):
        """Judge one day as it was, and write what became of each customer."""
        accounts = self._accounts()
        self.env["cs.health.backtest.observation"].flush_model()
        accounts._flush_for_score()
        self.env.cr.execute(
            SQL(
                "DELETE FROM cs_health_backtest_observation"
                " WHERE backtest_id = %s AND day = %s",
                self.id,
                day,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_health_backtest_observation
                       (backtest_id, account_id, day, score, band, coverage,
                        left_on, is_left, is_warned, values_used, values_late)
                WITH verdicts AS MATERIALIZED (
                    SELECT v.*, p.left_on
                      FROM (%(presence)s) p
                      JOIN (%(verdicts)s) v ON v.account_id = p.account_id
                     WHERE %(day)s BETWEEN p.start_on AND p.end_on
                       AND (p.left_on IS NULL OR p.left_on > %(day)s)
                ), used AS MATERIALIZED (%(used)s)
                SELECT %(id)s, v.account_id, %(day)s, v.score, v.band, v.coverage,
                       v.left_on, COALESCE(v.left_on <= %(until)s, FALSE),
                       v.band = ANY(%(warnings)s), COALESCE(u.used, 0),
                       COALESCE(u.late, 0)
                  FROM verdicts v
                  LEFT JOIN used u ON u.account_id = v.account_id
                    ON CONFLICT (backtest_id, account_id, day) DO NOTHING
                """,
                id=self.id,
                day=day,
                until=day + relativedelta(days=self.days_before),
                warnings=list(self._warning_bands()),
                presence=self._sql_presence(accounts),
                verdicts=self._sql_scores(accounts, day),
                used=self._sql_values_used(day),
            )
        )
        self.env["cs.health.backtest.observation"].invalidate_model()

    def _sql_presence(self, accounts):
        return self.env["cs.account"]._sql_presence(
            lambda column: SQL("%s = ANY(%s::int[])", column, accounts.ids)
        )

    def _sql_scores(self, accounts, day):
        """Return the verdicts of the scorecard at the end of a day."""
        return accounts._sql_health(day, self.scorecard_id)

    def _describe_scorecard(self):
        """Return in words how the scorecard weighs, a line for each measure."""
        card = self.scorecard_id
        lines = [
            self.env._(
                "%(measure)s: 0 points at %(worst)s, 100 at %(best)s, weight "
                "%(weight)s",
                measure=measure.display_name,
                worst=f"{measure.worst:g}",
                best=f"{measure.best:g}",
                weight=f"{measure.weight:g}",
            )
            for measure in card.measure_ids
        ]
        lines.append(
            self.env._(
                "Yellow from %(yellow)s, green from %(green)s, at least %(known)s %% "
                "known",
                yellow=f"{card.yellow_from:g}",
                green=f"{card.green_from:g}",
                known=f"{card.min_coverage:g}",
            )
        )
        return "\n".join(lines)
