from datetime import timedelta

from odoo import fields, models


class CsDiagnosticGoal(models.Model):
    """An objective that the plan proposes to agree on with the customer."""

    _name = "cs.diagnostic.goal"
    _description = "Objective to Propose"
    _order = "sequence, id"

    template_id = fields.Many2one(
        comodel_name="cs.diagnostic.template",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    name = fields.Char(
        string="Objective",
        required=True,
        translate=True,
        help='A result, with its number: "Bank reconciled up to the day before".',
    )
    sequence = fields.Integer(default=10)
    area_id = fields.Many2one(
        comodel_name="cs.diagnostic.area",
        ondelete="set null",
        index="btree_not_null",
        domain="[('template_id', '=', template_id)]",
        help="Proposed when this area is below its best level; empty: always.",
    )
    unit = fields.Char(translate=True)
    target = fields.Float(help="The number to reach.", aggregator=False)
    is_higher_better = fields.Boolean(string="Higher is better", default=True)
    days = fields.Integer(
        string="Within (days)", default=90, help="Counted from the day of the plan."
    )
    is_value_moment = fields.Boolean(
        string="Moment of value",
        help="Reaching it is when the customer perceives value.",
    )

    _days_positive = models.Constraint(
        "CHECK (days > 0)", "An objective needs some days to be reached."
    )

    def _prepare_objective(self, plan):
        """Return the values of the objective that this proposal becomes in a plan."""
        return {
            "name": self.name,
            "account_id": plan.account_id.id,
            "plan_id": plan.id,
            "unit": self.unit,
            "target": self.target,
            "is_higher_better": self.is_higher_better,
            "is_value_moment": self.is_value_moment,
            "due_on": plan.start_on + timedelta(days=self.days),
        }
