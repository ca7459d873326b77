from odoo import api, fields, models

from .cs_journey_judging import MOST_REPEATS
from .cs_task import PENDING

#: What people do, as opposed to what the machine does by itself.
HUMAN_KINDS = ("task", "interaction", "survey")


class CsJourneyVisit(models.Model):
    """When a visit is judged, and what was seen then."""

    _inherit = "cs.journey.visit"

    repeat_number = fields.Integer(
        string="Repeat",
        aggregator="max",
        help="How many times in a row the stage was repeated before this visit.",
    )
    judged_on = fields.Date(string="Judged on")
    paused_since_judged = fields.Integer(
        string="Days of pause since it was judged",
        aggregator=None,
        help="Days of pause since the last judgement, or since the customer entered.",
    )
    gate_since = fields.Date(
        string="At the gate since",
        help="The day from which the customer waits to enter the stage that follows.",
    )
    gate_deadline = fields.Date(
        string="Late at the gate after",
        help="The day after which the customer counts as stuck before the gate.",
    )
    verdict_ids = fields.One2many(
        comodel_name="cs.journey.verdict",
        inverse_name="visit_id",
        string="Judged values",
    )
    judged_values = fields.Text(
        string="Why",
        compute="_compute_judged_values",
        help="What the indicators showed when the stage was judged last.",
    )

    @api.depends("verdict_ids.holds", "judged_on")
    @api.depends_context("lang")
    def _compute_judged_values(self):
        for visit in self:
            last = visit.verdict_ids.filtered(
                lambda one, day=visit.verdict_ids[:1].judged_on: one.judged_on == day
            )
            # What fails is what one wants to know first.
            visit.judged_values = "\n".join(last.sorted("holds").mapped("display_name"))

    def _indicators(self):
        """Return the indicators that decide how these visits end."""
        return self.task_ids.filtered(
            lambda task: task._is_indicator() and task.state in PENDING
        )

    def _keep_verdicts(self, indicators, answers):
        """Keep what the indicators of these visits show today.

        :param answers: as ``cs.task._observe`` gives them
        """
        for company, visits in self.grouped("company_id").items():
            visits.write(
                {
                    "judged_on": self.env["cs.account"]._today(company),
                    "paused_since_judged": 0,
                }
            )
        names = self.env["cs.condition"]._question_fields()
        self.env["cs.journey.verdict"].create(
            [
                {
                    **{
                        name: one._fields[name].convert_to_write(one[name], one)
                        for name in names
                    },
                    "visit_id": one.visit_id.id,
                    "task_id": one.id,
                    "judged_on": one.visit_id.judged_on,
                    "value": answers[one.id]["value"] or 0,
                    "is_known": answers[one.id]["value"] is not None,
                    "holds": answers[one.id]["holds"],
                    "continuous": one.continuous,
                    "origin_stage_id": one.origin_stage_id.id,
                }
                for one in indicators
            ]
        )

    def _judging_day(self):
        """Return the first day on which this visit may be judged; None for never."""
        stage = self.planned_stage_id
        if self._waits_for_decision():
            return None
        if stage.endless:
            return self._endless_judging_day()
        day = fields.Date.add(
            self.entered_on, days=stage.min_days + (self.paused_days or 0)
        )
        if self._is_again() and not self._has_human_work():
            # Nothing but time can change what the indicators show.
            day = max(day, fields.Date.add(self.entered_on, days=1))
        return day

    def _endless_judging_day(self):
        if not self._indicators():
            return None
        days = self.journey_id._endless_judging_days() + self.paused_since_judged
        return fields.Date.add(self.judged_on or self.entered_on, days=days)

    def _is_again(self):
        """Whether the customer has been in this stage before."""
        return self.planned_stage_id.visit_ids[:1] != self

    def _has_human_work(self):
        """Whether the end of this visit waits, or waited, for somebody's work."""
        return any(
            task.kind in HUMAN_KINDS
            and task._is_blocking()
            # What nobody settled was refused by the machine.
            and (task.state != "skipped" or task.done_by_id)
            for task in self.task_ids
        )

    def _waits_for_decision(self):
        """Whether the stage was repeated so often that a person must decide."""
        return self.repeat_number > MOST_REPEATS

    def _call_for_decision(self):
        """Raise the alert of stages that were repeated too often."""
        if self:
            self.env["cs.alert.rule"]._raise_event(
                "stage_repeated",
                {visit.account_id.id: [{"visit": visit.id}] for visit in self},
            )

    def _explain_repeats(self):
        """Return, for people, how often the stage was repeated and why."""
        before = (
            self.planned_stage_id.visit_ids.filtered(
                lambda visit: (visit.entered_on, visit.id) < (self.entered_on, self.id)
            )
        )[-1:]
        words = self.env._(
            "%(stage)s was repeated %(times)s times. Advance or return the journey, "
            "or let it go on here, saying why.",
            stage=self.planned_stage_id.name,
            times=self.repeat_number,
        )
        return f"{words}\n{before.judged_values or ''}".strip()

    def _carry_indicators(self):
        """Carry into these first visits what the stage before goes on asking."""
        later = self.filtered(lambda visit: visit.planned_stage_id._previous())
        pairs = [
            (task, visit)
            for visit, before in later._with_last_visits(
                lambda visit: visit.planned_stage_id._previous().visit_ids
            )
            for task in before.task_ids
            if task._is_indicator() and task.continuous
        ]
        self._copy_tasks(pairs, carried=True)
