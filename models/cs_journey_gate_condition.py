from odoo import fields, models
from odoo.tools import SQL


class CsJourneyTemplateGateCondition(models.Model):
    """What must be so of a customer before a stage begins."""

    _name = "cs.journey.template.gate.condition"
    _inherit = "cs.condition"
    _description = "Gate Condition of a Template Stage"
    _order = "stage_id, sequence, id"

    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="stage_id.company_id", store=True, index=True)


class CsJourneyGateCondition(models.Model):
    """The same as one journey has it, asked of its own customer."""

    _name = "cs.journey.gate.condition"
    _inherit = "cs.condition"
    _description = "Gate Condition"
    _order = "planned_stage_id, sequence, id"

    planned_stage_id = fields.Many2one(
        comodel_name="cs.journey.stage", required=True, ondelete="cascade", index=True
    )
    account_id = fields.Many2one(
        related="planned_stage_id.journey_id.account_id",
        string="Customer",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(
        related="planned_stage_id.company_id", store=True, index=True
    )
    sequence = fields.Integer()

    def _sql_looks_at(self):
        return SQL("o.account_id = v.account_id")
