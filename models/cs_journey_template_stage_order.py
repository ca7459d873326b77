from odoo import api, models

from .cs_journey_template_task_order import RANKS


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
