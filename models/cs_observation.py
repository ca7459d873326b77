from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


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

    def _sql_observed(self, as_of=None):
        """Return what these observations see, one row per account that is known.

        Stale values (older than their metric allows) are not seen.

        :param as_of: None (now), a naive UTC ``datetime`` or a ``date``
        :return: an ``SQL`` that can stand in a FROM as ``(%s) o`` with columns
            observation_id, account_id, value, at (of the newest value)
        """
        moment = self.env["cs.account"]._as_of_moment(as_of)
        parts = [
            group._sql_observed_alike(as_of, moment, basis, window)
            for (basis, window), group in self._grouped_by_reading().items()
        ]
        if not parts:
            return SQL(
                "SELECT NULL::int AS observation_id, NULL::int AS account_id, "
                "NULL::float AS value, NULL::timestamp AS at WHERE FALSE"
            )
        return SQL(" UNION ALL ").join(parts)

    def _grouped_by_reading(self):
        """Return ``{(basis, window): observations}``: each group is read in one go."""
        groups = {}
        for observation in self:
            changes = observation.basis.startswith("change")
            key = (observation.basis, observation.window_days if changes else 0)
            groups[key] = groups.get(key, self.browse()) | observation
        return groups

    def _sql_observed_alike(self, as_of, moment, basis, window):
        present = self._sql_fresh_values(as_of, moment, self.metric_id)
        if basis == "value":
            other, expression = SQL(), SQL("v.value")
        elif basis == "ratio":
            per = self._sql_fresh_values(as_of, moment, self.per_metric_id)
            other = SQL(
                "JOIN (%s) p ON p.account_id = v.account_id"
                " AND p.metric_id = o.per_metric_id",
                per,
            )
            expression = SQL("v.value / NULLIF(p.value, 0)")
        else:
            before = moment - timedelta(days=window)
            past = self._sql_fresh_values(before, before, self.metric_id)
            other = SQL(
                "JOIN (%s) p ON p.account_id = v.account_id"
                " AND p.metric_id = v.metric_id",
                past,
            )
            expression = SQL("v.value - p.value")
            if basis == "change_pct":
                expression = SQL(
                    "CASE WHEN v.value = p.value THEN 0"
                    " ELSE 100 * (v.value - p.value) / NULLIF(ABS(p.value), 0) END"
                )
        return SQL(
            """
            SELECT o.id AS observation_id, v.account_id, %(expression)s AS value, v.at
              FROM %(table)s o
              JOIN (%(present)s) v ON v.metric_id = o.metric_id
              %(other)s
             WHERE o.id IN %(ids)s AND %(expression)s IS NOT NULL AND %(looks)s
            """,
            expression=expression,
            table=SQL.identifier(self._table),
            present=present,
            other=other,
            ids=tuple(self.ids),
            looks=self._sql_looks_at(),
        )

    @api.model
    def _sql_looks_at(self):
        """Return whether observation ``o`` looks at the customer of value ``v``."""
        return SQL("TRUE")

    @api.model
    def _sql_fresh_values(self, as_of, moment, metrics):
        """Return the values of some metrics that are not stale at a moment."""
        return SQL(
            """
            SELECT v.account_id, v.metric_id, v.value, v.at
              FROM (%(values)s) v
              JOIN cs_metric m ON m.id = v.metric_id
             WHERE v.metric_id IN %(metrics)s
               AND (COALESCE(m.stale_after_days, 0) = 0
                    OR v.at >= %(moment)s - m.stale_after_days * INTERVAL '1 day')
            """,
            values=self.env["cs.metric.value"]._sql_values(as_of),
            metrics=tuple(metrics.ids) or (0,),
            moment=moment,
        )
