from itertools import pairwise

from odoo import api, fields, models

# The rank among the tasks of a position; more of them than this share the last.
RANKS = 1000


class CsJourneyTemplateTask(models.Model):
    """Where a task stands in its stage: dragged, or together with the one before.

    The position is what counts. The sequence only says how it is drawn: a thousand
    times the position, plus the rank in it, so that either can be written alone.
    """

    _inherit = "cs.journey.template.task"

    sequence = fields.Integer(
        compute="_compute_sequence",
        store=True,
        readonly=False,
        precompute=True,
        export_string_translation=False,
    )
    together = fields.Boolean(
        string="With the one before",
        compute="_compute_together",
        readonly=False,
        help="Opens together with the task above, not after it.",
    )

    @api.depends("position")
    def _compute_sequence(self):
        for task in self:
            if not task.sequence or task.sequence // RANKS != task.position:
                task.sequence = task.position * RANKS

    # It depends on the tasks around it too, but what a person has just switched must
    # not be computed away before the stage has seen it.
    @api.depends("position", "sequence")
    def _compute_together(self):
        self.together = False
        for stage in self.stage_id:
            tasks = stage.task_ids.sorted("sequence")
            for before, task in pairwise(tasks):
                # One that is being added comes after the others.
                known = bool(task._origin)
                task.together = known and task.position == before.position


class CsJourneyTemplateStage(models.Model):
    """Numbers the tasks of a stage anew while somebody drags them."""

    _inherit = "cs.journey.template.stage"

    @api.onchange("task_ids")
    def _onchange_task_order(self):
        tasks = self.task_ids.sorted("sequence")
        position = rank = 0
        for task, together in self._joined(tasks):
            if together and position:
                rank = min(rank + 1, RANKS - 1)
            else:
                position, rank = position + 1, 0
            task.update({"position": position, "sequence": position * RANKS + rank})
            task.together = rank > 0

    @api.model
    def _joined(self, tasks):
        """Say which tasks open together with the one before, after a person's change.

        Tasks of one position that stay side by side stay together, whichever of them
        comes first now; one that is drawn away from them leaves them.

        :param tasks: the tasks of a stage in their new order
        :return: list of ``(task, bool)``
        """
        runs = []
        for task in tasks:
            if runs and runs[-1][-1].position == task.position:
                runs[-1].append(task)
            else:
                runs.append([task])
        joined = []
        for run in runs:
            alone = [task for task in run if not task.together]
            for index, task in enumerate(run):
                if len(alone) == 1 and len(run) > 1:
                    joined.append((task, index > 0))
                elif index == 0:
                    # It was not the first before: who led it went away.
                    led = task._origin.together
                    joined.append((task, task.together and not led))
                else:
                    joined.append((task, task.together))
        return joined
