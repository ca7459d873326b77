from odoo import api, fields, models


class CsHandoffPart(models.AbstractModel):
    """What a handoff is made of: it can be edited as long as the document can."""

    _name = "cs.handoff.part"
    _description = "Part of a Handoff"
    _order = "handoff_id, sequence, id"

    handoff_id = fields.Many2one(
        comodel_name="cs.handoff", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.handoff_id._check_editable()
        return parts

    def write(self, vals):
        self.handoff_id._check_editable()
        result = super().write(vals)
        if "handoff_id" in vals:
            # A part that is moved must be editable, and seen, where it comes to.
            self.handoff_id.check_access("write")
            self.handoff_id._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_while_editable(self):
        self.handoff_id._check_editable()
