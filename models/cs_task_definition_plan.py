from odoo import models
from odoo.tools import SQL


class CsTaskDefinition(models.AbstractModel):
    """How what a diagnostic proposes becomes a task."""

    _inherit = "cs.task.definition"

    def _prepare_task(self):
        """Return what a task that is a copy of this one starts with."""
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._definition_fields()
        }

    def _take_texts_of_each(self, sources):
        """Take over the texts of all languages, in one query.

        :param sources: per record of ``self`` the one that it is a copy of
        """
        names = [
            name for name in self._definition_fields() if self._fields[name].translate
        ]
        if not self:
            return
        self.flush_recordset(names)
        sources.flush_recordset(names)
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s t SET %(assignments)s"
                " FROM unnest(%(ids)s, %(source_ids)s) pair (id, source_id)"
                " JOIN %(sources)s s ON s.id = pair.source_id WHERE t.id = pair.id",
                table=SQL.identifier(self._table),
                assignments=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("s", name))
                    for name in names
                ),
                ids=list(self.ids),
                source_ids=[source.id for source in sources],
                sources=SQL.identifier(sources._table),
            )
        )
        self.invalidate_recordset(names, flush=False)
