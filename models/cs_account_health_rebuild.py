from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..facts.columns import array_text
from ..health.judgement import Judgement


class CsAccount(models.Model):
    """The past, as another version of a scorecard would have judged it."""

    _inherit = "cs.account"

    def _rebuild_history(self, date_from, date_to, scorecard):
        """Recompute snapshots day by day by one version of a scorecard.

        They stand beside what was judged then, marked ``is_rebuilt``; what was
        recorded is not touched. As everywhere there is one only for days on which
        something changed. The same again replaces what it made before.

        :param date_from: the first ``date``
        :param date_to: the last ``date``, which has passed
        :param scorecard: a cs.scorecard
        :return: how many snapshots there are of these days now
        """
        self._flush_for_score()
        count, day = 0, date_from
        while day <= date_to:
            for company, account_ids in self._health_scope():
                count += self._rebuild_day(company, account_ids, day, scorecard)
            day += timedelta(days=1)
        self.env["cs.health.snapshot"].invalidate_model()
        return count

    @api.model
    def _keep_next_day(self, company, account_ids, day, scorecard):
        """Write down what was recomputed of the day after one, where it is carried.

        A snapshot holds until the next. Where one of these days is recomputed anew,
        the day after it would take over what is new of it.

        :param day: the ``date`` about to be recomputed
        """
        next_day = day + timedelta(days=1)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cs_health_snapshot
                       (account_id, day, at, scorecard_id, score, computed, band,
                        band_reason, coverage, lines, is_rebuilt)
                SELECT s.account_id, %(next_day)s, %(moment)s, s.scorecard_id,
                       s.score, s.computed, s.band, s.band_reason, s.coverage,
                       s.lines, TRUE
                  FROM unnest(%(ids)s::int[]) a (id)
                 CROSS JOIN LATERAL (
                       SELECT * FROM cs_health_snapshot
                        WHERE account_id = a.id AND scorecard_id = %(card)s
                          AND is_rebuilt AND day <= %(next_day)s
                        ORDER BY day DESC LIMIT 1) s
                 WHERE s.day <= %(day)s
                """,
                ids=array_text(account_ids),
                card=scorecard.id,
                day=day,
                next_day=next_day,
                moment=self._as_of_moment(next_day, company).replace(microsecond=0),
            )
        )

    @api.model
    def _rebuild_day(self, company, account_ids, day, scorecard):
        moment = self._as_of_moment(day, company).replace(microsecond=0)
        verdicts = Judgement(self.env, account_ids, company, moment, card=scorecard)
        self.env.cr.execute(
            SQL(
                "DELETE FROM cs_health_snapshot WHERE is_rebuilt"
                " AND scorecard_id = %s AND day = %s AND account_id = ANY(%s::int[])",
                scorecard.id,
                day,
                array_text(account_ids),
            )
        )
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO cs_health_snapshot
                       (account_id, day, at, scorecard_id, score, computed, band,
                        band_reason, coverage, lines, is_rebuilt)
                SELECT v.account_id, %(day)s, %(moment)s, v.scorecard_id, v.score,
                       v.computed, v.band, v.band_reason, v.coverage, v.lines, TRUE
                  FROM (%(verdicts)s) v
                  LEFT JOIN LATERAL (
                       SELECT s.score, s.band FROM cs_health_snapshot s
                        WHERE s.account_id = v.account_id AND s.at <= %(moment)s
                          AND s.scorecard_id = v.scorecard_id AND s.is_rebuilt
                        ORDER BY s.at DESC LIMIT 1) l ON TRUE
                 WHERE (l.score, l.band) IS DISTINCT FROM
                       (v.score::numeric, v.band::varchar)
                   AND (l.band IS NOT NULL OR v.coverage > 0)
                RETURNING id
                """,
                day=day,
                moment=moment,
                verdicts=verdicts.relation(),
            )
        )
        return len(rows)
