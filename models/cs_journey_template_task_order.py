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
