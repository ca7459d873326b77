from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..diagnostic.schedule import in_order
from .cs_task import PENDING


class CsPlan(models.Model):
    """Moving what was agreed: deadlines change together, with a reason that stays."""

    _inherit = "cs.plan"

    def action_replan(self, reason, deadlines=None, days=0):
        """Move deadlines of what is left to do; what waits for it moves along.

        The customer agreed to the plan as it was: it is asked again.

        :param reason: why, as a text that is not blank: it stays in the messages
        :param deadlines: ``{task: new deadline}``, tasks as records or ids
        :param days: days by which everything else moves too, may be negative
        :return: True
        :raise UserError: no reason, nothing moves, or the plan has ended
        """
        self.ensure_one()
        reason = self.env["cs.journey"]._check_reason(reason)
        self.check_access("write")
        self._check_running()
        moves = self._moves(
            {
                task if isinstance(task, int) else task.id: fields.Date.to_date(day)
                for task, day in (deadlines or {}).items()
            },
            days,
        )
        if not moves:
            raise UserError(
                self.env._("No deadline changes. Choose other dates, or close this.")
            )
        self._check_order_kept(moves)
        lines = [task._explain_move(day) for task, day in moves.items()]
        for task, day in moves.items():
            task._move_in_plan(day)
        agreed = self._take_back_validation()
        self.message_post(
            body=Markup("<p>%s</p><p>%s</p><ul>%s</ul>")
            % (
                self.env._("Re-planned"),
                reason,
                Markup().join(Markup("<li>%s</li>") % line for line in lines),
            )
            + (Markup("<p>%s</p>") % agreed if agreed else Markup())
        )
        return True

    def _moves(self, deadlines, days):
        """Return ``{task: new deadline}`` of all that moves, in the plan's order.

        :param deadlines: ``{task id: date}``
        :param days: days by which the others move
        """
        pending = self.task_ids.filtered(
            lambda task: task.state in PENDING and task.date_deadline
        )
        before = {task: task.after_ids & pending for task in pending}
        shifts, moves = {}, {}
        for task in in_order(before):
            chosen = deadlines.get(task.id)
            if chosen:
                shift = (chosen - task.date_deadline).days
            else:
                pushed = [shifts[one] for one in before[task]]
                shift = max([days, *pushed])
            shifts[task] = shift
            if shift:
                moves[task] = task.date_deadline + timedelta(days=shift)
        return moves

    def _check_order_kept(self, moves):
        for task in self.task_ids.filtered(lambda one: one.state in PENDING):
            own = moves.get(task, task.date_deadline)
            for earlier in task.after_ids.filtered(lambda one: one.state in PENDING):
                until = moves.get(earlier, earlier.date_deadline)
                if own and until and own < until:
                    raise UserError(
                        self.env._(
                            "%(task)s comes after %(earlier)s, so it cannot be due "
                            "before %(date)s.",
                            task=task.name,
                            earlier=earlier.name,
                            date=format_date(self.env, until),
                        )
                    )
