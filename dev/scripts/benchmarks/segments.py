"""Segments of all customers, beside one hand-written statement that does the same."""

from odoo import fields

from .harness import Row, Step, row

BY_HAND = "hand-written SQL, the same rows written"
CHANGED = Step("segment of all, everything changed", BY_HAND, 1.5)
UNCHANGED = Step("segment of all, nothing changed", BY_HAND, 0.4)


@row
class Segments(Row):
    name = "segments"
    steps = (CHANGED, UNCHANGED)

    def prepare(self, size):
        self.segment = self.env.ref("customer_success.cs_segment_enterprise")
        keys = self.segment.rule_ids.metric_id.mapped("key")
        self.portfolio.record_facts(keys, fields.Datetime.now())
        self.accounts = self.env["cs.account"].browse(self.portfolio.account_ids)
        self.values = {
            "enterprise": self.segment.id,
            "other": self.env.ref("customer_success.cs_segment_me_pme").id,
            "touch": self.segment.touch_model,
            "other_touch": self.env.ref(
                "customer_success.cs_segment_me_pme"
            ).touch_model,
            "needed": self.segment.match_count,
        }

    def round(self, size, clock):
        self._forget()
        with clock.time(CHANGED, yardstick=True):
            self.env.cr.execute(self._by_hand(), self.values)
        self._forget()
        with clock.time(CHANGED):
            self.env["cs.segment"]._assign(self.accounts)
        with clock.time(UNCHANGED):
            self.env["cs.segment"]._assign(self.accounts)
        # Beside both stands the same statement.
        clock.yardstick[UNCHANGED.name] = clock.yardstick[CHANGED.name]

    def clean(self):
        self._forget()
        self.portfolio.forget_facts()

    def _forget(self):
        """Leave all customers without a segment."""
        self.env.cr.execute(
            "UPDATE cs_account SET segment_id = NULL, segment_computed_id = NULL,"
            " segment_provisional = FALSE, segment_facts = NULL, touch_model = NULL,"
            " segment_held_until = NULL"
        )
        self.env.cr.execute("TRUNCATE cs_segment_history")
        self.env.cr.commit()
        self.env.invalidate_all()

    def _by_hand(self):
        """Return the statement: the rules of Enterprise with their numbers."""
        holds = " OR ".join(
            f"v.metric_id = {rule.metric_id.id}"
            f" AND v.value {rule.operator} {rule.threshold}"
            for rule in self.segment.rule_ids
        )
        metrics = ", ".join(str(id_) for id_ in self.segment.rule_ids.metric_id.ids)
        return f"""
            WITH seen AS (
                SELECT v.account_id,
                       COUNT(*) FILTER (WHERE {holds}) >= %(needed)s AS matched,
                       jsonb_build_array(jsonb_build_object(
                           'segment', %(enterprise)s, 'rules', jsonb_agg(
                               jsonb_build_object('rule', v.metric_id, 'value', v.value,
                                                  'holds', {holds})
                               ORDER BY v.metric_id))) AS facts
                  FROM cs_metric_value v
                 WHERE v.metric_id IN ({metrics}) AND v.value IS NOT NULL
                 GROUP BY v.account_id
            ),
            written AS (
                UPDATE cs_account a
                   SET segment_id = s.segment_id, segment_computed_id = s.segment_id,
                       segment_provisional = FALSE, segment_facts = s.facts,
                       touch_model = s.touch
                  FROM (SELECT account_id, facts,
                               CASE WHEN matched THEN %(enterprise)s
                                    ELSE %(other)s END AS segment_id,
                               CASE WHEN matched THEN %(touch)s
                                    ELSE %(other_touch)s END AS touch
                          FROM seen) s
                 WHERE a.id = s.account_id
                   AND (a.segment_id, a.segment_facts)
                       IS DISTINCT FROM (s.segment_id, s.facts)
                RETURNING a.id, a.segment_id, a.segment_facts
            )
            INSERT INTO cs_segment_history
                   (account_id, segment_id, changed_at, kind, facts)
            SELECT id, segment_id, now(), 'rules', segment_facts FROM written
        """
