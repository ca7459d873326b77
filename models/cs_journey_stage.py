from odoo import api, fields, models


class CsJourneyStage(models.Model):
    """A stage as one journey has it: copied when the journey starts.

    What the template says later does not change the rules for who is on the way.
    """

    _name = "cs.journey.stage"
    _description = "Stage of a Journey"
    _order = "sequence, id"

    journey_id = fields.Many2one(
        comodel_name="cs.journey", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="journey_id.company_id", store=True, index=True, precompute=True
    )
    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        required=True,
        ondelete="restrict",
        index=True,
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer()
    phase_id = fields.Many2one(comodel_name="cs.phase", ondelete="restrict", index=True)
    expected_days = fields.Integer(string="Expected days")
    stuck_days = fields.Integer(string="Stuck after (days)")
    stuck_late_days = fields.Integer(string="Stuck when late (days)")
    min_days = fields.Integer(string="Minimum days")
    endless = fields.Boolean()
    visible_to_customer = fields.Boolean(string="Shown to the customer")
    date_planned = fields.Date(
        string="Planned for", help="When the customer is expected to enter."
    )
    visit_ids = fields.One2many(
        comodel_name="cs.journey.visit", inverse_name="planned_stage_id"
    )
    status = fields.Selection(
        selection=[
            ("coming", "To come"),
            ("current", "Current"),
            ("passed", "Passed"),
        ],
        compute="_compute_status",
    )

    @api.depends("visit_ids", "sequence", "journey_id.visit_id", "journey_id.state")
    def _compute_status(self):
        for stage in self:
            visit = stage.journey_id.visit_id
            current = not visit.left_on and visit.planned_stage_id
            # Where it returned from is still to come, though it has been there.
            ahead = current and stage._rank() > current._rank()
            if current == stage:
                stage.status = "current"
            else:
                passed = stage.visit_ids and not ahead
                stage.status = "passed" if passed else "coming"

    @api.model
    def _copied_fields(self):
        """Return the names of the fields that come from the template's stage."""
        return (
            "name",
            "sequence",
            "phase_id",
            "expected_days",
            "stuck_days",
            "stuck_late_days",
            "min_days",
            "endless",
            "visible_to_customer",
        )

    def _next(self):
        """Return the stage that follows in the same journey, or none."""
        self.ensure_one()
        stages = self.journey_id.planned_stage_ids
        return stages.filtered(lambda stage: stage._rank() > self._rank())[:1]

    def _previous(self):
        """Return the stage before this one in the same journey, or none."""
        self.ensure_one()
        stages = self.journey_id.planned_stage_ids
        return stages.filtered(lambda stage: stage._rank() < self._rank())[-1:]

    def _following(self):
        """Return all stages that follow these, one of each journey, in it."""
        ranks = {stage.journey_id: stage._rank() for stage in self}
        return self.journey_id.planned_stage_ids.filtered(
            lambda stage: stage._rank() > ranks[stage.journey_id]
        )

    def _plan_again(self):
        """Let those of these stages that were left again have tasks to come.

        The tasks of the last visit, without those that are done once only, so that
        plan and workload show them.
        """
        left = self.filtered("visit_ids")
        tasks = self.env["cs.task"]
        planned = tasks.search(
            [
                ("journey_id", "in", left.journey_id.ids),
                ("stage_id", "in", left.stage_id.ids),
                ("visit_id", "=", False),
            ]
        )
        known = {(task.journey_id, task.stage_id) for task in planned}
        # The visits of all at once: their tasks are read together.
        last_visits = self.env["cs.journey.visit"].concat(
            *(
                stage.visit_ids[-1:]
                for stage in left
                if (stage.journey_id, stage.stage_id) not in known
            )
        )
        again = last_visits.task_ids.filtered(lambda task: task._comes_again())
        again._copy_into([self.env["cs.journey.visit"]] * len(again))

    def _rank(self):
        return (self.sequence, self.id)

    def _phase_days(self):
        """Return the expected days of this stage and those that follow in its phase.

        :return: days; 0 when one of them may take any time
        """
        self.ensure_one()
        days = 0
        stage = self
        while stage and stage.phase_id == self.phase_id:
            if not stage.expected_days:
                return 0
            days += stage.expected_days
            stage = stage._next()
        return days

    def _customer_date(self):
        """Return the day that the customer sees beside this stage, or False."""
        last = self.visit_ids[-1:]
        return {
            "coming": self.date_planned,
            "current": last.entered_on,
            "passed": last.left_on,
        }[self.status]

    def _prepare_visit_values(self):
        """Return the values of a visit of this stage that begins today."""
        before = self.journey_id.visit_id
        repeats = before.planned_stage_id == self and before.outcome == "repeat"
        return {
            "repeat_number": before.repeat_number + 1 if repeats else 0,
            "journey_id": self.journey_id.id,
            "planned_stage_id": self.id,
            "stage_id": self.stage_id.id,
            "phase_id": self.phase_id.id,
            "entered_on": self.env["cs.account"]._today(self.journey_id.company_id),
        }
