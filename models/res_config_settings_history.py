from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cs_metric_reading_retention import CHANGES, CONFIRMATIONS

_PARAMETERS = {
    "cs_confirmations_kept_days": CONFIRMATIONS,
    "cs_changes_kept_days": CHANGES,
}


class ResConfigSettings(models.TransientModel):
    """For how long the history of facts is kept."""

    _inherit = "res.config.settings"

    # Not by config_parameter: that would take 0 for nothing said.
    cs_confirmations_kept_days = fields.Integer(string="Keep every reading (days)")
    cs_changes_kept_days = fields.Integer(string="Keep every change (days)")

    @api.constrains(*_PARAMETERS)
    def _check_days_kept(self):
        for settings in self:
            confirmations, changes = (settings[name] for name in _PARAMETERS)
            if min(confirmations, changes) < 0:
                raise ValidationError(
                    self.env._(
                        "Readings cannot be kept for less than no days. 0 keeps them "
                        "for ever."
                    )
                )
            if changes and not 0 < confirmations <= changes:
                raise ValidationError(
                    self.env._(
                        "Changes must be kept at least as long as every reading: "
                        "%(readings)s and %(changes)s days do not go together.",
                        readings=confirmations or self.env._("all"),
                        changes=changes,
                    )
                )

    @api.model
    def get_values(self):
        readings = self.env["cs.metric.reading"]
        return super().get_values() | {
            name: readings._days_kept(parameter)
            for name, parameter in _PARAMETERS.items()
        }

    def set_values(self):
        result = super().set_values()
        for name, parameter in _PARAMETERS.items():
            # sudo: Odoo lets nobody but system administrators come here.
            parameters = self.env["ir.config_parameter"].sudo()
            parameters.set_param(parameter, str(self[name]))
        return result
