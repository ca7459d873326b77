from odoo import fields, models


class CsHandoffLine(models.Model):
    """A product that was sold, and what it brings each month."""

    _name = "cs.handoff.line"
    _description = "Handoff Product"
    _order = "handoff_id, sequence, id"
    _rec_name = "product_id"

    handoff_id = fields.Many2one(
        comodel_name="cs.handoff", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, ondelete="restrict"
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    currency_id = fields.Many2one(related="handoff_id.currency_id")
    mrr = fields.Monetary(string="MRR")
