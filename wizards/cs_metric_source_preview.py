from markupsafe import Markup

from odoo import api, fields, models

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
        trial = registry.kind_of(source._as_owner()).trial()
        return self.create(
            {
                "source_id": source.id,
                "rows": self._html_table(trial),
                "summary": trial.summary,
                "is_good": trial.is_good,
            }
        )

    def _html_table(self, trial):
        """Return the rows as HTML, each with what would become of it."""
        columns = list(dict.fromkeys(column for row in trial.rows for column in row))
        columns = columns[:_MOST_COLUMNS]
        head = Markup().join(
            Markup("<th>%s</th>") % name
            for name in [*columns, self.env._("What would become of it")]
        )
        body = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(
                Markup("<td>%s</td>") % _short(cell)
                for cell in [*(row.get(column) for column in columns), outcome]
            )
            for row, outcome in zip(trial.rows, trial.outcomes, strict=True)
        )
        return Markup(
            "<table class='table table-sm'><thead><tr>%s</tr></thead>"
            "<tbody>%s</tbody></table>"
        ) % (head, body)


def _short(cell):
    text = "" if cell is None else str(cell)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
