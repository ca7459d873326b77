from odoo import models

from ..journeys.change import Change
from .cs_journey import ALIVE


class CsJourney(models.Model):
    """Takes over what the template says by now, where the journey has still to go."""

    _inherit = "cs.journey"

    def action_open_update(self):
        """Show what an update from the template would change.

        :return: the action of a window in which it can be confirmed
        :raise UserError: the journey has ended
        """
        self._check_may_move()
        self._check_state(*ALIVE)
        wizard = self.env["cs.journey.update"].create({"journey_id": self.id})
        wizard._list_changes()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Update from template"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _update_from_template(self):
        """Take over the template: stages to come and what is not done of the current.

        What is done stays, and so do the stages that the journey has been in before.
        """
        journey = self._engine()
        journey._lock()
        for change in journey._template_changes():
            change.apply()
        journey.invalidate_recordset()
        journey._follow_cadences()
        if journey.state == "running":
            journey._run()

    def _template_changes(self):
        """Return how this journey differs from its template, from now on.

        :return: list of :class:`Change`, by stage
        """
        self.ensure_one()
        current = self.visit_id.planned_stage_id
        ahead = self.planned_stage_ids.filtered(
            lambda stage: stage.status != "passed" and stage._rank() >= current._rank()
        )
        changes = []
        templates = self.template_id.stage_ids
        for stage in ahead:
            if stage != current and stage.stage_id not in templates:
                changes.append(stage._change_leave_out())
            else:
                changes += stage._changes_of_settings() if stage != current else []
                changes += stage._changes_of_tasks()
        known = self.planned_stage_ids.stage_id
        changes += [
            self._change_add_stage(stage)
            for stage in templates - known
            if (stage.sequence, stage.id) > (current.sequence, current.stage_id.id)
        ]
        return changes

    def _change_add_stage(self, stage):
        def apply():
            self._insert_stages(stage)
            self._insert_tasks(stage)
            self.env.invalidate_all(flush=False)
            added = self.planned_stage_ids.filtered(lambda new: new.stage_id == stage)
            added._take_gate_conditions()

        return Change(
            "added",
            stage.name,
            "",
            self.env._("%s tasks", len(stage.task_ids)),
            lambda: (self.env.flush_all(), apply()),
        )
