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
        cards = self.env["cs.scorecard"].browse(
            vals["scorecard_id"] for vals in vals_list if vals.get("scorecard_id")
        )
        cards._check_not_frozen()
        parts = super().create(vals_list)
        cards._judge_all_again()
        return parts

    def write(self, vals):
        self.scorecard_id._check_not_frozen()
        result = super().write(vals)
        self.scorecard_id._judge_all_again()
        return result

    def unlink(self):
        cards = self.scorecard_id
        cards._check_not_frozen()
        result = super().unlink()
        cards._judge_all_again()
        return result
