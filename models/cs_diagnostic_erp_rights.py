import re

from odoo import api, fields, models

from ..diagnostic.probe_tables import tables_of

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")


class CsDiagnosticErp(models.Model):
    """What the role by which an ERP's databases are read must be granted."""

    _inherit = "cs.diagnostic.erp"

    grants = fields.Text(
        string="Statements for the role",
        compute="_compute_grants",
        help="For whoever administers the customer's database: with this the role "
        "reads the tables that the probes need, and nothing else.",
    )

    @api.depends("probe_ids.query", "probe_ids.active")
    def _compute_grants(self):
        for erp in self:
            tables = erp._probed_tables()
            erp.grants = bool(tables) and self._statements(tables)

    def _statements(self, tables):
        lines = [
            "CREATE ROLE cs_reader LOGIN PASSWORD '…';",
            "GRANT USAGE ON SCHEMA public TO cs_reader;",
            "GRANT SELECT ON",
            ",\n".join(f"    {table}" for table in tables),
            "TO cs_reader;",
        ]
        return "\n".join(lines)

    def _probed_tables(self):
        """Return the tables that the active probes read, written as in SQL, sorted."""
        self.ensure_one()
        queries = self.probe_ids.mapped("query")
        names = {name for query in queries for name in tables_of(query)}
        return sorted(name if _PLAIN.fullmatch(name) else f'"{name}"' for name in names)
