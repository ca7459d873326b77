from odoo import api, fields, models

from ..sources import postgres_entry as entry
from ..sources import registry

#: Unless system administrators say otherwise.
MOST_ROWS = 200_000
MOST_SECONDS = 300
_SPECIALIST = "customer_success.group_cs_specialist"


class CsMetricSource(models.Model):
    """Where another PostgreSQL database is, and what it is asked."""

    _inherit = "cs.metric.source"

    kind = fields.Selection(
        selection_add=[("sql", "Another PostgreSQL database (SQL)")],
        ondelete={"sql": "cascade"},
    )
    sql_host = fields.Char(
        string="Host",
        groups=_SPECIALIST,
        help=entry.HOST_HELP,
    )
    sql_port = fields.Integer(string="Port", default=5432, groups=_SPECIALIST)
    sql_database = fields.Char(string="Database", groups=_SPECIALIST)
    sql_user = fields.Char(
        string="Role",
        groups=_SPECIALIST,
        help=entry.ROLE_HELP,
    )
    sql_sslmode = fields.Selection(
        string="Encryption",
        selection=entry.ENCRYPTION,
        default="require",
        groups=_SPECIALIST,
        help=entry.ENCRYPTION_HELP,
    )
    sql_certificate = fields.Text(
        string="Certificate of the signer",
        groups=_SPECIALIST,
        help=entry.CERTIFICATE_HELP,
    )
    sql_query = fields.Text(
        string="SQL query",
        groups=_SPECIALIST,
        help="One SELECT, or WITH … SELECT. Times without zone are UTC, an interval is "
        "its seconds. All rows are recorded, or none.",
    )
    sql_row_limit = fields.Integer(
        string="Most rows",
        default=MOST_ROWS,
        groups=_SPECIALIST,
        help="If the query gives more, nothing is recorded and the run says so.",
    )
    sql_seconds = fields.Integer(
        string="Seconds at most",
        default=60,
        groups=_SPECIALIST,
        help="A query that takes longer is stopped there.",
    )

    @api.model
    def _sql_limits(self):
        """Return the most rows and the most seconds that system administrators allow.

        :return: tuple of two numbers
        """
        return (
            self._sql_limit("customer_success.sql_most_rows", MOST_ROWS),
            self._sql_limit("customer_success.sql_most_seconds", MOST_SECONDS),
        )

    def _sql_limit(self, name, default):
        # sudo: the limits hold for everybody.
        text = self.env["ir.config_parameter"].sudo().get_param(name, "")
        return int(text) if text.strip().isdecimal() else default

    @api.constrains(
        "kind",
        "sql_host",
        "sql_port",
        "sql_database",
        "sql_user",
        "sql_sslmode",
        "sql_certificate",
        "sql_query",
        "sql_row_limit",
        "sql_seconds",
    )
    def _check_sql(self):
        """Refuse what could not be asked, while it is being entered."""
        for source in self:
            if source.kind == "sql":
                registry.kind_of(source).check()
