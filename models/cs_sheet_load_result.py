import itertools
from datetime import date, datetime

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

from ..sheets import result_file
from ..sheets.cells import cell_text
from ..sheets.report import OUTCOMES

_SHOWN_ROWS = 20
_SHOWN_COLUMNS = 6


class CsSheetLoad(models.Model):
    """The result: shown, and as files that can be mended and imported again."""

    _inherit = "cs.sheet.load"

    unmatched_rows = fields.Html(
        string="First rows without a customer", compute="_compute_rows"
    )
    bad_rows = fields.Html(string="First refused rows", compute="_compute_rows")

    def _compute_rows(self):
        for load in self:
            load.unmatched_rows = load._html_rows("unmatched")
            load.bad_rows = load._html_rows("bad")

    def _rows_of(self, outcome):
        """Yield ``(line, list of cells, reason or None)`` of rows with an outcome."""
        return self.page_ids.sorted("number")._rows_of(outcome)

    def _first_rows(self, outcome, count):
        """Return so many of :meth:`_rows_of`."""
        return list(itertools.islice(self._rows_of(outcome), count))

    def _html_rows(self, outcome):
        rows = self._first_rows(outcome, _SHOWN_ROWS)
        if not rows:
            return False
        headings = [*result_file.headings(self.env), *self.header[:_SHOWN_COLUMNS]]
        return html_table(
            self.env,
            headings,
            [
                [line, reason or "", *cells[:_SHOWN_COLUMNS]]
                for line, cells, reason in rows
            ],
        )

    def _as_report(self):
        """Return the result as ``cs.sheet.import._import_bytes`` gives it."""
        return {
            "kept": self.kept,
            "unchanged": self.unchanged,
            "created": self.created,
            "unmatched": self._reasons("unmatched"),
            "bad": self._reasons("bad"),
            "unused": self.unused_columns or [],
            "seconds": self.seconds,
        }

    def _reasons(self, outcome):
        rows = sorted(self._rows_of(outcome), key=lambda row: row[0])
        return [{"line": line, "reason": reason} for line, _cells, reason in rows]

    def _result_file(self, outcome):
        """Return name and bytes of the CSV file of the rows with an outcome.

        It has the columns of the file, and two more: line and reason. Mended, it can
        be imported in place of the file.

        :param outcome: kept, unchanged, unmatched or bad
        """
        self.ensure_one()
        self.check_access("read")
        rows = sorted(self._rows_of(outcome), key=lambda row: row[0])
        stem = (self.filename or "").rpartition(".")[0] or self.filename or self.kind
        names = dict(zip(OUTCOMES, self._outcome_names(), strict=True))
        content = result_file.write(
            self.env, self.header, rows, self.delimiter or None, self.traits
        )
        return f"{stem} ({names[outcome]}).csv", content

    def _outcome_names(self):
        """Return the names of the outcomes, in the order of OUTCOMES."""
        return (
            self.env._("unchanged"),
            self.env._("kept"),
            self.env._("without a customer"),
            self.env._("refused"),
        )

    def action_download(self):
        """Download the rows of the outcome that the context names."""
        self.ensure_one()
        outcome = self.env.context.get("outcome", "bad")
        return {
            "type": "ir.actions.act_url",
            "url": f"/customer_success/import/{self.id}/{outcome}",
            "target": "download",
        }

    def action_unmatched(self):
        """Open the names of this source that wait for their customer."""
        self.ensure_one()
        return self.source_id.action_unmatched()


def shown(env, cell):
    """Return a cell as the user reads it, a date so that nobody takes day for month."""
    if not isinstance(cell, date):
        return cell_text(cell)
    day = format_date(env, cell, date_format="d MMM yyyy")
    return f"{day} {cell:%H:%M:%S}" if isinstance(cell, datetime) else day


def html_table(env, heading, rows):
    """Return a table of cells as HTML."""
    lines = [
        Markup().join(Markup("<td>%s</td>") % shown(env, cell) for cell in row)
        for row in rows
    ]
    return Markup(
        "<table class='table table-sm'><thead><tr>%s</tr></thead>"
        "<tbody>%s</tbody></table>"
    ) % (
        Markup().join(Markup("<th>%s</th>") % name for name in heading),
        Markup().join(Markup("<tr>%s</tr>") % line for line in lines),
    )
