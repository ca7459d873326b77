from collections import Counter

from odoo import fields, models
from odoo.tools import SQL

from ..sheets.report import OUTCOMES
from ..sheets.stored_cells import pack, unpack


class CsSheetLoadPage(models.Model):
    """Rows of a spreadsheet that are loaded together, and what became of each."""

    _name = "cs.sheet.load.page"
    _description = "Rows of an Imported Spreadsheet"
    _order = "load_id, number"
    _log_access = False

    load_id = fields.Many2one(
        comodel_name="cs.sheet.load", required=True, ondelete="cascade", index=True
    )
    number = fields.Integer(required=True)
    # Large: read only where they are asked for.
    cells = fields.Json(required=True, prefetch=False, help="[[line, [cells]]]")
    outcomes = fields.Json(prefetch=False, help="[[outcome, reason]], a row each.")
    is_done = fields.Boolean()
    kept = fields.Integer()
    unchanged = fields.Integer()
    unmatched = fields.Integer()
    bad = fields.Integer()

    _number_uniq = models.UniqueIndex("(load_id, number)", "It has this page already.")

    def _pack(self, rows):
        """Return rows, ``[(line, cells)]``, as the field ``cells`` holds them."""
        return [[line, [pack(cell) for cell in cells]] for line, cells in rows]

    def _rows(self):
        """Return the rows of one page: ``[(line, list of cells)]``."""
        self.flush_recordset(["cells"])
        # A Json field would copy each cell before it gives it away.
        [(rows,)] = self.env.execute_query(
            SQL("SELECT cells FROM cs_sheet_load_page WHERE id = %s", self.id)
        )
        return [(line, [unpack(cell) for cell in cells]) for line, cells in rows]

    def _keep(self, outcomes):
        """Keep what became of the rows of one page.

        :param outcomes: list of ``(outcome, reason or None)``, a row each
        :return: ``{outcome: number of rows}``
        """
        counted = Counter(outcome for outcome, _reason in outcomes)
        counts = {name: counted[name] for name in OUTCOMES}
        self.write({"outcomes": outcomes, "is_done": True, **counts})
        return counts

    def _rows_of(self, outcome):
        """Yield ``(line, list of cells, reason or None)`` of rows with an outcome."""
        for page in self:
            if page[outcome]:
                for row, (found, reason) in zip(
                    page._rows(), page.outcomes, strict=True
                ):
                    if found == outcome:
                        yield *row, reason
