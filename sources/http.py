"""Web services: what the presets share."""

import json
from collections import Counter
from functools import lru_cache
from urllib.parse import urlsplit

import jmespath
from jmespath.exceptions import JMESPathError, ParseError
from jmespath.visitor import TreeInterpreter

from odoo.exceptions import UserError, ValidationError

from . import registry
from .fetched import FetchedSource
from .http_client import HttpClient, Limits
from .http_pace import Pace
from .http_settings import SettingsReader
from .http_transport import Credential
from .http_words import plain

#: cs.metric.source.http_preset → class
PRESETS = {}
#: What comes of an answer that has not the shape of that service's answers.
OTHER_SHAPE = (AttributeError, LookupError, TypeError, ValueError)
_PATHS = TreeInterpreter()
_NAMED = ("header", "basic", "query")


@lru_cache(1000)
def _compiled(column):
    """Return the JMESPath expression of a column, None if it is a plain name."""
    try:
        return jmespath.compile(column)
    except ParseError:
        return None


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
    #: So many requests a minute, whatever is set; None: as it is set.
    a_minute = None
    #: Column of a value when a line of the source names none.
    value_column = None

    def __init__(self, source):
        super().__init__(source)
        self.settings = SettingsReader(self.env)
        self.scrub = source._scrubber()

    @classmethod
    def of(cls, source):
        return PRESETS.get(source.http_preset, cls)(source)

    def destination(self):
        source = self.source
        place = urlsplit(source.http_url or "")
        return (
            *super().destination(),
            place.scheme,
            place.netloc.lower(),
            source.http_preset,
            source.http_method,
            source.http_auth,
            source.http_auth_name,
        )

    def client(self):
        """Return a client for this source: its limits, its pace, its secret.

        :raise UserError: its secret is missing
        """
        source = self.source
        return HttpClient(
            self.env,
            credential=self.credential(),
            scrub=self.scrub,
            limits=self.limits,
            pace=Pace(source, self.a_minute or source.http_max_per_minute),
        )

    def credential(self):
        source = self.source
        if source.http_auth == "none":
            return Credential()
        secret = self.env["cs.metric.source.secret"]._of(source)
        if not secret:
            raise UserError(
                self.env._(
                    "The secret is missing: a system administrator enters it on the "
                    "source."
                )
            )
        return Credential(source.http_auth, source.http_auth_name or "", secret)

    def check(self):
        source = self.source
        self.need("http_preset")
        if source.http_url:
            self.check_address()
        if source.http_auth in _NAMED and not source.http_auth_name:
            raise ValidationError(
                self.env._(
                    "Say the name of the header, of the user, or of the parameter "
                    "that goes with the secret."
                )
            )
        if source.http_auth == "header":
            self.settings.check_header_name(source.http_auth_name)
        columns = [source.customer_column, source.at_column]
        for column in [*columns, *source.line_ids.mapped("column")]:
            self.settings.check_column(column)
        return super().check()

    def check_address(self):
        """Refuse an address that can't be called, or that holds a secret."""
        self.settings.check_address(self.source.http_url)

    def need(self, *names):
        """Refuse that one of some fields is empty.

        :raise ValidationError: says which
        """
        missing = [name for name in names if not self.source[name]]
        if missing:
            labels = self.source.fields_get(missing, ["string"])
            raise ValidationError(
                self.env._(
                    "Still missing: %(fields)s",
                    fields=", ".join(one["string"] for one in labels.values()),
                )
            )

    def column_of(self, line):
        return line.column or self.value_column

    def cell(self, row, column):
        """Return what a column, or a JMESPath expression, finds in a row.

        Texts are without the secret: some services repeat what they are asked.
        """
        found = self._find(row, column)
        if found is None or isinstance(found, (int, float)):
            return found
        return self.scrub(found if isinstance(found, str) else json.dumps(found))

    def _find(self, row, column):
        if column in row:
            return row[column]
        path = _compiled(column)
        try:
            return path and _PATHS.visit(path.parsed, row)
        except JMESPathError as error:
            # As a value it is refused, and the row named.
            return str(error)

    def check_one_row_each(self, rows):
        """Refuse several rows of one customer: only one of them could be kept.

        :raise UserError: says of whom, and what to do
        """
        source = self.source
        columns = [name for name in (source.customer_column, source.at_column) if name]
        counts = Counter(
            tuple(str(self.cell(row, name)) for name in columns) for row in rows
        )
        (who, *_at), count = max(
            counts.items(), key=lambda one: one[1], default=(("",), 0)
        )
        if count > 1:
            raise UserError(
                self.env._(
                    "There are %(count)s values for the same customer “%(who)s”, only "
                    "one can be kept: sum them up in the query, as in "
                    "sum by (customer) (…).",
                    count=count,
                    who=plain(who),
                )
            )

    def readings(self, rows):
        if not self.source.position:
            self.check_columns(rows)
        return super().readings(rows)

    def check_columns(self, rows):
        """Refuse first rows none of which has a column that is asked for.

        A slip in its name would make the fact unknown for every customer. Later pages
        may well be without what a service leaves out where it is empty.

        :raise UserError: says which, and what there is
        """
        source = self.source
        columns = [source.customer_column, source.at_column]
        columns += [self.column_of(line) for line in source.line_ids]
        for column in filter(None, columns):
            if rows and all(self._is_missing(row, column) for row in rows):
                known = dict.fromkeys(key for row in rows[:10] for key in row)
                raise UserError(
                    self.env._(
                        "No row has “%(column)s”. There are: %(known)s",
                        column=column,
                        known=plain(self.scrub(", ".join(map(str, known)))),
                    )
                )

    def _is_missing(self, row, column):
        return column not in row and self.cell(row, column) is None

    def shown(self, row):
        """Return a row as people see it: what is asked for, then what there is."""
        source = self.source
        columns = [source.customer_column, source.at_column]
        columns += [self.column_of(line) for line in source.line_ids]
        asked = {name: self.cell(row, name) for name in filter(None, columns)}
        return {
            plain(self.scrub(str(name))): None
            if cell is None
            else plain(self.scrub(str(cell)))
            for name, cell in {**asked, **row}.items()
        }
