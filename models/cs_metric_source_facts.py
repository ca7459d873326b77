from odoo import models
from odoo.tools import SQL

from ..facts.writer import TABLES


class CsMetricSource(models.Model):
    """What a source brought outlives it: facts have no foreign keys."""

    _inherit = "cs.metric.source"

    def unlink(self):
        """Delete sources; what they brought stays, and is nobody's."""
        source_ids = self.ids
        result = super().unlink()
        for table in TABLES:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET source_id = NULL WHERE source_id = ANY(%s::int[])",
                    SQL.identifier(table),
                    source_ids,
                )
            )
        self.env["cs.metric.reading"].invalidate_model(["source_id"], flush=False)
        self.env["cs.metric.value"].invalidate_model(["source_id"], flush=False)
        return result
