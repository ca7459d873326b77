from odoo import api, fields, models


class CsScorecardPart(models.AbstractModel):
    """A piece of a scorecard, frozen with it."""

    _name = "cs.scorecard.part"
    _description = "Part of a Scorecard"

    scorecard_id = fields.Many2one(
        comodel_name="cs.scorecard", required=True, ondelete="cascade", index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        # Whatever named the scorecard, the values or a default.
        parts.scorecard_id._check_not_frozen()
        parts.scorecard_id._judge_all_again()
        return parts

    def write(self, vals):
        before = self.scorecard_id
        before._check_not_frozen()
        result = super().write(vals)
        if "scorecard_id" in vals:
            self.scorecard_id._check_not_frozen()
        (before | self.scorecard_id)._judge_all_again()
        return result

    def unlink(self):
        cards = self.scorecard_id
        cards._check_not_frozen()
        result = super().unlink()
        cards._judge_all_again()
        return result
