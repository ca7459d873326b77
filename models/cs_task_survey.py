import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

#: Nobody is asked the same twice within so many days.
DAYS_OF_REST = 30


class CsTask(models.Model):
    """A survey task asks the customer, and is done by the answer."""

    _inherit = "cs.task"

    answer_ids = fields.One2many(
        comodel_name="survey.user_input",
        inverse_name="cs_task_id",
        string="Answers of the survey",
        groups="survey.group_survey_user",
    )
    answer_text = fields.Text(
        string="Answered",
        compute="_compute_answer_text",
        help="Who was asked, and what they answered.",
    )

    def _compute_answer_text(self):
        for task in self:
            # sudo: who may read the task may read what the customer answered to it
            task.answer_text = "\n".join(
                answer._cs_summary() for answer in task.sudo().answer_ids
            )

    def _deliver_survey(self):
        """Ask each of the right people, in their language."""
        survey = self.survey_id
        self._check_survey_can_be_sent(survey)
        people = self._not_asked_lately(
            self.account_id._people_to_write_to(self.contact_role_id), survey
        )
        template = self._message_template("mail_template_survey")
        for person in people:
            self._post_to(
                person,
                template,
                self._answer_of(person, survey),
                posted_on=self,
                may_opt_out=True,
            )
        return people

    def _not_asked_lately(self, people, survey):
        """Return those of these people who were not asked the same a short while ago.

        :raise UserError: all of them were
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), days=DAYS_OF_REST)
        asked = self.answer_ids.search(
            [
                ("partner_id", "in", people.ids),
                ("survey_id.cs_measure", "=", survey.cs_measure),
                ("cs_task_id", "!=", self.id),
                ("cs_task_id.sent_on", ">=", since),
            ]
        )
        willing = people - asked.partner_id
        if not willing:
            raise UserError(
                self.env._(
                    "Asked the same less than %(days)s days ago: %(people)s. Skip "
                    "the task, or send it later.",
                    people=", ".join(people.mapped("name")),
                    days=DAYS_OF_REST,
                )
            )
        return willing

    def _check_survey_can_be_sent(self, survey):
        if not survey:
            raise UserError(
                self.env._("No survey is chosen. Choose one on the task, then send it.")
            )
        if not survey.active or not survey.cs_measure or not survey._cs_question():
            raise UserError(
                self.env._(
                    "The survey “%(survey)s” cannot be sent: it must be active, say "
                    "what it measures and have a question on a scale.",
                    survey=survey.title,
                )
            )

    def _answer_of(self, person, survey):
        """Return where this person answers: one place for one task."""
        waiting = self.answer_ids.filtered(
            lambda answer: (
                answer.partner_id == person
                and answer.survey_id == survey
                and answer.state != "done"
            )
        )
        lang = person.lang or self.account_id.partner_id.lang or self.env.lang
        return waiting[:1] or survey._create_answer(
            partner=person,
            check_attempts=False,
            cs_task_id=self.id,
            cs_account_id=self.account_id.id,
            lang_id=self.env["res.lang"]._lang_get(lang).id,
        )

    def _conclude_by_answer(self):
        """Conclude the tasks that waited for an answer; it came."""
        tasks = self._engine().filtered(
            lambda task: task.kind == "survey" and task.state == "open"
        )
        if tasks:
            tasks._conclude()

    def _after_resume(self):
        res = super()._after_resume()
        # sudo: an answer that came during the pause counts, whoever may read it
        self.filtered(
            lambda task: (
                task.kind == "survey"
                and task.state == "open"
                and "done" in task.sudo().answer_ids.mapped("state")
            )
        )._settle("done")
        return res

    def _go_on_by_answer(self):
        """Conclude this task; the answer is kept even where the journey cannot go on.

        :raise OperationalError: somebody else moves the journey; to be tried again
        """
        try:
            with self.env.cr.savepoint():
                self._conclude_by_answer()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Task %s was answered but not concluded", self.id)
