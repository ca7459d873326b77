from odoo import api, fields, models
from odoo.tools import SQL

from .cs_metric_feature import FEATURE_WEIGHTS


class CsFeatureUse(models.Model):
    """How much a customer uses each followed feature of the products it has.

    One row for each customer and feature of a product with a subscription in force,
    used or not: the same arithmetic behind the customer's engagement, its
    explanation and the list that people read.
    """

    _name = "cs.feature.use"
    _description = "Use of a Feature"
    _inherit = ["cs.fact.display.mixin"]
    _auto = False
    # By customer, cheaply: sorting by what is shown would sort the whole portfolio.
    _order = "id"
    _rec_name = "metric_id"

    account_id = fields.Many2one(
        comodel_name="cs.account", string="Customer", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    metric_id = fields.Many2one(
        comodel_name="cs.metric", string="Feature", readonly=True
    )
    feature_kind = fields.Selection(related="metric_id.feature_kind")
    feature_benefit = fields.Text(related="metric_id.feature_benefit")
    full_use = fields.Float(related="metric_id.full_use", aggregator=None)
    value = fields.Float(readonly=True, aggregator="avg")
    at = fields.Datetime(string="As of", readonly=True)
    state = fields.Selection(
        selection=[
            ("counted", "Counted"),
            ("stale", "Too old, left out"),
            ("unknown", "Unknown, left out"),
        ],
        readonly=True,
    )
    points = fields.Float(
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="0 to 100: the value in proportion to full use. Nothing where the value "
        "is unknown or too old.",
    )
    age_days = fields.Integer(string="Age (days)", compute="_compute_age_days")

    def _compute_is_known(self):
        for use in self:
            use.is_known = use.state != "unknown"

    @api.depends("at")
    def _compute_age_days(self):
        accounts = self.env["cs.account"]
        for use in self:
            company = use.company_id
            day = use.at and accounts._local_date(use.at, company)
            use.age_days = (accounts._today(company) - day).days if day else 0

    def _display_other(self, value):
        """Return another value of this feature as text; False if none or the same."""
        if value is None or value == self.value:
            return False
        other = self.new(
            {
                "account_id": self.account_id.id,
                "metric_id": self.metric_id.id,
                "value": value,
            }
        )
        return getattr(self, f"_format_{self.metric_id.kind}")(other)

    @property
    def _table_query(self):
        # A number that stays the same for the same customer and feature.
        return SQL(
            "SELECT (u.account_id::bigint << 20) + u.metric_id AS id, u.* FROM (%s) u",
            self._sql_uses(),
        )

    @api.model
    def _sql_uses(self, as_of=None, scope=None):
        """Return the use of every feature by every customer that has its product.

        :param as_of: None (now), a UTC ``datetime`` or a ``date``: both the values
            and the subscriptions in force then
        :param scope: function from the ``SQL`` of an account's id to a condition
        :return: an ``SQL`` relation: account_id, company_id, product_id, metric_id,
            weight, value, at, state, points (0–100; NULL unless state is counted)
        """
        # OFFSET 0: one look into the index each, whatever is guessed of the rows.
        return SQL(
            """
            SELECT f.account_id, f.company_id, f.product_id, f.metric_id, f.weight,
                   v.value, v.at, k.state,
                   CASE WHEN k.state = 'counted' THEN
                        least(100, greatest(0, 100 * v.value / f.full_use)) END
                        AS points
              FROM (%(features)s) f
              LEFT JOIN LATERAL (
                   SELECT v.value, v.at FROM (%(values)s) v
                    WHERE v.account_id = f.account_id AND v.metric_id = f.metric_id
                   OFFSET 0) v ON TRUE
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN v.value IS NULL THEN 'unknown'
                               WHEN f.stale_after_days > 0
                                    AND v.at < %(moment)s
                                        - f.stale_after_days * INTERVAL '1 day'
                               THEN 'stale'
                               ELSE 'counted' END AS state) k
            """,
            features=self._sql_features_in_force(as_of, scope),
            values=self.env["cs.metric.value"]._sql_values(as_of),
            moment=self.env["cs.account"]._as_of_moment(as_of),
        )

    @api.model
    def _sql_features_in_force(self, as_of, scope):
        """Return which features the subscriptions in force bring to whom."""
        # sudo: what is followed is the same for all. Given as a list, not as a table:
        # the database never has statistics of so few features, and guesses badly.
        metrics = self.env["cs.metric"].sudo()
        features = metrics.search([("product_id", "!=", False)])
        return SQL(
            """
            SELECT s.account_id, s.company_id, f.*
              FROM (SELECT DISTINCT account_id, company_id, product_id
                      FROM (%(subscriptions)s) t
                     WHERE t.in_force AND t.product_id IS NOT NULL) s
              JOIN unnest(
                       %(products)s::int[], %(ids)s::int[], %(full_uses)s::float8[],
                       %(limits)s::int[], %(weights)s::int[]
                   ) f (product_id, metric_id, full_use, stale_after_days, weight)
             USING (product_id)
            """,
            subscriptions=self.env["cs.subscription"]._sql_today(scope, as_of),
            products=[feature.product_id.id for feature in features],
            ids=features.ids,
            full_uses=features.mapped("full_use"),
            limits=features.mapped("stale_after_days"),
            weights=[FEATURE_WEIGHTS[feature.feature_kind] for feature in features],
        )
