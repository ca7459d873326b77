"""Grafana: one query through a data source, its frames as rows."""

from odoo.exceptions import UserError

from .fetched import Page
from .http import OTHER_SHAPE, HttpSource, preset
from .http_words import plain

_REF = "A"
_TIMES = ("time", "time.Time")


@preset
class GrafanaSource(HttpSource):
    """Asks one data source of Grafana; its frames hold columns, not rows."""

    preset = "grafana"
    value_column = "value"

    def check(self):
        self.need("http_url", "http_datasource", "http_query")
        return super().check()

    def pages(self, position=None):
        source = self.source
        query = {
            "refId": _REF,
            "datasource": {"uid": source.http_datasource},
            "format": "table",
            source.http_language: source.http_query,
        }
        if source.http_language == "expr":
            query |= {"instant": True, "range": False}
        body = {"queries": [query], "from": source.http_from or "now-24h", "to": "now"}
        with self.client() as client:
            answer = client.ask(
                f"{source.http_url.rstrip('/')}/api/ds/query",
                method="POST",
                body=body,
                explain=_said,
            )
        yield Page(self.rows(answer.data), None)

    def _find(self, row, column):
        # Grafana writes Time and Value, the names of the rest are those of the query.
        if column not in row:
            names = {name.lower(): name for name in row}
            column = names.get(column.lower(), column)
        return super()._find(row, column)

    def rows(self, data):
        """Return the frames of an answer as rows.

        :raise UserError: it isn't one of Grafana, or it holds an error
        """
        if reason := _said(data):
            raise UserError(
                self.env._(
                    "The query failed: %(reason)s", reason=plain(self.scrub(reason))
                )
            )
        try:
            results = data["results"].values()
            frames = [frame for one in results for frame in one.get("frames") or ()]
            rows = [row for frame in frames for row in self._rows_of(frame)]
        except OTHER_SHAPE:
            raise UserError(
                self.env._(
                    "It does not answer as Grafana does: is this the address of its "
                    "start page?"
                )
            ) from None
        self.check_one_row_each(rows)
        return rows

    def _rows_of(self, frame):
        schema = frame["schema"]
        for notice in (schema.get("meta") or {}).get("notices") or ():
            self.notes.append(
                self.env._(
                    "Grafana remarks: %(words)s",
                    words=plain(self.scrub(str(notice.get("text")))),
                )
            )
        # A frame without rows may come without columns as well.
        values = frame["data"].get("values") or [[] for _field in schema["fields"]]
        columns = list(zip(schema["fields"], values, strict=True))
        series = [pair for pair in columns if pair[0].get("labels")]
        if series:
            times = next((cells for field, cells in columns if _is_time(field)), None)
            return [row for pair in series for row in self._points(*pair, times)]
        names = [field["name"] for field in schema["fields"]]
        return [
            dict(zip(names, cells, strict=True)) for cells in zip(*values, strict=True)
        ]

    def _points(self, field, cells, times):
        """Return the points of one series as rows: all of them, or the last one.

        Without a column of time they would all be of the same moment.
        """
        rows = [
            {
                **field["labels"],
                "value": cell,
                "time": times[number] if times else None,
                "name": field.get("name"),
            }
            for number, cell in enumerate(cells)
            if cell is not None
        ]
        return rows if self.source.at_column else rows[-1:]


def _is_time(field):
    kinds = field.get("type"), (field.get("typeInfo") or {}).get("frame")
    return any(kind in _TIMES for kind in kinds)


def _said(data):
    """Return why a query failed, None if it did not."""
    results = data.get("results") if isinstance(data, dict) else None
    if not isinstance(results, dict):
        return None
    reasons = [
        f"{ref}: {result['error']}"
        for ref, result in results.items()
        if isinstance(result, dict) and result.get("error")
    ]
    return "; ".join(reasons) or None
