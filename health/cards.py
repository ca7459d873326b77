"""Which version of which scorecard judges a customer at a moment."""

from odoo import fields
from odoo.tools import SQL


class CardChoice:
    """Each customer by the scorecard of its segment, in the version in force then.

    Unsegmented customers count as the default segment's; who has no scorecard by that
    is judged by the default one.

    Which scorecard a segment named at a moment of the past, and which was the default
    one, is told by whom it judged: snapshots are kept of every change of scorecard, so
    the last one until then says which it was, archived or not. Who was not judged
    until then, or moved to another segment since, is judged by what segments name
    today.
    """

    def __init__(self, env, company, moment, *, is_now=False, card=None):
        """
        :param company: the res.company of the customers
        :param moment: naive UTC ``datetime``
        :param is_now: ask for the present segment instead of that of the moment
        :param card: a cs.scorecard for all of them instead
        """
        self.env = env
        self.company = company
        self.moment = moment
        self.is_now = is_now
        self.card = card
        self.is_past = not is_now and moment < fields.Datetime.now()
        # sudo: people read the verdict, whoever may read the scorecard
        cards = env["cs.scorecard"].sudo()
        self.versions = card.sudo() if card else cards._versions_in_force(moment)
        if not card:
            self._by_card = self._sql_by_card()
            self._default_version = self._find_default_version()
            self._default_segment_card = self._find_default_segment_card()

    def sql(self, ids):
        """Return which version judges each customer: account_id, scorecard_id.

        :param ids: an ``SQL`` of the array of the ids of the customers
        """
        if self.card:
            return SQL(
                "SELECT id AS account_id, %s AS scorecard_id FROM unnest(%s) a (id)",
                self.card.id,
                ids,
            )
        return SQL(
            """
            SELECT a.id AS account_id,
                   COALESCE(%(recorded)s v.version_id, %(default)s) AS scorecard_id
              FROM cs_account a
              %(history)s
              %(snapshots)s
              LEFT JOIN cs_segment s ON s.id = %(segment)s
              LEFT JOIN (VALUES %(by_card)s) v (card_id, version_id)
                ON v.card_id = CASE WHEN s.id IS NULL THEN %(unsegmented)s
                                    ELSE s.scorecard_id END
             WHERE a.id = ANY(%(ids)s)
            """,
            default=self._default_version,
            unsegmented=self._default_segment_card,
            by_card=self._by_card,
            ids=ids,
            **self._segment_of_the_day(),
            **self._card_of_the_day(),
        )

    def versions_of(self, ids):
        """Return the versions that judge some customers.

        :param ids: an ``SQL`` of the array of the ids of the customers
        """
        if not self.is_past or self.card:
            return self.versions
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT scorecard_id FROM (%s) c", self.sql(ids))
        )
        return self.versions.browse(card_id for (card_id,) in rows if card_id)

    def _segment_of_the_day(self):
        """Return the segment at the moment, and the joins that it needs."""
        if self.is_now:
            return {"segment": SQL("a.segment_id"), "history": SQL()}
        history = SQL(
            """
            LEFT JOIN LATERAL (
                SELECT TRUE AS found, h.segment_id, h.changed_at
                  FROM cs_segment_history h
                 WHERE h.account_id = a.id AND h.changed_at <= %(moment)s
                 ORDER BY h.changed_at DESC, h.id DESC LIMIT 1) past ON TRUE
            LEFT JOIN LATERAL (
                SELECT TRUE AS found, h.previous_id FROM cs_segment_history h
                 WHERE h.account_id = a.id AND h.changed_at > %(moment)s
                 ORDER BY h.changed_at, h.id LIMIT 1) after ON TRUE
            """,
            moment=self.moment,
        )
        segment = SQL(
            "CASE WHEN past.found THEN past.segment_id"
            " WHEN after.found THEN after.previous_id ELSE a.segment_id END"
        )
        return {"segment": segment, "history": history}

    def _card_of_the_day(self):
        """Return the version that the record tells of, and the joins that it needs."""
        if not self.is_past:
            return {"recorded": SQL(), "snapshots": SQL()}
        snapshots = SQL(
            """
            LEFT JOIN LATERAL (
                SELECT r.at, k.id AS card_id, COALESCE(k.origin_id, k.id) AS first_id
                  FROM cs_health_snapshot r
                  JOIN cs_scorecard k ON k.id = r.scorecard_id
                 WHERE r.account_id = a.id AND r.at <= %(moment)s
                   AND r.is_rebuilt IS NOT TRUE
                 ORDER BY r.at DESC LIMIT 1) last ON TRUE
            LEFT JOIN LATERAL (
                SELECT k.id FROM cs_scorecard k
                 WHERE k.origin_id = last.first_id AND k.state = 'published'
                   AND k.effective_from > last.at AND k.effective_from <= %(moment)s
                 ORDER BY k.version DESC LIMIT 1) newer ON TRUE
            """,
            moment=self.moment,
        )
        recorded = SQL(
            "CASE WHEN past.changed_at > last.at THEN NULL"
            " ELSE COALESCE(newer.id, last.card_id) END,"
        )
        return {"recorded": recorded, "snapshots": snapshots}

    def _sql_by_card(self):
        """Return rows of the id of any version, and of that in force."""
        return SQL(", ").join(
            SQL("(%s, %s)", one.id, version.id)
            for version in self.versions
            for one in version._family()
        ) or SQL("(0, 0)")

    def _find_default_version(self):
        of_company = (False, self.company.id)
        cards = self.env["cs.scorecard"].sudo()
        default = cards.search(
            [("is_default", "=", True), ("company_id", "in", of_company)]
        ).sorted(lambda card: not card.company_id)[:1]
        family = default._family() if default else default
        return SQL("%s::int", (self.versions & family)[:1].id or None)

    def _find_default_segment_card(self):
        segment = self.env["cs.segment"].sudo()._default_segment(self.company)
        return SQL("%s::int", segment.scorecard_id.id or None)
