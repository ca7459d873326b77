from odoo.exceptions import UserError

from ..sheets import billing, customers, measurements, subscriptions, uses
from ..sheets.loader import LOADERS
from ..sheets.result_file import report_columns
from ..sheets.table import read_table
from . import registry
from .base import Source

__all__ = ["billing", "customers", "measurements", "subscriptions"]


@registry.kind
class SheetSource(Source):
    """Takes the files that somebody drops; its columns are mapped once."""

    kind = "sheet"

    def run(self, accounts=None):
        raise UserError(self.env._("Import a file: a spreadsheet cannot be fetched."))

    @property
    def loader_class(self):
        """The class that loads such files."""
        return LOADERS[self.source.sheet_kind]

    def read_file(self, data, sheet=None, header_line=None, limit=None):
        """Return the :class:`~..sheets.table.Table` in the bytes of a file.

        :param sheet: name of a workbook's sheet; that of the last time, else the
            first that holds anything, without it
        :param header_line: line of the header; found without it
        :param limit: read so many rows only
        :raise UserError: not a table
        """
        return read_table(
            self.env,
            data,
            sheet=sheet or self.source.sheet_name or None,
            header_line=header_line or None,
            known=self.loader_class.known_names(self.source),
            limit=limit,
        )

    def guess(self, table):
        """Return ``{column: use}`` of a table: as last time, else by the names."""
        return self.loader_class.guess(self.source, table)

    def remember(self, table, column_uses):
        """Keep what was found and chosen for the next file.

        :param column_uses: ``{column: use}``
        """
        remembered = self.source.sheet_mapping or {}
        guessed = self.guess(table)
        ours = report_columns(self.env, table.header)
        # That nobody knew what to do with a column is no decision against it.
        chosen = {
            name: use
            for name, use in column_uses.items()
            if name not in ours and (use or guessed[name] or name in remembered)
        }
        # sudo: it is a note on the source, not an edit of it.
        self.source.sudo().write(
            {
                "sheet_mapping": uses.remember(remembered, chosen),
                "sheet_name": table.sheet or self.source.sheet_name,
            }
        )
