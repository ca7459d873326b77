from odoo.http import Controller, content_disposition, request, route

from ..sheets.loader import LOADERS
from ..sheets.report import OUTCOMES


class CsSheetLoadController(Controller):
    """The results of imported spreadsheets, as files."""

    @route(
        "/customer_success/import/<int:load_id>/<string:outcome>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def result(self, load_id, outcome):
        """Download the rows of an imported spreadsheet with one outcome, as CSV."""
        load = request.env["cs.sheet.load"].browse(load_id).exists()
        if not load or outcome not in OUTCOMES or not load.has_access("read"):
            raise request.not_found()
        return self._file(*load._result_file(outcome))

    @route(
        "/customer_success/import/example/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def example(self, kind):
        """Download a CSV file that shows how a kind of spreadsheet may look."""
        kinds = dict(
            request.env["cs.sheet.load"]
            ._fields["kind"]
            ._description_selection(request.env)
        )
        if kind not in kinds:
            raise request.not_found()
        content = LOADERS[kind].example_file(request.env)
        return self._file(f"{kinds[kind]}.csv", content)

    def _file(self, name, content):
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "text/csv; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
