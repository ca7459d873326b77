import ast

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..facts.planning import in_sweeps

#: Parameter: days for which the rules don't change a segment again.
HOLD_DAYS = "customer_success.segment_hold_days"


class CsSegment(models.Model):
    """The rules over facts applied to customers, many at once."""

    _inherit = "cs.segment"

    @api.model
    def _assign(self, accounts):
        """Give each account the first segment whose rules hold, and keep why.

        A segment chosen by hand stays until its end; one that the rules changed
        lately is held for 30 days, so that a customer on a limit doesn't flap, and
        so is that a customer is in none. A touch model set by hand stays.

        :param accounts: cs.account records, any number
        :return: the accounts whose segment changed
        """
        if not accounts:
            return accounts
        accounts.flush_recordset()
        scope = SQL("SELECT id FROM cs_account WHERE id IN %s", tuple(accounts.ids))
        with in_sweeps(self.env.cr, len(accounts)):
            rows = self.env.execute_query(self._sql_write(self._sql_verdicts(scope)))
        accounts.invalidate_model(
            [
                "segment_id",
                "segment_computed_id",
                "segment_provisional",
                "segment_facts",
                "segment_held_until",
                "segment_lock_reason",
                "segment_locked_until",
                "segment_locked_by_id",
                "segment_history_ids",
                "touch_model",
                "segment_explanation",
                "segment_note",
                "can_switch_journey",
            ]
        )
        changed = accounts.browse(account_id for account_id, moved in rows if moved)
        changed._settle_exclusive_touch()
        return changed

    @api.model
    def _hold_days(self):
        # sudo: a setting of the system, whoever's action judges
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param(HOLD_DAYS, 30))

    # What the rules say

    @api.model
    def _sql_verdicts(self, scope):
        """Return what the rules say of customers, and why.

        :param scope: an ``SQL`` selecting the ids of accounts in a column ``id``
        :return: an ``SQL`` with columns account_id, segment_id (NULL: unsegmented),
            provisional (whether unknown facts could change it), facts (jsonb)
        """
        # Materialised, each step once: a planner without fresh statistics would make
        # the whole judgement anew for each customer.
        # sudo: the rules are judged for whoever works the customer
        segments = self.sudo().search([])
        rules = segments.filtered(lambda segment: not segment.is_default).rule_ids
        rules.flush_model()
        return SQL(
            """
            WITH judged AS MATERIALIZED (%(judged)s),
            segments (id, rank, needed, is_default, has_scope, company_id)
                AS (VALUES %(segments)s),
            scoped (segment_id, account_id) AS (%(scoped)s),
            candidates AS MATERIALIZED (
                SELECT s.*, a.id AS account_id
                  FROM (%(scope)s) i
                  JOIN cs_account a ON a.id = i.id
                  JOIN segments s ON s.company_id IS NULL
                                  OR s.company_id = a.company_id
                 WHERE NOT s.has_scope OR EXISTS (
                       SELECT FROM scoped
                        WHERE segment_id = s.id AND account_id = a.id)
            ),
            verdicts AS MATERIALIZED (
                SELECT j.account_id, s.id AS segment_id, s.rank, s.needed,
                       COUNT(*) FILTER (WHERE j.holds) AS matched,
                       COUNT(*) FILTER (WHERE j.holds IS NULL) AS missing,
                       jsonb_build_object('segment', s.id, 'rules', jsonb_agg(
                           jsonb_build_object('rule', r.id, 'value', j.value,
                                              'holds', j.holds)
                           ORDER BY r.sequence, r.id)) AS facts
                  FROM judged j
                  JOIN cs_segment_rule r ON r.id = j.condition_id
                  JOIN candidates s ON s.id = r.segment_id
                                   AND s.account_id = j.account_id
                 GROUP BY j.account_id, s.id, s.rank, s.needed
            ),
            matches AS MATERIALIZED (
                SELECT DISTINCT ON (account_id) account_id, segment_id, rank
                  FROM (SELECT account_id, segment_id, rank
                          FROM verdicts WHERE matched >= needed
                         UNION ALL
                        SELECT account_id, id, rank
                          FROM candidates
                         WHERE needed = 0 AND has_scope AND NOT is_default) m
                 ORDER BY account_id, rank
            ),
            defaults AS MATERIALIZED (
                SELECT DISTINCT ON (account_id) account_id, id AS segment_id
                  FROM candidates WHERE is_default
                 ORDER BY account_id, company_id, rank
            ),
            known AS MATERIALIZED (
                SELECT account_id, COUNT(value) AS known FROM judged GROUP BY account_id
            ),
            decided AS MATERIALIZED (
                SELECT i.id AS account_id,
                       CASE WHEN m.segment_id IS NOT NULL THEN m.segment_id
                            WHEN k.known > 0 THEN d.segment_id END AS segment_id,
                       COALESCE(m.rank, %(last)s) AS rank
                  FROM (%(scope)s) i
                  LEFT JOIN matches m ON m.account_id = i.id
                  LEFT JOIN defaults d ON d.account_id = i.id
                  LEFT JOIN known k ON k.account_id = i.id
            )
            SELECT d.account_id, d.segment_id,
                   COALESCE(BOOL_OR(v.rank < d.rank
                       AND v.matched + v.missing >= v.needed), FALSE) AS provisional,
                   jsonb_agg(v.facts ORDER BY v.rank)
                       FILTER (WHERE v.rank <= d.rank) AS facts
              FROM decided d LEFT JOIN verdicts v ON v.account_id = d.account_id
             GROUP BY d.account_id, d.segment_id
            """,
            judged=rules._sql_judged(scope),
            segments=segments._sql_ranked(),
            scoped=segments._sql_scoped(scope),
            scope=scope,
            last=len(segments),
        )

    def _sql_ranked(self):
        """Return these segments as rows, in the order in which they are asked."""
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s::int)",
                segment.id,
                rank,
                segment._rules_needed(),
                segment.is_default,
                not segment._scope_domain().is_true(),
                segment.company_id.id or None,
            )
            for rank, segment in enumerate(self)
        ]
        return SQL(", ").join(rows) if rows else SQL("(0, 0, 1, FALSE, FALSE, 0)")

    def _sql_scoped(self, scope):
        """Return which customers are in the scope of which of these segments."""
        accounts = self.env["cs.account"].with_context(active_test=False)
        parts = []
        for segment in self:
            domain = segment._scope_domain()
            if not domain.is_true():
                inside = accounts._search(domain).subselect()
                parts.append(
                    SQL(
                        "SELECT %s, i.id FROM (%s) i WHERE i.id IN %s",
                        segment.id,
                        scope,
                        inside,
                    )
                )
        return SQL(" UNION ALL ").join(parts or [SQL("SELECT 0, 0 WHERE FALSE")])

    def _scope_domain(self):
        """Return the scope as a ``Domain`` over cs.account."""
        self.ensure_one()
        return Domain(ast.literal_eval(self.scope or "[]"))

    # What counts, and what is written

    @api.model
    def _sql_counting(self, verdicts, is_held=True):
        """Return which segment counts, given what the rules say.

        :param verdicts: see :meth:`_sql_verdicts`
        :param is_held: whether a change of late is held
        :return: an ``SQL``: the columns of verdicts, old_id, new_id, is_locked,
            is_expired (a choice by hand that ended), today
        """
        return SQL(
            """
            WITH e AS MATERIALIZED (%(verdicts)s)
            SELECT e.*, a.segment_id AS old_id, c.today,
                   lock.is_locked, lock.is_expired,
                   CASE WHEN lock.is_locked
                          OR (%(is_held)s AND a.segment_held_until > c.today
                              AND (a.segment_id IS NULL OR old.active))
                        THEN a.segment_id ELSE e.segment_id END AS new_id
              FROM e
              JOIN cs_account a ON a.id = e.account_id
              JOIN (%(companies)s) c ON c.company_id = a.company_id
              LEFT JOIN cs_segment old ON old.id = a.segment_id
             CROSS JOIN LATERAL (
                    SELECT a.segment_lock_reason IS NOT NULL
                           AND COALESCE(a.segment_locked_until >= c.today, TRUE)
                           AS is_locked,
                           a.segment_lock_reason IS NOT NULL
                           AND a.segment_locked_until < c.today AS is_expired) lock
            """,
            is_held=is_held,
            verdicts=verdicts,
            companies=self.env["cs.account"]._sql_companies(),
        )

    @api.model
    def _sql_write(self, verdicts):
        """Return the statement that writes what differs, and the history of it."""
        return SQL(
            """
            WITH counting AS MATERIALIZED (%(counting)s),
            written AS (
                UPDATE cs_account a
                   SET segment_id = e.new_id,
                       segment_computed_id = e.segment_id,
                       segment_provisional = e.provisional AND NOT e.is_locked,
                       segment_facts = e.facts,
                       segment_held_until = CASE
                           WHEN e.old_id IS NOT NULL AND NOT e.is_expired
                                AND e.old_id IS DISTINCT FROM e.new_id
                           THEN e.today + %(hold)s ELSE a.segment_held_until END,
                       segment_lock_reason = CASE
                           WHEN NOT e.is_expired THEN a.segment_lock_reason END,
                       segment_locked_until = CASE
                           WHEN NOT e.is_expired THEN a.segment_locked_until END,
                       segment_locked_by_id = CASE
                           WHEN NOT e.is_expired THEN a.segment_locked_by_id END,
                       touch_model = CASE
                           WHEN a.touch_model_by_hand THEN a.touch_model
                           ELSE COALESCE(new.touch_model, a.touch_model) END
                  FROM counting e
                  LEFT JOIN cs_segment new ON new.id = e.new_id
                 WHERE a.id = e.account_id
                   AND (e.is_expired
                        OR (a.segment_id, a.segment_computed_id,
                            a.segment_provisional, a.segment_facts)
                           IS DISTINCT FROM
                           (e.new_id, e.segment_id,
                            e.provisional AND NOT e.is_locked, e.facts))
                RETURNING a.id, e.old_id, e.new_id, e.facts, e.is_expired
            ),
            remembered AS (
                INSERT INTO cs_segment_history
                       (account_id, previous_id, segment_id, changed_at, kind, facts)
                SELECT id, old_id, new_id, %(now)s,
                       CASE WHEN is_expired THEN 'expired' ELSE 'rules' END, facts
                  FROM written
                 WHERE old_id IS DISTINCT FROM new_id OR is_expired
            )
            SELECT id, old_id IS DISTINCT FROM new_id FROM written
            """,
            counting=self._sql_counting(verdicts),
            hold=self._hold_days(),
            now=self.env.cr.now().replace(microsecond=0, tzinfo=None),
        )
