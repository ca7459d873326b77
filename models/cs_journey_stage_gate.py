from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: A kind of gate is a method ``_gate_<kind>`` of cs.journey.stage.
GATES = [
    ("condition", "Conditions must hold"),
    ("approval", "A person releases it"),
]


class CsJourneyTemplateStage(models.Model):
    """What a customer must pass before the stage begins."""

    _inherit = "cs.journey.template.stage"

    gate = fields.Selection(
        selection=GATES,
        help="What is asked before a customer enters. It waits in the stage before, "
        "and counts as stuck there after this stage's days.",
    )
    gate_group_id = fields.Many2one(
        comodel_name="res.groups",
        string="Released by",
        help="Whose people may let a customer in. Empty: those who see all customers.",
    )
    gate_condition_ids = fields.One2many(
        comodel_name="cs.journey.template.gate.condition",
        inverse_name="stage_id",
        string="Conditions of the gate",
        copy=True,
    )

    @api.constrains("gate", "gate_condition_ids")
    def _check_gate_conditions(self):
        for stage in self:
            if stage.gate == "condition" and not stage.gate_condition_ids:
                raise ValidationError(
                    self.env._(
                        "The gate of %(stage)s asks nothing. Add a condition.",
                        stage=stage.name,
                    )
                )

    @api.constrains("gate", "sequence", "template_id")
    def _check_gate_not_first(self):
        for template in self.template_id:
            first = template.stage_ids.sorted(lambda s: (s.sequence, s.id))[:1]
            if first.gate:
                raise ValidationError(
                    self.env._(
                        "%(stage)s is the first stage: there is none to wait in "
                        "before its gate. Remove the gate, or put a stage before it.",
                        stage=first.name,
                    )
                )


class CsJourneyStage(models.Model):
    """The gate as one journey has it."""

    _inherit = "cs.journey.stage"

    gate = fields.Selection(selection=GATES)
    gate_group_id = fields.Many2one(comodel_name="res.groups", string="Released by")
    gate_condition_ids = fields.One2many(
        comodel_name="cs.journey.gate.condition",
        inverse_name="planned_stage_id",
        string="Conditions of the gate",
    )
    released_on = fields.Date(string="Released on")
    released_by_id = fields.Many2one(
        comodel_name="res.users", string="Let in by", help="Who let the customer in."
    )
    release_note = fields.Char(help="Why the customer was let in.")

    @api.model
    def _copied_fields(self):
        return (*super()._copied_fields(), "gate", "gate_group_id")

    def _closed_gates(self):
        """Return the gates that let nobody in now, and why, for people.

        :return: ``{stage: reason}``; a stage whose gate is open is not in it
        """
        closed = {}
        gated = self.filtered(lambda stage: stage.gate and not stage.released_on)
        for gate, stages in gated.grouped("gate").items():
            closed |= getattr(stages, f"_gate_{gate}")()
        return closed

    def _gate_condition(self):
        """Return those of which a condition does not hold; unknown does not."""
        answers = self.gate_condition_ids._observe()
        closed = {}
        for stage in self:
            failing = [
                condition._say_verdict(**answers[condition.id])
                for condition in stage.gate_condition_ids
                if not answers[condition.id]["holds"]
            ]
            if failing:
                closed[stage] = "; ".join(failing)
        return closed

    def _gate_approval(self):
        """Return all: only a person opens these gates."""
        return {
            stage: self.env._(
                "somebody of %(group)s must release it",
                group=stage._gate_keepers().sudo().display_name,
            )
            for stage in self
        }

    def _gate_keepers(self):
        """Return the group whose people may release the gate."""
        return self.gate_group_id or self.env.ref("customer_success.group_cs_user_all")
