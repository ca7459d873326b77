from odoo import api, fields, models


class CsMetricWithdraw(models.TransientModel):
    """Asks why, before readings are withdrawn."""

    _name = "cs.metric.withdraw"
    _description = "Withdrawal of Readings"

    # Not a relation: its table would make every reading that goes look back at it.
    reading_ids_json = fields.Json(required=True)
    summary = fields.Char(compute="_compute_summary")
    reason = fields.Text(required=True)

    @api.depends("reading_ids_json")
    def _compute_summary(self):
        for wizard in self:
            readings = wizard._readings()
            first = readings[:1]
            if len(readings) == 1:
                wizard.summary = self.env._(
                    "%(metric)s of %(customer)s: %(value)s",
                    metric=first.metric_id.name,
                    customer=first.account_id.display_name,
                    value=first.display_value,
                )
            else:
                wizard.summary = self.env._(
                    "%(readings)s readings of %(customers)s customers",
                    readings=len(readings),
                    customers=len(readings.account_id),
                )

    def _readings(self):
        self.ensure_one()
        readings = self.env["cs.metric.reading"].browse(self.reading_ids_json or [])
        return readings.exists()

    def action_confirm(self):
        """Withdraw the readings with the reason given."""
        self._readings().action_withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
