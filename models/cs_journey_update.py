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
        ahead = self._stages_ahead()
        templates = self.template_id.stage_ids
        # Where the customer has been before stays, for its history.
        gone = ahead.filtered(
            lambda stage: stage.stage_id not in templates and not stage.visit_ids
        )
        changes = current._changes_of_tasks()
        for stage in ahead:
            if stage in gone:
                changes.append(stage._change_leave_out())
            else:
                changes += stage._changes_of_settings()
                changes += stage._changes_of_tasks()
        known = self.planned_stage_ids.stage_id
        changes += [
            self._change_add_stage(stage)
            for stage in templates - known
            if stage._rank() > current.stage_id._rank()
        ]
        return changes + self._changes_of_order(ahead - gone)

    def _stages_ahead(self):
        """Return the stages after the current one, in their order."""
        current = self.visit_id.planned_stage_id
        return self.planned_stage_ids.filtered(
            lambda stage: stage._rank() > current._rank()
        ).sorted(lambda stage: stage._rank())

    def _changes_of_order(self, staying):
        """Return the change of the order in which the stages to come follow.

        :param staying: those of the journey that the template has, in their order
        """
        wanted = staying.sorted(lambda stage: stage.stage_id._rank())
        if wanted.ids == staying.ids:
            return []
        text = self.env._("Stages to come: %s", ", ".join(wanted.mapped("name")))

        def apply():
            # What is left out by now is gone, and what is added in its place already.
            self._order_stages(self.planned_stage_ids - self._stages_ahead())

        return [Change("changed", wanted[0].name, "", text, apply)]

    def _order_stages(self, so_far):
        """Number all stages: those so far stay before, the others as in the template.

        Only the place of the current stage counts: the template may have moved it, or
        have other numbers by now.

        :param so_far: the stages up to the current one
        """
        ahead = self.planned_stage_ids - so_far
        number = None
        for stage in so_far.sorted(lambda stage: stage._rank()) + ahead.sorted(
            lambda stage: stage.stage_id._rank()
        ):
            asked = stage.stage_id.sequence
            number = asked if number is None else max(asked, number + 1)
            stage.sequence = number
        self.invalidate_recordset(["planned_stage_ids"])

    def _change_add_stage(self, stage):
        def apply():
            so_far = self.planned_stage_ids - self._stages_ahead()
            self._insert_stages(stage)
            self._insert_tasks(stage)
            self.env.invalidate_all(flush=False)
            added = self.planned_stage_ids.filtered(lambda new: new.stage_id == stage)
            added._take_gate_conditions()
            self._order_stages(so_far)

        return Change(
            "added",
            stage.name,
            "",
            self.env._("%s tasks", len(stage.task_ids)),
            lambda: (self.env.flush_all(), apply()),
        )
