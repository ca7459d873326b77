from odoo import fields, models


class CsMetricSourceSecret(models.Model):
    """What opens the system that a source fetches from."""

    _name = "cs.metric.source.secret"
    _description = "Secret of a Source"
    _inherit = ["cs.secret"]
    _log_access = False
    _allow_sudo_commands = False
    _holder = "source_id"

    source_id = fields.Many2one(
        comodel_name="cs.metric.source", required=True, ondelete="cascade"
    )

    _source_uniq = models.UniqueIndex("(source_id)", "A source has one secret.")
