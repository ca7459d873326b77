from datetime import timedelta
from math import floor, log10

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

#: Of limits that observed values are compared with: use per MRR is far below 1.
OBSERVED_DIGITS = (16, 6)
#: The change, in %, of what was 0 and is something: beyond every limit, by its sign.
#: A number and not infinity, which JSON cannot say.
FROM_ZERO = 1e9


class CsObservation(models.AbstractModel):
    """How a value is looked at: as it is, as a change, or per another value.

    Everything that judges (segment rules, measures of health, alert conditions)
    inherits this, so that the same words mean the same arithmetic everywhere.
    """

    _name = "cs.observation"
    _description = "Observation of a Metric"

    metric_id = fields.Many2one(
        comodel_name="cs.metric", required=True, ondelete="restrict", index=True
    )
    basis = fields.Selection(
        selection=[
            ("value", "Value"),
            ("change", "Change"),
            ("change_pct", "Change (%)"),
            ("ratio", "Ratio to another metric"),
        ],
        required=True,
        default="value",
    )
    window_days = fields.Integer(
        string="Over days", default=30, help="How far back a change looks."
    )
    per_metric_id = fields.Many2one(
        comodel_name="cs.metric", string="Divided by", ondelete="restrict"
    )

    @api.constrains("basis", "window_days", "per_metric_id")
    def _check_basis(self):
        for observation in self:
            if observation.basis == "ratio" and not observation.per_metric_id:
                raise ValidationError(
                    self.env._("Choose the metric to divide by for a ratio.")
                )
            if observation.basis.startswith("change") and observation.window_days < 1:
                raise ValidationError(
                    self.env._("A change looks back over at least 1 day.")
                )

    def _is_whole(self):
        """Return whether it says enough to look at anything, while it is typed."""
        return (
            self.metric_id
            and self.basis
            and (self.basis != "ratio" or self.per_metric_id)
            and (not self.basis.startswith("change") or self.window_days >= 1)
        )

    def _basis_label(self):
        """Return the words for what is looked at: "Use, change (%) in 30 days"."""
        self.ensure_one()
        name = self.metric_id.name
        if self.basis == "ratio":
            return self.env._(
                "%(metric)s per %(other)s", metric=name, other=self.per_metric_id.name
            )
        if self.basis == "change":
            return self.env._(
                "%(metric)s, change in %(days)s days",
                metric=name,
                days=self.window_days,
            )
        if self.basis == "change_pct":
            return self.env._(
                "%(metric)s, change (%%) in %(days)s days",
                metric=name,
                days=self.window_days,
            )
        return name

    def _seen_in_words(self, value):
        """Return what was observed as a person reads it: "−25 %", "12 users".

        :param value: a number; None: unknown
        """
        if value is None:
            return self.env._("unknown")
        metric = self.metric_id
        if metric.kind == "boolean" and self.basis == "value":
            return self.env._("yes") if value else self.env._("no")
        if self._is_from_zero(value):
            return self._from_zero_in_words(value)
        digits = 0 if abs(value) >= 1000 else self._digits_of(value)
        number = formatLang(self.env, value, digits=digits)
        if self.basis.startswith("change") and value > 0:
            number = f"+{number}"
        if self.basis == "change_pct" or (
            self.basis == "value" and metric.kind == "percent"
        ):
            return f"{number} %"
        return (
            f"{number} {metric.unit}"
            if metric.unit and self.basis == "value"
            else number
        )

    def _is_from_zero(self, value):
        """Return whether a change in % has no figure: what it counts from was 0."""
        return self.basis == "change_pct" and abs(value) >= FROM_ZERO

    def _from_zero_in_words(self, value):
        return self.env._("up from 0") if value > 0 else self.env._("down from 0")

    def _digits_of(self, value):
        """Return how many decimals a person needs to tell this value from another.

        What is used per currency unit is far below 1: "0.0" would say nothing.
        """
        if float(value).is_integer():
            return 0
        if self.basis != "ratio":
            return 1
        if abs(value) >= 0.1:
            return 2
        return min(1 - floor(log10(abs(value))), OBSERVED_DIGITS[1])

    def _sql_observed(self, as_of=None, accounts=None, with_lost=False):
        """Return what these observations see, one row per account that is known.

        Stale values (older than their metric allows) are not seen. A change in % of
        what was 0 is ``FROM_ZERO`` by its sign, of 0 that stays 0 it is 0. What is
        divided by a 0 has no value: it is unknown and was not lost.

        :param as_of: None (now), a naive UTC ``datetime`` or a ``date``
        :param accounts: an ``SQL`` selecting account ids in a column ``id``; all
            without it
        :param with_lost: rows with a value of NULL too, for what was known once and
            is unknown or stale now
        :return: an ``SQL`` that can stand in a FROM as ``(%s) o`` with columns
            observation_id, account_id, value, at (of the newest value) and other_at
            (of the value before, or of the one divided by)
        """
        moment = self.env["cs.account"]._as_of_moment(as_of)
        facts = self.env["cs.metric.value"]
        groups = self._grouped_by_reading()
        values_ago = {
            days: facts._sql_values(
                moment - timedelta(days=days) if days else as_of, with_lost
            )
            for days in {0, *(window for _basis, window in groups)}
        }
        parts = [
            group._sql_observed_alike(
                basis,
                window,
                lambda metrics, days: self._sql_fresh_values(
                    values_ago[days],
                    moment - timedelta(days=days),
                    metrics,
                    accounts=accounts,
                    with_lost=with_lost,
                ),
            )
            for (basis, window), group in groups.items()
        ]
        if not parts:
            return SQL(
                "SELECT NULL::int AS observation_id, NULL::int AS account_id,"
                " NULL::float AS value, NULL::timestamp AS at,"
                " NULL::timestamp AS other_at WHERE FALSE"
            )
        seen = SQL(" UNION ALL ").join(parts)
        if with_lost:
            return seen
        return SQL("SELECT * FROM (%s) s WHERE value IS NOT NULL", seen)

    def _grouped_by_reading(self):
        """Return ``{(basis, window): observations}``: each group is read in one go."""
        groups = {}
        for observation in self:
            changes = observation.basis.startswith("change")
            key = (observation.basis, observation.window_days if changes else 0)
            groups[key] = groups.get(key, self.browse()) | observation
        return groups

    def _sql_observed_alike(self, basis, window, values):
        """Return what observations of the same basis and window see.

        :param values: a function of metrics and days, which returns an ``SQL`` of
            the values of these metrics so many days ago
        """
        other, other_at, exists = SQL(), SQL("NULL::timestamp"), SQL()
        if basis == "value":
            expression = SQL("v.value")
        elif basis == "ratio":
            other = SQL(
                "JOIN (%s) p ON p.account_id = v.account_id"
                " AND p.metric_id = o.per_metric_id",
                values(self.per_metric_id, 0),
            )
            expression, other_at = SQL("v.value / NULLIF(p.value, 0)"), SQL("p.at")
            exists = SQL("AND p.value IS DISTINCT FROM 0")
        else:
            other = SQL(
                "JOIN (%s) p ON p.account_id = v.account_id"
                " AND p.metric_id = v.metric_id",
                values(self.metric_id, window),
            )
            expression, other_at = SQL("v.value - p.value"), SQL("p.at")
            if basis == "change_pct":
                expression = SQL(
                    "CASE WHEN p.value = 0 THEN SIGN(v.value) * %s"
                    " ELSE 100 * (v.value - p.value) / ABS(p.value) END",
                    FROM_ZERO,
                )
        return SQL(
            """
            SELECT o.id AS observation_id, v.account_id, %(expression)s AS value, v.at,
                   %(other_at)s AS other_at
              FROM %(table)s o
              JOIN (%(present)s) v ON v.metric_id = o.metric_id
              %(other)s
             WHERE o.id IN %(ids)s AND %(looks)s %(exists)s
            """,
            exists=exists,
            expression=expression,
            other_at=other_at,
            table=SQL.identifier(self._table),
            present=values(self.metric_id, 0),
            other=other,
            ids=tuple(self.ids),
            looks=self._sql_looks_at(),
        )

    @api.model
    def _sql_looks_at(self):
        """Return whether observation ``o`` looks at the customer of value ``v``."""
        return SQL("TRUE")

    @api.model
    def _sql_fresh_values(
        self, values, moment, metrics, accounts=None, with_lost=False
    ):
        """Return the values of some metrics that are not stale at a moment.

        :param values: what was known at the moment, see ``_sql_values``
        :param accounts: an ``SQL`` selecting account ids in a column ``id``
        :param with_lost: what is unknown or stale too, with a value of NULL
        """
        fresh = SQL(
            "(COALESCE(m.stale_after_days, 0) = 0"
            " OR v.at >= %s - m.stale_after_days * INTERVAL '1 day')",
            moment,
        )
        return SQL(
            """
            SELECT v.account_id, v.metric_id, %(value)s AS value, v.at
              FROM (%(values)s) v
              JOIN cs_metric m ON m.id = v.metric_id
             WHERE v.metric_id IN %(metrics)s %(of_accounts)s %(if_fresh)s
            """,
            value=SQL("CASE WHEN %s THEN v.value END", fresh)
            if with_lost
            else SQL("v.value"),
            values=values,
            metrics=tuple(metrics.ids) or (0,),
            of_accounts=SQL("AND v.account_id IN (SELECT id FROM (%s) s)", accounts)
            if accounts
            else SQL(),
            if_fresh=SQL() if with_lost else SQL("AND %s", fresh),
        )
