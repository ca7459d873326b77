from odoo import api, models


class CsDocumentPlan(models.AbstractModel):
    """The action plan: who does what until when, and how far it is."""

    _name = "report.customer_success.report_plan"
    _description = "Action Plan"
    _inherit = "cs.document"
    _document_of = "cs.plan"

    @api.model
    def _content_of(self, doc):
        env = doc.env
        # What the customer's page shows, and no step more.
        page = doc.get_customer_plan()
        tasks = doc._customer_tasks()
        trainings = tasks.filtered("topic_id")
        return {
            "plan": doc,
            "found_on": self._day(
                env, doc.diagnostic_id.concluded_on or doc.diagnostic_id.started_on
            ),
            "title": self._labels(doc, "kind")[doc.kind],
            "state_name": self._labels(doc, "state")[doc.state],
            "is_late": doc.state == "running" and page["late"],
            "responsible": doc.user_id.sudo().name,  # sudo: a person's name
            "start": self._day(env, doc.start_on),
            "until": self._day(env, page["until"]),
            "validated": self._day(env, doc.validated_on),
            "validated_by": doc.validated_by_id.name,
            "progress": page["progress"],
            "settled": page["settled"],
            "total": page["total"],
            "late": page["late"],
            "timelines": [self._drawing(one) for one in doc._draw_timelines(tasks)],
            "actions": [self._task_row(task) for task in tasks - trainings],
            "trainings": [self._task_row(task) for task in trainings],
            "objectives": self._objective_rows(doc.objective_ids),
        }
