import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
FOLLOW_UP_BATCH = 200


class CsAlertRule(models.Model):
    """Watching: each rule over all its customers at once, nothing twice."""

    _inherit = "cs.alert.rule"

    def _run(self):
        """Judge these rules now: raise, count again, close.

        :return: ``{rule: {"raised": n, "repeated": n, "closed": n}}``
        """
        # sudo: alerts are the machine's verdicts, whoever asks for them now
        results = {rule: rule.sudo()._run_one() for rule in self}
        self.env["cs.alert"].sudo()._follow_up()
        return results

    def _run_one(self):
        self.ensure_one()
        self.env.flush_all()
        self._materialise_verdicts()
        repeated = self._count_again()
        closed = self._close_settled()
        raised = self._raise_new()
        self.last_run = fields.Datetime.now()
        return {
            "raised": len(raised),
            "repeated": len(repeated),
            "closed": len(closed),
        }

    def _materialise_verdicts(self):
        """Keep the answers of this run in a table of the transaction.

        Raising, repeating and closing all ask the same answers; once is enough.
        """
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS cs_alert_verdict"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE cs_alert_verdict ON COMMIT DROP AS
                SELECT account_id,
                       account_id IN (%(watched)s) AS watched,
                       CASE WHEN COUNT(*) FILTER (WHERE holds) >= %(needed)s THEN TRUE
                            WHEN COUNT(*) FILTER (WHERE holds IS NOT FALSE)
                                 < %(needed)s THEN FALSE
                       END AS matches,
                       jsonb_agg(jsonb_build_object(
                           'condition', condition_id, 'value', value)
                           ORDER BY condition_id) AS observed
                  FROM (%(judged)s) j
                 GROUP BY account_id
                """,
                needed=self._needed(self.condition_ids),
                judged=self.condition_ids._sql_judged(self._sql_scope()),
                watched=self._sql_watched(),
            )
        )

    def _sql_scope(self):
        """Return the ids of the customers watched, and of those with an open alert.

        A customer that left the scope closes its alert when the facts say so.
        """
        return SQL(
            """
            SELECT id FROM cs_account WHERE id IN (%s)
             UNION
            SELECT account_id FROM cs_alert WHERE rule_id = %s AND state = 'open'
            """,
            self._sql_watched(),
            self.id,
        )

    def _sql_watched(self):
        accounts = self.env["cs.account"].with_context(active_test=True)
        return accounts._search(self._scope()).select()

    def _count_again(self):
        """Add an occurrence where the values differ, mark what is unknown now."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_alert a
                   SET unconfirmed = v.matches IS NULL,
                       occurrences = a.occurrences
                           + (v.matches AND a.observed IS DISTINCT FROM v.observed
                              )::int,
                       observed = CASE WHEN v.matches THEN v.observed
                                  ELSE a.observed END,
                       last_seen_on = CASE WHEN v.matches THEN %(now)s
                                      ELSE a.last_seen_on END
                  FROM cs_alert_verdict v
                 WHERE a.rule_id = %(rule)s AND a.state = 'open'
                   AND v.account_id = a.account_id
                   AND v.watched AND v.matches IS NOT FALSE
                   AND (a.unconfirmed IS DISTINCT FROM (v.matches IS NULL)
                        OR (v.matches AND a.observed IS DISTINCT FROM v.observed))
                RETURNING a.id
                """,
                rule=self.id,
                now=fields.Datetime.now(),
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.env["cs.alert"].browse(ids).invalidate_recordset()
        return ids

    def _close_settled(self):
        """Close what is known not to hold any more, or is not watched any more.

        Their activities end in the follow-up, which goes in batches.
        """
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE cs_alert a
                   SET state = 'closed', closed_on = %(now)s, closing_note = %(note)s
                  FROM cs_alert_verdict v
                 WHERE a.rule_id = %(rule)s AND a.state = 'open'
                   AND v.account_id = a.account_id
                   AND (v.matches IS FALSE OR NOT v.watched)
                RETURNING a.id
                """,
                now=fields.Datetime.now(),
                note=self.env._("It does not hold any more"),
                rule=self.id,
            )
        )
        alerts = self.env["cs.alert"].browse(row[0] for row in rows)
        alerts.invalidate_recordset()
        return alerts

    def _raise_new(self, verdicts=None):
        """Raise one alert for each customer that matches and has none open.

        :param verdicts: an ``SQL`` to stand in a FROM; None: those of this run
        """
        now = fields.Datetime.now()
        severity = list(dict(self._fields["severity"].selection)).index(self.severity)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO cs_alert (
                    rule_id, account_id, company_id, user_id, severity, severity_rank,
                    state, raised_on, last_seen_on, due_on, occurrences, unconfirmed,
                    observed, create_uid, write_uid, create_date, write_date)
                SELECT %(rule)s, a.id, a.company_id, %(user)s, %(severity)s, %(rank)s,
                       'open', %(now)s, %(now)s, %(today)s + %(due)s, 1, FALSE,
                       v.observed, %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM %(verdicts)s v
                  JOIN cs_account a ON a.id = v.account_id
                 WHERE v.matches AND v.watched
                   AND NOT EXISTS (
                       SELECT 1 FROM cs_alert past
                        WHERE past.rule_id = %(rule)s AND past.account_id = a.id
                          AND past.state = 'closed'
                          AND past.closed_on > %(now)s - %(quiet)s * INTERVAL '1 day')
                    ON CONFLICT (rule_id, account_id) WHERE state = 'open' DO NOTHING
                RETURNING id
                """,
                verdicts=verdicts or SQL.identifier("cs_alert_verdict"),
                rule=self.id,
                user=self._sql_responsible(),
                severity=self.severity,
                rank=severity,
                now=now,
                due=self.due_days,
                quiet=self.cooldown_days,
                uid=self.env.uid,
                today=self.env["cs.account"]._sql_today(SQL("a.company_id")),
            )
        )
        return self.env["cs.alert"].browse(row[0] for row in rows)

    def _sql_responsible(self):
        if self.responsible == "user":
            return SQL("%s::int", self.user_id.id)
        return SQL("a.csm_id")

    @api.model
    def _cron_run(self):
        """Judge every active rule, then follow up the alerts in batches.

        A rule that fails keeps its error for who looks after rules, and stops no
        other; what a run does not reach waits for the next.
        """
        progress = self.env["ir.cron"]
        rules = self.search([])
        for done, rule in enumerate(rules, start=1):
            rule._run_alone()
            progress._commit_progress(1, remaining=len(rules) - done)
        while followed_up := self.env["cs.alert"]._follow_up(FOLLOW_UP_BATCH):
            if not progress._commit_progress(followed_up):
                break

    def _run_alone(self):
        try:
            with self.env.cr.savepoint():
                result = self._run_one()
                self.last_error = False
            _logger.info("Alert rule %s: %s", self.id, result)
        except Exception as error:
            _logger.exception("Alert rule %s failed", self.id)
            self.last_error = str(error)
