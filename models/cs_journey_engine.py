from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .cs_journey import ALIVE
from .cs_task import PENDING, QUIET


class CsJourney(models.Model):
    """The engine: starts journeys, opens positions, ends stages. Always in batches."""

    _inherit = "cs.journey"

    def _engine(self):
        """Return these journeys as the engine works on them."""
        # sudo: what one person concludes opens work of colleagues and moves the
        # customer; every public method checks access before it comes here.
        return self.sudo().with_context(**QUIET)

    def _lock(self):
        """Wait for whoever else moves these journeys, and keep them until the end."""
        if not self:
            return
        # An UPDATE, not a lock alone: who waited for it cannot go on with its old
        # snapshot, it fails to serialize and Odoo runs the request again.
        self.env.cr.execute(
            SQL(
                "UPDATE cs_journey SET last_moved_at = %s WHERE id IN %s",
                fields.Datetime.now(),
                tuple(self.ids),
            ),
            log_exceptions=False,  # to be retried is no error
        )
        self.invalidate_recordset(["last_moved_at"], flush=False)

    # Starting

    @api.model
    def _start_journeys(self, accounts, template):
        """Start the same journey for many customers, in a fixed number of queries.

        Checks no access: callers do.

        :param accounts: the customers, a cs.account recordset
        :param template: one cs.journey.template
        :return: the new journeys, in the order of the accounts
        :raise UserError: the template cannot be started, or runs already for one
        """
        engine = self._engine()
        accounts = accounts.with_env(engine.env)
        template = template.with_env(engine.env)
        self._check_may_start(accounts, template)
        journeys = engine.create(
            [self._prepare_journey_values(account, template) for account in accounts]
        )
        journeys._copy_template(template)
        journeys._enter(
            engine.env["cs.journey.stage"].concat(
                *(journey.planned_stage_ids[:1] for journey in journeys)
            )
        )
        journeys._follow_cadences()
        journeys._run()
        return journeys.with_env(self.env)

    @api.model
    def _check_may_start(self, accounts, template):
        if not template.active:
            raise UserError(
                self.env._(
                    "%(template)s is archived. Choose another journey, or restore it "
                    "first.",
                    template=template.display_name,
                )
            )
        if not template.stage_ids:
            raise UserError(
                self.env._(
                    "%(template)s has no stages yet: nothing would happen.",
                    template=template.display_name,
                )
            )
        strangers = accounts.filtered(
            lambda account: (
                template.company_id and template.company_id != account.company_id
            )
        )
        if strangers:
            raise UserError(
                self.env._(
                    "%(template)s is a journey of %(company)s, but %(customers)s is "
                    "followed by another company.",
                    template=template.display_name,
                    company=template.company_id.display_name,
                    customers=", ".join(strangers.mapped("display_name")),
                )
            )
        self._check_runs_for_none(accounts, template)

    @api.model
    def _check_runs_for_none(self, accounts, template):
        same = [("template_id", "=", template.id)]
        if template.kind == "lifecycle":
            same = [("kind", "=", "lifecycle")]
        running = self._engine().search(
            [("account_id", "in", accounts.ids), ("state", "in", ALIVE), *same], limit=1
        )
        if running:
            raise UserError(
                self.env._(
                    "%(customer)s is on the journey %(journey)s already. It must end, "
                    "or be cancelled, before %(template)s starts.",
                    customer=running.account_id.display_name,
                    journey=running.template_id.display_name,
                    template=template.display_name,
                )
            )

    @api.model
    def _prepare_journey_values(self, account, template):
        return {
            "account_id": account.id,
            "template_id": template.id,
            "kind": template.kind,
            "started_on": account._today(account.company_id),
        }

    # Walking

    def _run(self):
        """Open what may open and end what is finished, until all is up to date.

        What remains waits for a person or for a day to come.
        """
        moving = self.filtered(lambda journey: journey.state == "running")
        while moving:
            finished, moved_on = moving._open_positions()
            # What never ends is judged whatever there is to do.
            endless = moving.filtered("visit_id.planned_stage_id.endless")
            entered = ((finished | endless) - moved_on)._judge()
            entered._follow_cadences()
            moving = entered | moved_on
        self._refresh_plan()
        self._mirror_progress()

    def _follow_cadences(self):
        """Let the tasks of these journeys recur as their customers' phases say."""
        if self.task_ids.filtered("recurrence_from"):
            self.env["cs.task"]._follow_cadences(self)

    def _open_positions(self):
        """Open the tasks whose turn has come.

        :return: the journeys in whose stage nothing is left to wait for, and those
            where something that opened was done by itself: they take another turn
        """
        no_tasks = self.env["cs.task"]
        pending = no_tasks.search(
            [("visit_id", "in", self.visit_id.ids), ("state", "in", PENDING)],
            order="position, id",
        ).grouped("visit_id")
        opening, refused, finished = [], [], []
        for journey in self:
            tasks = pending.get(journey.visit_id, no_tasks)
            turn = journey._take_turn(tasks)
            opening += turn["open"]
            refused += turn["refuse"]
            finished += journey.ids if turn["finished"] else []
        opened = no_tasks.browse(opening)
        opened._open()
        no_tasks.browse(refused)._refuse()
        moved_on = opened.filtered(lambda task: task.state != "open").journey_id
        return self.browse(finished), moved_on

    def _take_turn(self, pending):
        """Say what happens now to the pending tasks of the current visit.

        :param pending: waiting and open tasks, in the order of their positions
        :return: ``{"open": ids, "refuse": ids, "finished": bool}``; finished when no
            position is left to wait for
        """
        today = self.env["cs.account"]._today(self.company_id)
        turn = {"open": [], "refuse": [], "finished": False}
        for tasks in pending.grouped("position").values():
            blocked = False
            for task in tasks:
                if task._is_indicator():
                    continue
                refused = task.state == "waiting" and task._is_refused()
                if task.state == "waiting" and task._is_due(today):
                    turn["refuse" if refused else "open"].append(task.id)
                blocked |= task._is_blocking() and not refused
            if blocked:
                return turn
        turn["finished"] = True
        return turn

    def _advance(self, **by_hand):
        """Leave the current stage for the next one, or end after the last.

        :param by_hand: ``reason`` and ``decided_by_id`` of a person's decision
        :return: the journeys that came into another stage
        """
        following = self.env["cs.journey.stage"].concat(
            *(journey.visit_id.planned_stage_id._next() for journey in self)
        )
        self._leave("advance", **by_hand)
        (self - following.journey_id)._end("done")
        following.journey_id._enter(following)
        return following.journey_id

    def _leave(self, outcome, **by_hand):
        """Close the current visits: what is left of their tasks is cancelled.

        But for what was offered, and for what goes on when an endless stage repeats.
        """
        left = self.env["cs.task"].search(
            [("visit_id", "in", self.visit_id.ids), ("state", "in", PENDING)]
        )
        left.filtered(lambda task: not task._outlives(outcome))._cancel()
        for company, journeys in self.grouped("company_id").items():
            today = self.env["cs.account"]._today(company)
            journeys.visit_id.write({"left_on": today, "outcome": outcome, **by_hand})
        # The unique index must see them closed before a new one is inserted.
        self.visit_id.flush_recordset(["left_on"])

    def _enter(self, planned_stages):
        """Begin a visit of one stage in each of these journeys."""
        visits = self.env["cs.journey.visit"].create(
            [stage._prepare_visit_values() for stage in planned_stages]
        )
        for visit in visits:
            visit.journey_id.write(
                {"visit_id": visit.id, "stage_id": visit.stage_id.id}
            )
        visits._take_tasks()
        visits._mirror_phase()

    def _end(self, state, **values):
        """End these journeys: of those done only what was offered stays to be done."""
        left = self.env["cs.task"].search(
            [("journey_id", "in", self.ids), ("state", "in", PENDING)]
        )
        if state == "done":
            left = left.filtered(lambda task: not task._is_offered())
        left._cancel()
        for company, journeys in self.grouped("company_id").items():
            today = self.env["cs.account"]._today(company)
            journeys.write(
                {"state": state, "ended_on": today, "next_check_on": False, **values}
            )
        # The unique indexes must see them ended before another one is inserted.
        self.flush_recordset(["state"])
        lifecycle = self.filtered(lambda journey: journey.kind == "lifecycle")
        lifecycle.account_id.write(
            {"pace": False, "phase_deadline": False, "stage_progress": False}
        )
