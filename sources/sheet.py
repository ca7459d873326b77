import time

from odoo.exceptions import UserError

from ..sheets import customers, measurements, subscriptions
from ..sheets.loader import LOADERS
from ..sheets.table import read_table
from . import registry
from .base import Source

__all__ = ["customers", "measurements", "subscriptions"]


@registry.kind
class SheetSource(Source):
    """Takes the files that somebody drops; its columns are mapped once."""

    kind = "sheet"

    def run(self, accounts=None):
        raise UserError(self.env._("Import a file: a spreadsheet cannot be fetched."))

    @property
    def loader_class(self):
        return LOADERS[self.source.sheet_kind]

    def guess(self, header):
        """Return ``{target key: column}``: as last time, else by the names."""
        guessed = self.loader_class.guess(header)
        remembered = {
            key: name
            for key, name in (self.source.sheet_mapping or {}).items()
            if name in header
        }
        taken = set(remembered.values())
        return remembered | {
            key: name
            for key, name in guessed.items()
            if key not in remembered and name not in taken
        }

    def load(self, data, company, mapping=None):
        """Load the bytes of a file and note the result on the source.

        :param company: the res.company whose customers it is about
        :param mapping: ``{target key: column}``, remembered; as guessed without it
        :return: dict of kept, unchanged, created, bad (``[{"line", "reason"}]``) and
            seconds
        :raise UserError: not a table, or a necessary column is missing
        """
        begun = time.monotonic()
        table = read_table(self.env, data)
        mapping = self.guess(table.header) if mapping is None else mapping
        report = self.loader_class(self.source, company).load(table, mapping).as_dict()
        report["seconds"] = time.monotonic() - begun
        self._remember(mapping, report)
        return report

    def _remember(self, mapping, report):
        self.source.sudo().sheet_mapping = mapping
        bad = len(report["bad"])
        self.source._note(
            {
                "read": report["kept"] + report["unchanged"] + bad,
                "recorded": report["kept"],
                "unchanged": report["unchanged"],
                "bad": bad,
            },
            report["seconds"],
        )
