import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class CsTask(models.Model):
    """The customer is reminded of its task once, before it is late."""

    _inherit = "cs.task"

    reminded_on = fields.Date(string="Reminded on", copy=False)

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {"reminded_on"}

    @api.model
    def _cron_remind(self, batch_size=50):
        """Remind the customers of what is due soon, so many tasks a transaction.

        :param batch_size: tasks per transaction
        """
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([]):
            due = self._domain_to_remind(company)
            while batch := (
                self._engine()
                .search(due, order="id", limit=batch_size)
                .try_lock_for_update()
            ):
                batch._remind_each()
                if not cron._commit_progress(len(batch)):
                    return

    @api.model
    def _domain_to_remind(self, company):
        """Return which tasks of the customers of a company are due soon.

        One that opened today was announced today.
        """
        if company.cs_reminder_days <= 0:
            return Domain.FALSE
        today = self.env["cs.account"]._today(company)
        last = fields.Date.add(today, days=company.cs_reminder_days)
        return (
            Domain(
                [
                    ("company_id", "=", company.id),
                    ("responsible", "=", "customer"),
                    ("kind", "in", ("task", "interaction")),
                    ("state", "=", "open"),
                    ("reminded_on", "=", False),
                    ("date_open", "<", today),
                    ("date_deadline", ">=", today),
                    ("date_deadline", "<=", last),
                ]
            )
            & self._domain_not_paused()
        )

    def _remind_each(self):
        """Remind of these tasks, one by one: none stops another, none comes twice."""
        for task in self:
            # Once tried is enough: what is missing is said on the task.
            task.reminded_on = self.env["cs.account"]._today(task.company_id)
            staff = task.csm_id
            speaking = task.with_context(lang=staff.lang or self.env.lang)
            try:
                with self.env.cr.savepoint():
                    speaking._remind()
            except UserError as missing:
                speaking._message_log(body=str(missing))
            except Exception:
                _logger.exception("The customer was not reminded of %s", task.id)

    def _remind(self):
        template = self._message_template("mail_template_task_reminder")
        for person in self._people_of_notice():
            self._post_to(person, template, self, posted_on=self)
