from odoo import fields, models


class CsSegmentRule(models.Model):
    """One fact that speaks for a segment."""

    _name = "cs.segment.rule"
    _inherit = "cs.condition"
    _description = "Segment Rule"
    _order = "segment_id, sequence, id"

    segment_id = fields.Many2one(
        comodel_name="cs.segment", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
