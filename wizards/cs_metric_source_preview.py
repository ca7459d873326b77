from itertools import chain

from markupsafe import Markup

from odoo import api, fields, models

from ..facts.batch import ReadingBatch
from ..sources import registry

_LONGEST_CELL = 60
_MOST_COLUMNS = 10


class CsMetricSourcePreview(models.TransientModel):
    """The first rows of a source, and what would become of them."""

    _name = "cs.metric.source.preview"
    _description = "First Rows of a Source"

    source_id = fields.Many2one(
        comodel_name="cs.metric.source", required=True, readonly=True
    )
    rows = fields.Html(readonly=True)
    summary = fields.Text(readonly=True)
    is_good = fields.Boolean(readonly=True)

    @api.model
    def _of(self, source):
        """Fetch the first rows of a source and show them; nothing is recorded.

        :raise UserError: they can't be fetched
        """
        source.check_access("write")
        kind = registry.kind_of(source._as_owner())
        rows = kind.preview()
        readings_of_rows = [kind.readings([row]) for row in rows]
        readings = list(chain(*readings_of_rows))
        with self.env.cr.savepoint() as attempt:
            # sudo: as the scheduled fetch does; nothing of it stays.
            batch = ReadingBatch(kind.env(su=True), kind.source.sudo())
            answer = batch.record(readings)
            attempt.rollback()
        self.env.invalidate_all(flush=False)
        return self.create(
            {
                "source_id": source.id,
                "rows": self._html_table(
                    [kind.shown(row) for row in rows],
                    self._verdicts(readings_of_rows, answer["errors"]),
                ),
                "summary": self._summary(rows, answer),
                "is_good": bool(rows) and not answer["errors"],
            }
        )

    def _summary(self, rows, answer):
        if not rows:
            return self.env._("The source answered, without any row.")
        return self.env._(
            "Of the first %(rows)s rows, %(good)s values would be recorded, %(bad)s "
            "would not. Nothing is stored yet.",
            rows=len(rows),
            good=answer["recorded"] + answer["unchanged"],
            bad=len(answer["errors"]),
        )

    def _verdicts(self, readings_of_rows, errors):
        """Return what would become of each row."""
        reasons = {error["index"]: error["reason"] for error in errors}
        verdicts, start = [], 0
        for readings in readings_of_rows:
            end = start + len(readings)
            refused = [reasons[n] for n in range(start, end) if n in reasons]
            good = self.env._("would be recorded") if readings else ""
            verdicts.append(refused[0] if refused else good)
            start = end
        return verdicts

    def _html_table(self, rows, verdicts):
        """Return the rows as HTML, each with what would become of it."""
        columns = list(dict.fromkeys(column for row in rows for column in row))
        columns = columns[:_MOST_COLUMNS]
        head = Markup().join(
            Markup("<th>%s</th>") % name
            for name in [*columns, self.env._("What would become of it")]
        )
        body = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(
                Markup("<td>%s</td>") % _short(cell)
                for cell in [*(row.get(column) for column in columns), verdict]
            )
            for row, verdict in zip(rows, verdicts, strict=True)
        )
        return Markup(
            "<table class='table table-sm'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>"
        ) % (head, body)


def _short(cell):
    text = "" if cell is None else str(cell)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
