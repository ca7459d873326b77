from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .cs_metric import DATE_KINDS

#: More features than a person can act on say less, not more.
MAX_FEATURES = 5
#: What the points of a feature count in engagement.
FEATURE_WEIGHTS = {"essential": 2, "differentiator": 1}


class CsMetric(models.Model):
    """Features: metrics that say how much a part of a product is used.

    The use of a feature earns 0 points at 0 and 100 points at its *full use*, linear
    between and never outside. What they say together is the customer's engagement,
    see :class:`CsFeatureUse`.
    """

    _inherit = "cs.metric"

    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Feature of",
        ondelete="restrict",
        index="btree_not_null",
        help="The product whose use it measures, as it stands in subscriptions. At "
        "most 5 features of a product are followed.",
    )
    feature_kind = fields.Selection(
        selection=[
            ("essential", "Essential"),
            ("differentiator", "Differentiator"),
        ],
        string="Kind of feature",
        help="Essential: who does not use it does not use the product; it counts "
        "twice in engagement. Differentiator: only we have it; it counts once.",
    )
    feature_benefit = fields.Text(
        string="What the customer sees in it",
        translate=True,
        help="The value it shows, in the customer's words: what is saved, what is not "
        "done by hand any more.",
    )
    full_use = fields.Float(
        aggregator=None,
        help="The value that earns 100 points. 0 earns none, between them the points "
        "are in proportion, above it they stay 100.",
    )

    _feature_is_whole = models.Constraint(
        "CHECK(product_id IS NULL OR (feature_kind IS NOT NULL AND full_use > 0))",
        "A feature needs its kind, and the value that counts as full use: more than 0.",
    )

    @api.constrains("product_id", "active")
    def _check_feature_count(self):
        products = self.filtered("active").product_id
        if not products:
            return
        self._serialize_changes_of(products)
        crowded = self._read_group(
            [("product_id", "in", products.ids)],
            ["product_id"],
            having=[("__count", ">", MAX_FEATURES)],
        )
        for (product,) in crowded:
            raise ValidationError(
                self.env._(
                    "%(count)s features of %(product)s are followed already. Archive "
                    "one of them to follow another.",
                    count=MAX_FEATURES,
                    product=product.display_name,
                )
            )

    @api.model
    def _serialize_changes_of(self, products):
        # The snapshot of a transaction would not show it the feature that another one
        # is adding: rewriting the row makes one of the two fail and be tried again.
        self.env.cr.execute(
            SQL(
                "UPDATE product_product SET id = id WHERE id = ANY(%s)",
                sorted(products.ids),
            )
        )

    @api.constrains("product_id", "kind", "higher_is_better")
    def _check_feature_measurable(self):
        for metric in self.filtered("product_id"):
            if metric.kind in DATE_KINDS:
                raise ValidationError(
                    self.env._(
                        "%(metric)s is a date, and a date is not used more or less: "
                        "choose another kind for a feature.",
                        metric=metric.name,
                    )
                )
            if not metric.higher_is_better:
                raise ValidationError(
                    self.env._(
                        "%(metric)s is better when lower: engagement counts use, "
                        "where more is better.",
                        metric=metric.name,
                    )
                )
