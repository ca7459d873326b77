from odoo import api, fields, models

#: How many coming steps the e-mail names.
NEXT_SHOWN = 6


class CsPlan(models.Model):
    """What is new of a plan since its customer was told last.

    Compared with what was told then, not with a date: nothing is told twice, and
    nothing that happened on the same day is left out.
    """

    _inherit = "cs.plan"

    mail_told = fields.Json(string="What the customer knows", readonly=True, copy=False)

    def _tellable(self):
        """Return what the customer knows when it is told now, as plain data.

        :return: ``{"tasks": {id: [state, deadline, is late]}, "objectives": {id:
            [number or None, outcome]}}``, ids as text
        """
        return {
            "tasks": {
                str(task.id): [
                    task.state,
                    fields.Date.to_string(task.date_deadline),
                    task.due_bucket == "late",
                ]
                for task in self._customer_tasks()
            },
            "objectives": {
                str(objective.id): objective._as_told()
                for objective in self._customer_objectives()
            },
        }

    def _told(self):
        return self.mail_told or {"tasks": {}, "objectives": {}}

    def _has_news(self):
        """Whether anything that the customer sees is not as it was told."""
        return self._tellable() != self._told()

    @api.private
    def get_progress_news(self):
        """Return what the progress e-mail tells, in the language of the context.

        :return: ``{"progress": percent, "settled", "total": counts, "done": steps that
            the customer was not told of yet, "moved", "late", "next": steps,
            "objectives": those that moved or were decided}``; steps as in
            ``get_customer_plan``, those of "moved" with "before", their old deadline
        """
        self.ensure_one()
        # sudo: what the customer sees of the plan, and nothing else
        plan = self.sudo()
        told = plan._told()
        page = plan.get_customer_plan()
        steps = page["actions"]
        pending = [step for step in steps if step["state"] in ("open", "waiting")]
        on_time = [step for step in pending if not step["late"]]
        return {
            **{name: page[name] for name in ("progress", "settled", "total")},
            "done": [
                step
                for step in steps
                if step["state"] == "done"
                and told["tasks"].get(str(step["id"]), [None])[0] != "done"
            ],
            "moved": [
                {**step, "before": before}
                for step in pending
                if (before := plan._deadline_told(told, step)) != step["deadline"]
            ],
            "late": [step for step in pending if step["late"]],
            "next": on_time[:NEXT_SHOWN],
            "objectives": [
                objective._customer_objective()
                for objective in plan._customer_objectives()
                if objective._has_moved(told["objectives"].get(str(objective.id)))
            ],
        }

    @staticmethod
    def _deadline_told(told, step):
        """Return the deadline that was told; of a new step the present one."""
        known = told["tasks"].get(str(step["id"]))
        day = known and known[1]
        return fields.Date.to_date(day) if day else step["deadline"]
