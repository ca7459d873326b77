from odoo import models


class ProductProduct(models.Model):
    """The features of a product that are followed."""

    _inherit = "product.product"

    def action_open_cs_features(self):
        """Open the features that are followed of these products."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_feature_action"
        )
        action["domain"] = [("product_id", "in", self.ids)]
        if len(self) == 1:
            action["context"] = {"default_product_id": self.id}
        return action
