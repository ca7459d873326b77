from odoo import models


class ProductTemplate(models.Model):
    """The features of a product that are followed."""

    _inherit = "product.template"

    def action_open_cs_features(self):
        """Open the features that are followed of the variants of this product."""
        return self.product_variant_ids.action_open_cs_features()
