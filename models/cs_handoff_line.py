from odoo import fields, models


class CsHandoffLine(models.Model):
    """A product that was sold, and what it brings each month."""

    _name = "cs.handoff.line"
    _inherit = "cs.handoff.part"
    _description = "Handoff Product"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        comodel_name="product.product", required=True, ondelete="restrict"
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    currency_id = fields.Many2one(related="handoff_id.currency_id")
    mrr = fields.Monetary(string="MRR")
