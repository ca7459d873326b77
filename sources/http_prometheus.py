"""Prometheus: one query, one value for each customer."""

from odoo.exceptions import UserError

from .fetched import Page
from .http import OTHER_SHAPE, HttpSource, preset
from .http_words import plain

_QUERY = "/api/v1/query"


@preset
class PrometheusSource(HttpSource):
    """Asks a PromQL query; each series is a row with its labels and its value."""

    preset = "prometheus"
    value_column = "value"

    def check(self):
        self.need("http_url", "http_query")
        return super().check()

    def pages(self, position=None):
        base = self.source.http_url.rstrip("/").removesuffix(_QUERY)
        with self.client() as client:
            answer = client.ask(
                base + _QUERY, {"query": self.source.http_query}, explain=_said
            )
        yield Page(self.rows(answer.data), None)

    def rows(self, data):
        """Return the series of an answer as rows.

        :raise UserError: it isn't one of Prometheus, or a series isn't a customer
        """
        try:
            is_good = data["status"] == "success"
            kind = data["data"]["resultType"]
            found = data["data"]["result"]
            rows = [_row(series) for series in found] if kind == "vector" else None
            said = [*(data.get("warnings") or ()), *(data.get("infos") or ())]
        except OTHER_SHAPE:
            is_good = False
        if not is_good:
            raise UserError(
                self.env._(
                    "It does not answer as Prometheus does: is this the address of "
                    "its start page?"
                )
            )
        self.notes += [self._warned(word) for word in said]
        if rows is None:
            raise UserError(
                self.env._(
                    "The query gives a %(kind)s, one value for each customer is "
                    "needed: for example sum by (customer) (…)",
                    kind=plain(str(kind)),
                )
            )
        self.check_one_row_each(rows)
        return rows

    def _warned(self, word):
        return self.env._(
            "Prometheus warns that the answer may be incomplete: %(words)s",
            words=plain(self.scrub(str(word))),
        )


def _row(series):
    # Values come as text, NaN and infinity too: those are no numbers to record.
    moment, value = series["value"]
    return {**series["metric"], "value": value, "time": moment}


def _said(data):
    """Return why a query failed."""
    if not isinstance(data, dict) or not data.get("error"):
        return None
    return f"{data.get('errorType') or 'error'}: {data['error']}"
