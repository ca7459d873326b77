from odoo import api, fields, models
from odoo.tools import format_time

#: Lines to fill in and sign by hand where nobody's name is known.
EMPTY_LINES = [{"name": "", "role": ""}] * 4


class CsDocumentTraining(models.AbstractModel):
    """The record of trainings: what was trained, with whom, how far they came."""

    _name = "report.customer_success.report_training"
    _description = "Record of Trainings"
    _inherit = "cs.document"
    _document_of = "cs.account"

    @api.model
    def _content_of(self, doc):
        trainings = self.env["cs.interaction"].with_env(doc.env)
        trainings = trainings.search(
            [("account_id", "=", doc.id), ("kind", "=", "training")], order="date, id"
        ).with_context(active_test=False)
        rows = [self._training(one) for one in trainings]
        people = {one["name"].casefold() for row in rows for one in row["attendees"]}
        people.discard("")
        return {
            "trainings": rows,
            "hours": self._number(doc.env, sum(trainings.mapped("hours")), 1),
            "people_count": len(people),
            "topics": trainings.topic_ids.sorted().mapped("name"),
            "coming": self._coming(doc),
        }

    @api.model
    def _training(self, training):
        env = training.env
        account = training.account_id
        zone = account._company_tz(training.company_id).key
        day = account._local_date(training.date, training.company_id)
        hour = format_time(env, training.date, tz=zone, time_format="short")
        return {
            "when": f"{self._day(env, day)} {hour}",
            "hours": self._number(env, training.hours, 1) if training.minutes else "–",
            "by": training.user_id.sudo().name,  # sudo: a person's name
            "topics": training.topic_ids.mapped("name"),
            "autonomy": training.autonomy,
            "autonomy_name": self._labels(training, "autonomy").get(training.autonomy),
            "attendees": training._attendees() or EMPTY_LINES,
        }

    @api.model
    def _coming(self, doc):
        """Return the trainings to come of the running plans that are shared."""
        tasks = self.env["cs.task"].with_env(doc.env)
        tasks = tasks.search(
            fields.Domain("plan_id.state", "=", "running")
            & fields.Domain("plan_id.visible_to_customer", "=", True)
            & fields.Domain("account_id", "=", doc.id)
            & fields.Domain("topic_id", "!=", False)
            & fields.Domain("state", "in", ("open", "waiting")),
            order="date_deadline, position, id",
        )
        shown = tasks.plan_id._customer_tasks()
        return [self._task_row(task) for task in tasks if task in shown]
