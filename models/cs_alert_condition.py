from odoo import fields, models


class CsAlertCondition(models.Model):
    """One fact that an alert rule watches."""

    _name = "cs.alert.condition"
    _inherit = "cs.condition"
    _description = "Alert Condition"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        comodel_name="cs.alert.rule", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
