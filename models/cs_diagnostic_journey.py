from odoo import models

from .cs_journey import ALIVE
from .cs_task import PENDING


class CsDiagnostic(models.Model):
    """Diagnostic, plan and journey are one work: nothing is asked for twice."""

    _inherit = "cs.diagnostic"

    def _conclude(self):
        """What the journey asks to be checked is checked."""
        result = super()._conclude()
        self._settle_checks()
        return result

    def _settle_checks(self):
        """Conclude the journey's tasks that the areas of this diagnostic stand for."""
        checks = self.answer_ids.area_id.journey_task_ids
        self._journey_tasks(checks)._settle_in_journey("done")

    def _leave_to_plan(self, plan):
        """Skip the journey's tasks for which there is a plan now, saying so.

        :param plan: the cs.plan made of this diagnostic
        """
        template = self.template_id
        planned = plan.task_ids
        stand_ins = (
            planned.action_id.journey_task_ids | planned.topic_id.journey_task_ids
        )
        everything = (
            template.action_ids.journey_task_ids
            | template.action_ids.topic_ids.journey_task_ids
        )
        self._journey_tasks(stand_ins)._settle_in_journey(
            "skipped", self.env._("In the plan: %(plan)s", plan=plan.name)
        )
        self._journey_tasks(everything - stand_ins)._settle_in_journey(
            "skipped", self.env._("The diagnostic does not call for it.")
        )

    def _journey_tasks(self, template_tasks):
        """Return the pending tasks of the customer that come from a template's."""
        tasks = self.env["cs.task"]._engine()
        return tasks.search(
            [
                ("account_id", "=", self.account_id.id),
                ("journey_id.state", "in", ALIVE),
                ("state", "in", PENDING),
                ("template_task_id", "in", template_tasks.ids),
            ]
        )
