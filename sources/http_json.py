"""Any web service that answers with JSON."""

import jmespath

from odoo.exceptions import UserError, ValidationError

from .fetched import Page
from .http import HttpSource, preset


@preset
class JsonSource(HttpSource):
    """Rows lie in the answer where a path says."""

    preset = "json"

    def check(self):
        if not self.source.http_url:
            raise ValidationError(self.env._("Enter the address of the service."))
        return super().check()

    def pages(self, position=None):
        with self.client() as client:
            answer = client.ask(self.source.http_url, method=self.source.http_method)
            yield Page(self.rows(answer.data), None)

    def rows(self, data):
        rows = jmespath.search("@", data)
        if not isinstance(rows, list):
            raise UserError(self.env._("There are no rows in the answer."))
        return rows
