from odoo import fields, models


class CsChurnReason(models.Model):
    """Why a customer left."""

    _name = "cs.churn.reason"
    _description = "Churn Reason"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
