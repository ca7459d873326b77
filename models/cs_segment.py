from odoo import fields, models


class CsSegment(models.Model):
    """A group of customers that are served alike: touch, journey, cadences."""

    _name = "cs.segment"
    _description = "Customer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
