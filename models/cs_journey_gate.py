from odoo import api, fields, models
from odoo.exceptions import UserError


class CsJourney(models.Model):
    """Waiting at the gate of the next stage, and passing it."""

    _inherit = "cs.journey"

    gate_since = fields.Date(related="visit_id.gate_since", string="At the gate since")
    gate_deadline = fields.Date(related="visit_id.gate_deadline")
    waits_for = fields.Char(
        string="Waits for",
        compute="_compute_waits_for",
        compute_sudo=True,
        help="What somebody must see to before the journey goes on.",
    )

    @api.depends("visit_id.gate_since", "visit_id.repeat_number", "state")
    @api.depends_context("lang")
    def _compute_waits_for(self):
        at_gate = self.filtered(lambda j: j.gate_since and j.state == "running")
        closed = at_gate._next_stages()._closed_gates()
        reasons = {stage.journey_id.id: reason for stage, reason in closed.items()}
        for journey in self:
            journey.waits_for = False
            if journey in at_gate:
                journey.waits_for = journey._say_gate(reasons.get(journey.id))
            elif journey.state == "running" and journey.visit_id._waits_for_decision():
                journey.waits_for = journey.visit_id._explain_repeats().split("\n")[0]

    def _say_gate(self, reason):
        stage = self._next_stages().name
        if not reason:
            return self.env._(
                "The gate of %(stage)s is open: the customer enters tonight.",
                stage=stage,
            )
        return self.env._(
            "Waits at the gate of %(stage)s: %(reason)s", stage=stage, reason=reason
        )

    def _next_stages(self):
        """Return the stage that follows the current one of each, where there is one."""
        return self.env["cs.journey.stage"].concat(
            *(journey.visit_id.planned_stage_id._next() for journey in self)
        )

    def _pass_gates(self):
        """Advance those whose gate is open; the others wait, visibly.

        :return: the journeys that came into another stage
        """
        closed = self._next_stages()._closed_gates()
        waiting = self.browse(stage.journey_id.id for stage in closed)
        waiting._wait_at_gate()
        passing = self - waiting
        return passing._advance() if passing else passing

    def _wait_at_gate(self):
        for journey in self.filtered(lambda j: not j.visit_id.gate_since):
            today = self.env["cs.account"]._today(journey.company_id)
            days = journey._next_stages().stuck_days
            journey.visit_id.write(
                {
                    "gate_since": today,
                    "gate_deadline": fields.Date.add(today, days=days)
                    if days
                    else False,
                }
            )

    def _check_gates_open(self):
        """Raise when the next stage of one of these lets nobody in."""
        for stage, reason in self._next_stages()._closed_gates().items():
            raise UserError(
                self.env._(
                    "%(stage)s has a gate: %(reason)s. Release the gate first.",
                    stage=stage.name,
                    reason=reason,
                )
            )

    def action_release_gate(self, note):
        """Let the customer into the next stage, whatever its gate says.

        :param note: why, kept with the stage
        :return: True
        :raise UserError: no note, not at a gate, or the user is none of those who
            may release it
        """
        note = self._check_reason(note)
        self.check_access("read")
        journeys = self._engine()
        journeys._lock()
        journeys._check_state("running")
        for journey in journeys:
            stage = journey._next_stages()
            if not stage.gate:
                raise UserError(
                    self.env._(
                        "%(journey)s has no gate before it.",
                        journey=journey.display_name,
                    )
                )
            if stage._gate_keepers() not in self.env.user.all_group_ids:
                raise UserError(
                    self.env._(
                        "Only people of %(group)s may release the gate of %(stage)s.",
                        group=stage._gate_keepers().display_name,
                        stage=stage.name,
                    )
                )
            stage.write(
                {
                    "released_on": self.env["cs.account"]._today(journey.company_id),
                    "released_by_id": self.env.uid,
                    "release_note": note,
                }
            )
        journeys._run()
        return True
