from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..facts.planning import in_sweeps
from ..health.judgement import Judgement

#: The trend is counted from so many days ago.
TREND_DAYS = 30


class CsAccount(models.Model):
    """Verdicts of now: the day's snapshot, and what the account shows of it."""

    _inherit = "cs.account"

    @api.model
    def _write_verdicts(self, company, account_ids):
        """Judge accounts of a company that may differ, and write those that do.

        :return: how many have a new snapshot
        """
        now = fields.Datetime.now()
        everybody = Judgement(self.env, account_ids, company, now, is_now=True)
        due = self._due_for_verdict(everybody)
        if not due:
            return 0
        account_ids = [account_id for account_id, _card_id in due]
        card_ids = sorted({card_id for _account_id, card_id in due})
        self._keep_verdicts(everybody.only(account_ids, card_ids), len(due))
        changed = self._keep_snapshots(now, self._today(company))
        self._mirror_health(now)
        self._settle_due(account_ids)
        return changed

    @api.model
    def _keep_verdicts(self, judgement, count):
        """Make the table of the verdicts of a judgement, until the transaction ends.

        :param count: of how many customers
        """
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS cs_health_verdict"))
        with in_sweeps(cr, count):
            cr.execute(
                SQL(
                    "CREATE TEMPORARY TABLE cs_health_verdict ON COMMIT DROP AS %s",
                    judgement.relation(),
                )
            )

    @api.model
    def _keep_snapshots(self, now, today):
        """Keep the day's snapshot of whom is judged otherwise than last time.

        Otherwise: score, computed score, band, version of the scorecard or override.
        """
        changed = self.env.execute_query(
            SQL(
                """
                INSERT INTO cs_health_snapshot
                       (account_id, day, at, scorecard_id, score, computed, band,
                        band_reason, coverage, override_id, lines, is_rebuilt)
                SELECT v.account_id, %(today)s, %(now)s, v.scorecard_id, v.score,
                       v.computed, v.band, v.band_reason, v.coverage, v.override_id,
                       v.lines, FALSE
                  FROM cs_health_verdict v
                  LEFT JOIN LATERAL (
                       SELECT s.score, s.computed, s.band, s.scorecard_id,
                              s.override_id
                         FROM cs_health_snapshot s
                        WHERE s.account_id = v.account_id AND s.at <= %(now)s
                          AND s.is_rebuilt IS NOT TRUE
                        ORDER BY s.at DESC LIMIT 1) l ON TRUE
                 WHERE (l.score, l.computed, l.band, l.scorecard_id, l.override_id)
                       IS DISTINCT FROM
                       (v.score::numeric, v.computed::numeric, v.band::varchar,
                        v.scorecard_id, v.override_id)
                    ON CONFLICT (account_id, day) WHERE is_rebuilt IS NOT TRUE
                    DO UPDATE
                   SET at = EXCLUDED.at, scorecard_id = EXCLUDED.scorecard_id,
                       score = EXCLUDED.score, computed = EXCLUDED.computed,
                       band = EXCLUDED.band, band_reason = EXCLUDED.band_reason,
                       coverage = EXCLUDED.coverage,
                       override_id = EXCLUDED.override_id, lines = EXCLUDED.lines
                RETURNING account_id
                """,
                today=today,
                now=now,
            )
        )
        self.env["cs.health.snapshot"].invalidate_model()
        return len(changed)

    @api.model
    def _mirror_health(self, now):
        """Show the verdict on the account, and until when it holds.

        The trend counts points since 30 days ago, where both ends are known; it moves
        when a later snapshot is 30 days old.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_account a
                   SET health_score = v.score, health_computed = v.computed,
                       health_band = v.band, health_band_reason = v.band_reason,
                       health_coverage = v.coverage,
                       health_scorecard_id = v.scorecard_id,
                       health_override_id = v.override_id,
                       health_trend = CASE WHEN v.band <> 'unknown'
                                            AND e.band <> 'unknown'
                                      THEN ROUND((v.score - e.score)::numeric, 1)
                                      ELSE 0 END,
                       health_judged_at = %(now)s,
                       health_valid_until = LEAST(v.valid_until, n.at + %(window)s)
                  FROM cs_health_verdict v
                  LEFT JOIN LATERAL (
                       SELECT s.score, s.band FROM cs_health_snapshot s
                        WHERE s.account_id = v.account_id AND s.at <= %(past)s
                          AND s.is_rebuilt IS NOT TRUE
                        ORDER BY s.at DESC LIMIT 1) e ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT s.at FROM cs_health_snapshot s
                        WHERE s.account_id = v.account_id AND s.at > %(past)s
                          AND s.is_rebuilt IS NOT TRUE
                        ORDER BY s.at LIMIT 1) n ON TRUE
                 WHERE a.id = v.account_id
                """,
                now=now,
                past=now - timedelta(days=TREND_DAYS),
                window=timedelta(days=TREND_DAYS),
            )
        )
        self.invalidate_model([name for name in self._fields if "health" in name])
