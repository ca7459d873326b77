from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from .cs_observation import OBSERVED_DIGITS


class CsCondition(models.AbstractModel):
    """A question about a customer that facts answer with yes, no or unknown."""

    _name = "cs.condition"
    _inherit = "cs.observation"
    _description = "Condition on a Metric"

    operator = fields.Selection(
        selection=[
            (">", "is more than"),
            (">=", "is at least"),
            ("<", "is less than"),
            ("<=", "is at most"),
            ("=", "is"),
            ("!=", "is not"),
            ("known", "is known"),
            ("unknown", "is unknown"),
        ],
        required=True,
        default=">",
    )
    threshold = fields.Float(digits=OBSERVED_DIGITS)

    @api.depends("metric_id", "basis", "operator", "threshold", "window_days")
    def _compute_display_name(self):
        for condition in self:
            condition.display_name = (
                condition._question() if condition.metric_id else ""
            )

    def _question(self):
        """Return the condition in words, such as "Employees is more than 100"."""
        self.ensure_one()
        operators = dict(self._fields["operator"]._description_selection(self.env))
        words = [self._basis_label(), operators[self.operator]]
        if self.operator not in ("known", "unknown"):
            words.append(self._format_value(self.threshold))
        return " ".join(words)

    def _answer(self, value):
        """Return what was seen beside what was asked, as "Employees: 230 (> 100)"."""
        self.ensure_one()
        seen = self.env._("unknown") if value is None else self._format_value(value)
        if value is not None and self.basis == "value" and self.metric_id.unit:
            seen = f"{seen} {self.metric_id.unit}"
        if self.operator in ("known", "unknown"):
            return f"{self._basis_label()}: {seen}"
        if self._is_yes_or_no():
            return f"{self._basis_label()}: {seen}"
        return f"{self._basis_label()}: {seen} ({self._limit()})"

    def _limit(self):
        """Return what is asked of the value as a sign and a number: "≥ 20"."""
        sign = {">=": "≥", "<=": "≤", "!=": "≠"}.get(self.operator, self.operator)
        return f"{sign} {self._format_value(self.threshold)}"

    def _say_verdict(self, value, holds):
        """Return in words what was seen, what was expected and whether it is so.

        As "Weekly active users 12 — expected ≥ 20: fails".

        :param value: what was seen, None if unknown
        """
        self.ensure_one()
        seen = self.env._("unknown") if value is None else self._format_value(value)
        if self.operator in ("known", "unknown") or self._is_yes_or_no():
            expected = self._question()
        else:
            expected = self._limit()
        words = {
            "what": self._basis_label(),
            "seen": seen,
            "expected": expected,
        }
        if holds:
            return self.env._(
                "%(what)s %(seen)s — expected %(expected)s: holds", **words
            )
        return self.env._("%(what)s %(seen)s — expected %(expected)s: fails", **words)

    @api.model
    def _question_fields(self):
        """Return the names of the fields that make a question, to be copied."""
        names = self.env.registry["cs.condition"]._fields.keys()
        return sorted(names - set(models.MAGIC_COLUMNS) - {"display_name"})

    def _is_yes_or_no(self):
        return self.metric_id.kind == "boolean" and self.basis == "value"

    def _format_value(self, value):
        if self._is_yes_or_no():
            return self.env._("yes") if value else self.env._("no")
        if self._is_from_zero(value):
            return self._from_zero_in_words(value)
        return formatLang(self.env, value, digits=self._digits_of(value))

    def _sql_judged(self, accounts, as_of=None):
        """Return the answer of each condition for each account.

        :param accounts: an ``SQL`` selecting account ids in a column ``id``
        :param as_of: None (now), a naive UTC ``datetime`` or a ``date``
        :return: an ``SQL`` with columns account_id, condition_id, value, at and
            holds (NULL where the fact is unknown or stale)
        """
        return SQL(
            """
            SELECT a.id AS account_id, c.id AS condition_id, o.value, o.at,
                   %(holds)s AS holds
              FROM (%(accounts)s) a
             CROSS JOIN %(table)s c
              LEFT JOIN (%(observed)s) o
                     ON o.account_id = a.id AND o.observation_id = c.id
             WHERE c.id IN %(ids)s
            """,
            accounts=accounts,
            holds=self._sql_holds(),
            table=SQL.identifier(self._table),
            observed=self._sql_observed(as_of),
            ids=tuple(self.ids) or (0,),
        )

    @api.model
    def _sql_holds(self):
        """Return whether condition ``c`` holds for what is observed in ``o``.

        NULL where the fact is unknown or stale.
        """
        return SQL(
            """
            CASE WHEN c.operator = 'known' THEN o.value IS NOT NULL
                 WHEN c.operator = 'unknown' THEN o.value IS NULL
                 WHEN o.value IS NULL THEN NULL
                 WHEN c.operator = '>' THEN o.value > c.threshold
                 WHEN c.operator = '>=' THEN o.value >= c.threshold
                 WHEN c.operator = '<' THEN o.value < c.threshold
                 WHEN c.operator = '<=' THEN o.value <= c.threshold
                 WHEN c.operator = '=' THEN o.value = c.threshold
                 WHEN c.operator = '!=' THEN o.value <> c.threshold
            END
            """
        )

    def _observe(self):
        """Return what these conditions see now of their own customers, in one query.

        For models whose records belong to one customer each (``_sql_looks_at``).

        :return: ``{id: {"value": number or None, "holds": bool}}``; what is
            unknown does not hold
        """
        if not self.ids:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT c.id, o.value, COALESCE(%(holds)s, FALSE)
                  FROM %(table)s c
                  LEFT JOIN (%(observed)s) o ON o.observation_id = c.id
                 WHERE c.id IN %(ids)s
                """,
                table=SQL.identifier(self._table),
                holds=self._sql_holds(),
                observed=self._sql_observed(),
                ids=tuple(self.ids),
            )
        )
        return {key: {"value": value, "holds": holds} for key, value, holds in rows}
