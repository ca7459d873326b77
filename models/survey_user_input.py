from odoo import SUPERUSER_ID, fields, models
from odoo.tools import format_date


class SurveyUserInput(models.Model):
    """The answer of a customer: a fact about it, and the end of the task that asked."""

    _inherit = "survey.user_input"

    cs_account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        groups="customer_success.group_cs_user",
    )
    cs_task_id = fields.Many2one(
        comodel_name="cs.task",
        string="Asked by the task",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        groups="customer_success.group_cs_user",
    )
    cs_value = fields.Float(
        string="Measured", readonly=True, copy=False, aggregator="avg", digits=(3, 0)
    )
    cs_class = fields.Selection(
        selection=[
            ("promoter", "Promoter"),
            ("passive", "Passive"),
            ("detractor", "Detractor"),
            ("satisfied", "Satisfied"),
            ("neutral", "Neutral"),
            ("dissatisfied", "Dissatisfied"),
            ("easy", "Easy"),
            ("difficult", "Difficult"),
        ],
        string="Class of the answer",
        readonly=True,
        copy=False,
    )

    def _mark_done(self):
        answering = self.filtered(lambda answer: answer.state != "done")
        result = super()._mark_done()
        # sudo: who answers is nobody, with a link; facts and journeys go on by it
        answering.sudo()._cs_take()
        return result

    def _cs_take(self):
        """Record what was measured, and let the tasks that asked go on."""
        taken = self.filtered(
            lambda answer: answer.cs_account_id and not answer.test_entry
        )
        for answer in taken.filtered(lambda answer: answer._cs_line()):
            answer._cs_record()
            answer._cs_tell()
        for task in taken.cs_task_id:
            task._go_on_by_answer()

    def _cs_line(self):
        """Return the answer to the question that measures, or none."""
        survey = self.survey_id
        question = survey.cs_measure and survey._cs_question()
        return self.user_input_line_ids.filtered(
            lambda line: line.question_id == question and not line.skipped
        )[:1]

    def _cs_record(self):
        """Keep value and class of this answer, and record the fact."""
        measure = self.survey_id.cs_measure
        value = self._cs_line().value_scale
        self.write(
            {
                "cs_value": value,
                "cs_class": self.survey_id._cs_class_of(measure, value),
            }
        )
        # As the machine, in the customer's company: who answers has none.
        facts = self.env["cs.metric.value"].with_user(SUPERUSER_ID)
        company = self.cs_account_id.company_id
        answer = facts.with_context(allowed_company_ids=company.ids).record(
            [
                {
                    "account": self.cs_account_id.id,
                    "metric": measure,
                    "value": value,
                    "at": fields.Datetime.to_string(self.end_datetime),
                }
            ]
        )
        for error in answer["errors"]:
            self.cs_account_id._message_log(body=error["reason"])

    def _cs_tell(self):
        """Write the answer into the history of the customer and of the task."""
        csm = self.cs_account_id.csm_id
        summary = self.with_context(lang=csm.lang or self.env.lang)._cs_summary()
        self.cs_account_id._message_log(body=summary)
        if self.cs_task_id:
            self.cs_task_id._message_log(body=summary)

    def _cs_summary(self):
        """Return in one line who answered what, in words for our people."""
        who = self.partner_id.name or self.email or ""
        if not self.cs_class:
            return self.env._("%(who)s: no answer yet", who=who)
        classes = dict(self._fields["cs_class"]._description_selection(self.env))
        measures = self.survey_id._fields["cs_measure"]
        summary = self.env._(
            "%(who)s: %(measure)s %(value)s, %(class)s, on %(date)s",
            who=who,
            measure=dict(measures._description_selection(self.env))[
                self.survey_id.cs_measure
            ],
            value=int(self.cs_value),
            date=format_date(self.env, self.end_datetime),
            **{"class": classes[self.cs_class].lower()},
        )
        words = self.user_input_line_ids.filtered("value_text_box")
        said = " ".join(words.mapped("value_text_box"))
        return f"{summary}. “{said}”" if said else summary
