from odoo import api, models


class SurveyQuestion(models.Model):
    """The scale of a question that measures satisfaction is that of the measure."""

    _inherit = "survey.question"

    @api.constrains("question_type", "scale_min", "scale_max", "sequence")
    def _check_cs_scale(self):
        self.survey_id._check_cs_scale()
