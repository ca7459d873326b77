from odoo import api, models
from odoo.tools import human_size


class CsPlan(models.Model):
    """All that the customer sees of a plan, as plain values: nothing else goes out."""

    _inherit = "cs.plan"

    def _customer_tasks(self):
        """Return the tasks that the customer sees: its own, and ours marked as shown.

        In the order of their deadlines; what was cancelled is left out.
        """
        # sudo: the customer sees no tasks of ours, but title, owner and day of these
        shown = self.sudo().task_ids.filtered(
            lambda task: (
                task.state != "cancelled"
                and (task.responsible == "customer" or task.visible_to_customer)
            )
        )
        return shown.sorted(
            lambda task: (
                not task.date_deadline,
                task.date_deadline,
                task.position,
                task.id,
            )
        )

    @api.private
    def get_customer_plan(self):
        """Return what the customer sees of this plan, in the language of the context.

        :return: ``{"name", "description", "start", "until", "state", "progress":
            percent, "settled", "total", "late": counts, "todo": the customer's own
            open tasks as cs.task, "actions", "objectives", "documents",
            "validation"}``; each of the lists of dictionaries
        """
        self.ensure_one()
        # sudo: portal users have no access to plans; these values are meant for them
        plan = self.sudo()
        tasks = plan._customer_tasks()
        settled = tasks.filtered(lambda task: task.state in ("done", "skipped"))
        return {
            "name": plan.name,
            "description": plan.description,
            "start": plan.start_on,
            "until": max(filter(None, tasks.mapped("date_deadline")), default=False),
            "state": plan.state,
            "progress": round(100.0 * len(settled) / len(tasks)) if tasks else 0,
            "settled": len(settled),
            "total": len(tasks),
            "late": len(tasks.filtered(lambda task: task.due_bucket == "late")),
            "todo": tasks.filtered(
                lambda task: task.is_of_customer and task.state == "open"
            ),
            "actions": [task._customer_action() for task in tasks],
            "objectives": [
                objective._customer_objective()
                for objective in plan._customer_objectives()
            ],
            "documents": [
                {
                    "id": document.id,
                    "name": document.name,
                    "size": human_size(document.file_size),
                }
                for document in plan.document_ids
            ],
            "validation": plan._customer_validation(),
        }

    def _customer_objectives(self):
        """Return the objectives that the customer sees: those not given up."""
        # sudo: the customer has no access to objectives, but sees those of its plan
        return self.sudo().objective_ids.filtered(
            lambda objective: objective.outcome != "cancelled"
        )

    def _customer_validation(self):
        return {
            "asked": self.asks_validation and self.state == "running",
            "by": self.validated_by_id.name,
            "on": self.validated_on,
        }

    def _customer_line(self):
        """Return what the customer sees of the plan among its others."""
        page = self.get_customer_plan()
        names = ("name", "until", "state", "progress", "settled", "total", "late")
        return {"url": self.access_url, **{name: page[name] for name in names}}
