from odoo import api, models

#: A stage that has been repeated more often than this waits for a person.
MOST_REPEATS = 3


class CsJourney(models.Model):
    """Judging: a finished stage ends by what its indicators show."""

    _inherit = "cs.journey"

    def _judge(self):
        """Judge the stages of these journeys whose day has come, and move on.

        Returning wins over repeating; all hold: the stage is left for the next one,
        but for an endless one, which goes on.

        :return: the journeys that came into another visit
        """
        at_gate = self.filtered("visit_id.gate_since")
        due = (self - at_gate).filtered(lambda journey: journey._is_judging_due())
        by_outcome = {}
        for journey, outcome in due._judge_indicators().items():
            by_outcome[outcome] = by_outcome.get(outcome, self.browse()) | journey
        moved = at_gate._pass_gates()
        if "return" in by_outcome:
            moved |= by_outcome["return"]._return_to()
        if "repeat" in by_outcome:
            moved |= by_outcome["repeat"]._repeat()
        if "advance" in by_outcome:
            moved |= by_outcome["advance"]._pass_gates()
        return moved

    def _is_judging_due(self):
        day = self.visit_id._judging_day()
        return bool(day) and day <= self.env["cs.account"]._today(self.company_id)

    def _judge_indicators(self):
        """Look at the indicators of these visits and keep what they show.

        :return: ``{journey: "advance", "repeat", "return" or None}``; None: it stays
        """
        indicators = self.visit_id._indicators()
        answers = indicators._observe()
        by_visit = indicators.grouped("visit_id")
        self.visit_id._keep_verdicts(indicators, answers)
        outcomes = {}
        for journey in self:
            of_visit = by_visit.get(journey.visit_id, indicators.browse())
            failing = of_visit.filtered(lambda one: not answers[one.id]["holds"])
            outcomes[journey] = journey._outcome(failing)
        moving = self.filtered(lambda journey: outcomes[journey])
        # An endless stage that holds has not been repeated in a row any more.
        held = (self - moving).visit_id.filtered("repeat_number")
        held.repeat_number = 0
        holding = indicators.filtered(lambda one: answers[one.id]["holds"])
        holding.filtered(lambda one: one.journey_id in moving)._settle_as(
            "done", by=False
        )
        return outcomes

    def _outcome(self, failing):
        """Return how the current stage ends, given the indicators that fail."""
        if any(one.continuous and one.origin_stage_id for one in failing):
            return "return"
        if failing:
            return "repeat"
        return None if self.visit_id.planned_stage_id.endless else "advance"

    # The three moves

    def _repeat(self):
        """Begin the current stage anew, with fresh copies of its tasks."""
        return self._begin_anew("repeat", self.visit_id.planned_stage_id)

    def _return_to(self, **by_hand):
        """Go back to the stage before, with fresh copies of its tasks.

        :param by_hand: ``reason`` and ``decided_by_id`` of a person's decision
        """
        previous = self.env["cs.journey.stage"].concat(
            *(journey.visit_id.planned_stage_id._previous() for journey in self)
        )
        # Who comes this way again passes the gates anew.
        previous._following().filtered("released_on").write(
            {"released_on": False, "released_by_id": False, "release_note": False}
        )
        self._begin_anew("return", previous, **by_hand)
        previous._following()._plan_again()
        return self

    def _begin_anew(self, outcome, planned_stages, **by_hand):
        self._leave(outcome, **by_hand)
        self._enter(planned_stages)
        self.visit_id.filtered(lambda v: v._waits_for_decision())._call_for_decision()
        return self

    # By time

    @api.model
    def _endless_judging_days(self):
        """Return how many days lie between two judgements of an endless stage."""
        # sudo: a parameter of the machine
        parameters = self.env["ir.config_parameter"].sudo()
        return max(
            int(parameters.get_param("customer_success.endless_judging_days") or 30), 1
        )
