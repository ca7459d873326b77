from odoo import api, models
from odoo.tools import SQL


class CsSegment(models.Model):
    """The rules over facts applied to customers, many at once."""

    _inherit = "cs.segment"

    @api.model
    def _assign(self, accounts):
        """Give each account the first segment whose rules hold, and keep why.

        A touch model that somebody set apart from the segment's stays.

        :param accounts: cs.account records, any number
        :return: the accounts whose segment changed
        """
        if not accounts:
            return accounts
        # sudo: the rules are judged for whoever works the customer
        segments = self.sudo().search([])
        rules = segments.filtered(lambda segment: not segment.is_default).rule_ids
        rules.flush_model()
        accounts.flush_model(["segment_id", "segment_facts", "touch_model"])
        rows = self.env.execute_query(self._sql_assign(accounts, segments, rules))
        accounts.invalidate_model(
            ["segment_id", "segment_provisional", "segment_facts", "touch_model"]
        )
        return accounts.browse(account_id for account_id, changed in rows if changed)

    def _sql_ranked(self):
        """Return these segments as rows: id, rank, rules needed, default, company."""
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s::int)",
                segment.id,
                rank,
                segment._rules_needed(),
                segment.is_default,
                segment.company_id.id or None,
            )
            for rank, segment in enumerate(self)
        ]
        return SQL(", ").join(rows) if rows else SQL("(0, 0, 0, FALSE, 0)")

    def _sql_assign(self, accounts, segments, rules):
        """Return the UPDATE that judges, decides and writes what differs."""
        return SQL(
            """
            WITH judged AS (%(judged)s),
            segments (id, rank, needed, is_default, company_id) AS (VALUES %(needed)s),
            verdicts AS (
                SELECT j.account_id, s.id AS segment_id, s.rank, s.needed,
                       COUNT(*) FILTER (WHERE j.holds) AS matched,
                       COUNT(*) FILTER (WHERE j.holds IS NULL) AS missing,
                       COUNT(*) FILTER (WHERE j.value IS NOT NULL) AS known,
                       jsonb_build_object('segment', s.id, 'rules', jsonb_agg(
                           jsonb_build_object('rule', r.id, 'value', j.value,
                                              'holds', j.holds)
                           ORDER BY r.sequence, r.id)) AS facts
                  FROM judged j
                  JOIN cs_segment_rule r ON r.id = j.condition_id
                  JOIN segments s ON s.id = r.segment_id
                  JOIN cs_account a ON a.id = j.account_id
                 WHERE s.company_id IS NULL OR s.company_id = a.company_id
                 GROUP BY j.account_id, s.id, s.rank, s.needed
            ),
            matches AS (
                SELECT DISTINCT ON (account_id) account_id, segment_id, rank
                  FROM verdicts WHERE matched >= needed
                 ORDER BY account_id, rank
            ),
            defaults AS (
                SELECT DISTINCT ON (a.id) a.id AS account_id, s.id AS segment_id, s.rank
                  FROM cs_account a JOIN segments s ON s.is_default
                   AND (s.company_id IS NULL OR s.company_id = a.company_id)
                 WHERE a.id IN %(ids)s
                 ORDER BY a.id, s.company_id, s.rank
            ),
            known AS (
                SELECT account_id, SUM(known) AS known FROM verdicts GROUP BY account_id
            ),
            decided AS (
                SELECT a.id AS account_id,
                       CASE WHEN m.segment_id IS NOT NULL THEN m.segment_id
                            WHEN k.known > 0 THEN d.segment_id END AS segment_id,
                       COALESCE(m.rank, %(last)s) AS rank
                  FROM cs_account a
                  LEFT JOIN matches m ON m.account_id = a.id
                  LEFT JOIN defaults d ON d.account_id = a.id
                  LEFT JOIN known k ON k.account_id = a.id
                 WHERE a.id IN %(ids)s
            ),
            explained AS (
                SELECT d.account_id, d.segment_id,
                       COALESCE(BOOL_OR(v.rank < d.rank
                           AND v.matched + v.missing >= v.needed), FALSE)
                           AS provisional,
                       jsonb_agg(v.facts ORDER BY v.rank)
                           FILTER (WHERE v.rank <= d.rank) AS facts
                  FROM decided d LEFT JOIN verdicts v ON v.account_id = d.account_id
                 GROUP BY d.account_id, d.segment_id
            )
            UPDATE cs_account a
               SET segment_id = e.segment_id,
                   segment_provisional = e.provisional,
                   segment_facts = e.facts,
                   touch_model = CASE
                       WHEN a.touch_model IS NULL
                            OR a.touch_model = old.touch_model THEN new.touch_model
                       ELSE a.touch_model END
              FROM explained e
              JOIN cs_account before ON before.id = e.account_id
              LEFT JOIN cs_segment old ON old.id = before.segment_id
              LEFT JOIN cs_segment new ON new.id = e.segment_id
             WHERE a.id = e.account_id
               AND (a.segment_id IS DISTINCT FROM e.segment_id
                    OR a.segment_provisional IS DISTINCT FROM e.provisional
                    OR a.segment_facts IS DISTINCT FROM e.facts)
            RETURNING a.id, before.segment_id IS DISTINCT FROM e.segment_id
            """,
            judged=rules._sql_judged(
                SQL("SELECT id FROM cs_account WHERE id IN %s", tuple(accounts.ids))
            ),
            needed=segments._sql_ranked(),
            last=len(segments),
            ids=tuple(accounts.ids),
        )
