from odoo import models
from odoo.exceptions import UserError

from .cs_journey import ALIVE


class CsJourney(models.Model):
    """What people decide by hand: advance, return, pause, resume, cancel."""

    _inherit = "cs.journey"

    def action_advance(self, reason):
        """Move on to the next stage, whatever is left to do in this one.

        :param reason: why, kept in the visit that ends
        :return: True
        :raise UserError: no reason, not running, or the gate of the next is closed
        """
        journeys, by_hand = self._decide(reason, "running")
        journeys._check_gates_open()
        journeys._advance(**by_hand)._run()
        return True

    def action_return(self, reason):
        """Go back to the stage before, with fresh copies of its tasks.

        :param reason: why, kept in the visit that ends
        :return: True
        :raise UserError: no reason, not running, or in the first stage
        """
        journeys, by_hand = self._decide(reason, "running")
        for journey in journeys:
            if not journey.visit_id.planned_stage_id._previous():
                raise UserError(
                    self.env._(
                        "%(journey)s is in its first stage: there is none to return "
                        "to.",
                        journey=journey.display_name,
                    )
                )
        journeys._return_to(**by_hand)._run()
        return True

    def action_continue(self, reason):
        """Let stages that were repeated too often be judged again, from the first.

        :param reason: why, kept in the visit
        :return: True
        :raise UserError: no reason, not running, or nobody is asked to decide
        """
        journeys, by_hand = self._decide(reason, "running")
        for journey in journeys:
            if not journey.visit_id._waits_for_decision():
                raise UserError(
                    self.env._(
                        "%(journey)s goes on by itself: there is nothing to decide.",
                        journey=journey.display_name,
                    )
                )
        journeys.visit_id.write({**by_hand, "repeat_number": 0})
        journeys._run()
        return True

    def action_cancel(self, reason):
        """End the journey: what is left of it is cancelled, its history stays.

        :param reason: why
        :return: True
        :raise UserError: no reason, or the journey has ended
        """
        journeys, by_hand = self._decide(reason, *ALIVE)
        journeys._leave("cancel", **by_hand)
        journeys._end("cancelled", reason=by_hand["reason"])
        return True

    def action_pause(self, reason):
        """Stop the clock: nothing opens, nothing is late, nothing is judged.

        :param reason: why
        :return: True
        :raise UserError: no reason, or the journey is not running
        """
        journeys, by_hand = self._decide(reason, "running")
        # They keep the day they opened, by which resuming knows them again.
        stopped = journeys.task_ids.filtered(lambda task: task.state == "open")
        stopped.write({"state": "waiting"})
        for company, paused in journeys.grouped("company_id").items():
            paused.write(
                {
                    "state": "paused",
                    "paused_on": self.env["cs.account"]._today(company),
                    "reason": by_hand["reason"],
                    "next_check_on": False,
                }
            )
        lifecycle = journeys.filtered(lambda journey: journey.kind == "lifecycle")
        lifecycle.account_id.write({"pace": False})
        stopped._after_pause()
        return True

    def action_resume(self):
        """Let the clock run again: all dates move by the days of the pause.

        :return: True
        :raise UserError: the journey is not paused
        """
        self._check_may_move()
        journeys = self._engine()
        journeys._lock()
        journeys._check_state("paused")
        stopped = journeys.task_ids.filtered(
            lambda task: task.state == "waiting" and task.date_open
        )
        for journey in journeys:
            journey._resume()
        stopped._after_resume()
        journeys._run()
        return True

    def _resume(self):
        days = self.env["cs.account"]._today(self.company_id) - self.paused_on
        self.visit_id.paused_days += days.days
        self.visit_id.paused_since_judged += days.days
        if self.kind == "lifecycle" and self.account_id.phase_deadline:
            self.account_id.phase_deadline += days
        if self.visit_id.gate_deadline:
            self.visit_id.gate_deadline += days
        for task in self.task_ids.filtered(lambda task: task.state == "waiting"):
            values = {}
            if task.date_planned:
                values["date_planned"] = task.date_planned + days
            if task.date_open:
                values |= {"state": "open", "date_open": task.date_open + days}
            task.write(values)
        self.write({"state": "running", "paused_on": False, "reason": False})

    def _decide(self, reason, *states):
        """Check that the user may move these journeys from one of the states.

        :return: the journeys as the engine works on them, and what their visits
            keep of the decision
        """
        reason = self._check_reason(reason)
        self._check_may_move()
        journeys = self._engine()
        journeys._lock()
        journeys._check_state(*states)
        return journeys, {"reason": reason, "decided_by_id": self.env.uid}
