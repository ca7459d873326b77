from odoo import fields, models


class CsSegmentPhase(models.Model):
    """Cadences of a segment that differ in one phase."""

    _name = "cs.segment.phase"
    _inherit = "cs.cadence"
    _description = "Cadences of a Segment in a Phase"
    _order = "segment_id, phase_id"

    segment_id = fields.Many2one(
        comodel_name="cs.segment", required=True, ondelete="cascade", index=True
    )
    phase_id = fields.Many2one(
        comodel_name="cs.phase", required=True, ondelete="cascade"
    )

    _phase_uniq = models.UniqueIndex(
        "(segment_id, phase_id)", "The cadences of this phase are said already."
    )
