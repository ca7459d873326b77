from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..sources.addresses import ALLOWED, allowed_hosts
from .cs_metric_source_sql import MOST_ROWS, MOST_SECONDS


class ResConfigSettings(models.TransientModel):
    """What only a system administrator decides: capacity, sources of facts."""

    _inherit = "res.config.settings"

    cs_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the capacity"
    )
    cs_mrr_per_csm = fields.Monetary(
        related="company_id.cs_mrr_per_csm",
        readonly=False,
        currency_field="cs_currency_id",
    )
    cs_cost_share = fields.Float(related="company_id.cs_cost_share", readonly=False)

    cs_http_hosts = fields.Char(
        string="Private hosts",
        config_parameter=ALLOWED,
        help="Sources may call these hosts (and folders of database sockets) although "
        "they lie in a private network, and send them secrets without encryption.",
    )

    cs_sql_most_rows = fields.Integer(
        string="Rows of a query",
        config_parameter="customer_success.sql_most_rows",
        default=MOST_ROWS,
    )
    cs_sql_most_seconds = fields.Integer(
        string="Seconds of a query",
        config_parameter="customer_success.sql_most_seconds",
        default=MOST_SECONDS,
    )

    cs_reminder_days = fields.Integer(
        related="company_id.cs_reminder_days", readonly=False
    )

    @api.constrains("cs_http_hosts")
    def _check_cs_http_hosts(self):
        for settings in self:
            try:
                allowed_hosts(settings.cs_http_hosts)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(host)s” is no host: write names like metrics.internal or "
                        "metrics.internal:9090, between spaces.",
                        host=error.args[0],
                    )
                ) from None
