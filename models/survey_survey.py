from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Measure → the least and the most that its question may answer.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
#: Measure → the least answer of each class, from the best class down.
CLASSES = {
    "nps": (("promoter", 9), ("passive", 7), ("detractor", 0)),
    "csat": (("satisfied", 4), ("neutral", 3), ("dissatisfied", 1)),
    "ces": (("easy", 5), ("neutral", 4), ("difficult", 1)),
}


class SurveySurvey(models.Model):
    """A survey may measure the customer's satisfaction, by its first scale question."""

    _inherit = "survey.survey"

    cs_measure = fields.Selection(
        selection=[("nps", "NPS"), ("csat", "CSAT"), ("ces", "CES")],
        string="Measures",
        index="btree_not_null",
        help="The answer to the first question on a scale becomes a fact of the "
        "customer. NPS: would they recommend us, 0 to 10. CSAT: how satisfied, 1 to 5. "
        "CES: how easy, 1 to 7.",
    )

    @api.constrains("cs_measure", "question_and_page_ids")
    def _check_cs_scale(self):
        measures = dict(self._fields["cs_measure"]._description_selection(self.env))
        for survey in self.filtered("cs_measure"):
            question = survey._cs_question()
            least, most = SCALES[survey.cs_measure]
            if question and (question.scale_min, question.scale_max) != (least, most):
                raise ValidationError(
                    self.env._(
                        "%(measure)s is answered from %(least)s to %(most)s. Change "
                        "the scale of the question “%(question)s”.",
                        measure=measures[survey.cs_measure],
                        least=least,
                        most=most,
                        question=question.title,
                    )
                )

    def _cs_question(self):
        """Return the question whose answer is the measure, or none."""
        self.ensure_one()
        return self.question_and_page_ids.filtered(
            lambda question: question.question_type == "scale"
        ).sorted(lambda question: (question.sequence, question.id))[:1]

    @api.model
    def _cs_class_of(self, measure, value):
        """Return the class of an answer.

        :param measure: a value of ``cs_measure``
        :param value: the number that was answered
        :return: promoter, passive or detractor for NPS; see ``CLASSES``
        """
        return next(name for name, least in CLASSES[measure] if value >= least)
