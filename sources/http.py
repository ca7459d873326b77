"""Web services: what the presets share."""

from urllib.parse import urlsplit

import jmespath
from jmespath.exceptions import JMESPathError

from odoo.exceptions import ValidationError

from . import registry
from .fetched import FetchedSource
from .http_client import HttpClient, Limits
from .http_pace import Pace
from .http_transport import Credential

#: cs.metric.source.http_preset → class
PRESETS = {}


def preset(cls):
    """Register the class of a preset."""
    PRESETS[cls.preset] = cls
    return cls


@registry.kind
class HttpSource(FetchedSource):
    """Fetches rows from a web service; a preset says how it is asked."""

    kind = "http"
    preset = None
    limits = Limits()

    @classmethod
    def of(cls, source):
        return PRESETS.get(source.http_preset, cls)(source)

    def destination(self):
        source = self.source
        place = urlsplit(source.http_url or "")
        return (
            *super().destination(),
            place.scheme,
            place.netloc,
            source.http_preset,
            source.http_method,
            source.http_auth,
            source.http_auth_name,
        )

    def client(self):
        """Return a client for this source: its limits, its pace, its secret."""
        source = self.source
        return HttpClient(
            self.env,
            credential=self.credential(),
            scrub=source._scrub,
            limits=self.limits,
            pace=Pace(source),
        )

    def credential(self):
        source = self.source
        secret = self.env["cs.metric.source.secret"]._of(source)
        return Credential(source.http_auth, source.http_auth_name or "", secret)

    def cell(self, row, column):
        """Return what a column, or a JMESPath expression, finds in a row."""
        if column in row:
            return row[column]
        try:
            return jmespath.search(column, row)
        except JMESPathError as error:
            # As a value it is refused, and the row named.
            return str(error)

    def check(self):
        source = self.source
        columns = [source.customer_column, source.at_column]
        for column in [*columns, *source.line_ids.mapped("column")]:
            self.check_path(column)
        return super().check()

    def check_path(self, path):
        """Refuse what is no JMESPath expression.

        :raise ValidationError: says where it breaks
        """
        try:
            jmespath.compile(path or "@")
        except JMESPathError as error:
            raise ValidationError(
                self.env._(
                    "“%(path)s” is no path (JMESPath): %(reason)s",
                    path=path,
                    reason=str(error).splitlines()[0],
                )
            ) from None
