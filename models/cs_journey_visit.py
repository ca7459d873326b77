from odoo import fields, models
from odoo.tools import SQL

from .cs_task import PENDING


class CsJourneyVisit(models.Model):
    """The time a customer spends in a stage: a second time is a second visit.

    Time per phase and stage is read here, since set-based writes leave no tracking.
    """

    _name = "cs.journey.visit"
    _description = "Visit of a Stage"
    _order = "entered_on, id"

    journey_id = fields.Many2one(
        comodel_name="cs.journey", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(
        related="journey_id.account_id",
        string="Customer",
        store=True,
        index=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        related="journey_id.company_id", store=True, index=True, precompute=True
    )
    planned_stage_id = fields.Many2one(
        comodel_name="cs.journey.stage",
        string="Stage of the journey",
        required=True,
        ondelete="cascade",
        index=True,
    )
    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        required=True,
        ondelete="restrict",
        index=True,
    )
    phase_id = fields.Many2one(comodel_name="cs.phase", ondelete="restrict", index=True)
    entered_on = fields.Date(string="Entered on", required=True)
    left_on = fields.Date(string="Left on")
    paused_days = fields.Integer(
        string="Days of pause",
        help="Days that the journey was paused: they count for no limit of the stage.",
    )
    outcome = fields.Selection(
        selection=[
            ("advance", "Advanced"),
            ("repeat", "Repeats"),
            ("return", "Returned"),
            ("cancel", "Cancelled"),
        ],
    )
    reason = fields.Char(help="Why a person moved the customer.")
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Moved by",
        help="The person who moved the customer by hand.",
    )
    task_ids = fields.One2many(comodel_name="cs.task", inverse_name="visit_id")

    _one_running = models.UniqueIndex(
        "(journey_id) WHERE left_on IS NULL",
        "A journey is in one stage at a time.",
    )

    def _compute_display_name(self):
        for visit in self:
            visit.display_name = visit.stage_id.display_name

    def _take_tasks(self):
        """Give these new visits their tasks.

        They take those that waited for the stage; where none did, a repeat takes
        fresh copies, without those that are done once only.
        """
        if not self:
            return
        again = self.filtered(lambda visit: visit._is_again())
        self.env["cs.task"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_task t
                   SET visit_id = v.id
                  FROM cs_journey_visit v
                 WHERE v.id IN %s
                   AND t.journey_id = v.journey_id
                   AND t.stage_id = v.stage_id
                   AND t.visit_id IS NULL
                RETURNING v.id
                """,
                tuple(self.ids),
            )
        )
        served = self.browse({row[0] for row in self.env.cr.fetchall()})
        self.env["cs.task"].invalidate_model(["visit_id"], flush=False)
        self.invalidate_recordset(["task_ids"], flush=False)
        (self - again)._carry_indicators()
        again._take_over_what_goes_on()
        (again - served)._copy_tasks_of_last_visit()

    def _take_over_what_goes_on(self):
        """Take what is not settled of earlier visits of the same stage.

        What recurs goes on; the rest is cancelled, since it comes anew.
        """
        present = {
            before.id: visit
            for visit in self
            for before in visit.planned_stage_id.visit_ids - visit
        }
        left = self.env["cs.task"].search(
            [("visit_id", "in", list(present)), ("state", "in", PENDING)]
        )
        going_on = left.filtered(lambda task: task._is_recurring())
        for visit, tasks in going_on.grouped(lambda t: present[t.visit_id.id]).items():
            # Their series stays with the visit that it began in.
            tasks.visit_id = visit
        stale = left - going_on
        stale._cancel()

    def _copy_tasks_of_last_visit(self):
        """Copy what comes again from the visit before, of the same stage."""
        pairs = [
            (task, visit)
            for visit, before in self._with_last_visits(
                lambda visit: visit.planned_stage_id.visit_ids - visit
            )
            for task in before.task_ids - visit._going_on_from(before)
        ]
        # One recordset of all, so that they are read together.
        tasks = self.env["cs.task"].concat(*(task for task, _visit in pairs))
        again = set(tasks.filtered(lambda task: task._comes_again()).ids)
        self._copy_tasks([pair for pair in pairs if pair[0].id in again])

    def _going_on_from(self, before):
        """Return the tasks of an earlier visit whose series goes on in this one."""
        earlier = self.task_ids.previous_id.filtered(
            lambda task: task.visit_id == before
        )
        return earlier.browse(task._first_of_visit().id for task in earlier)

    def _with_last_visits(self, among):
        """Return each of these visits with the last one of others.

        :param among: function giving the others of a visit
        :return: list of ``(visit, last)``, whose tasks are read all at once
        """
        lasts = [among(visit)[-1:].id for visit in self]
        # One recordset of all, so that what they hold is fetched in one go.
        return list(zip(self, self.browse(lasts), strict=True))

    def _copy_tasks(self, pairs, carried=False):
        """Copy tasks into visits, given as pairs of a task and a visit."""
        tasks = self.env["cs.task"].browse(task.id for task, _visit in pairs)
        tasks._copy_into([visit for _task, visit in pairs], carried=carried)

    def _mirror_phase(self):
        """Move the customers of lifecycle journeys to the phase of their new stage."""
        moves = {}
        for visit in self.filtered(lambda v: v.journey_id.kind == "lifecycle"):
            values = visit._prepare_phase_values()
            moves.setdefault(tuple(values.items()), []).append(visit.account_id.id)
        for values, account_ids in moves.items():
            self.env["cs.account"].browse(account_ids).write(dict(values))

    def _prepare_phase_values(self):
        """Return what the customer shows of the phase that this visit is in."""
        values = {}
        if self.account_id.phase_id != self.phase_id:
            values = {"phase_id": self.phase_id.id, "phase_entered_on": self.entered_on}
        days = self.planned_stage_id._phase_days()
        deadline = fields.Date.add(self.entered_on, days=days) if days else False
        return values | {"phase_deadline": deadline}
