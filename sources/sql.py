"""Facts by one query on another PostgreSQL database."""

import math
from decimal import Decimal
from itertools import islice

from odoo.exceptions import UserError, ValidationError

from . import registry
from .fetched import PREVIEW_ROWS, FetchedSource, Page
from .postgres_link import PostgresPlace
from .postgres_words import refuse_double
from .read_only_database import ReadOnlyDatabase
from .sql_question import checked_question

_ROWS_A_PAGE = 20_000
_PREVIEW_SECONDS = 30


@registry.kind
class SqlSource(FetchedSource):
    """Asks once for all customers; all rows come, or none is recorded."""

    kind = "sql"
    destination_fields = (
        "sql_host",
        "sql_port",
        "sql_database",
        "sql_user",
        "sql_sslmode",
        "sql_certificate",
    )

    def check(self):
        self._database().check()
        if not (self.source.sql_query or "").strip():
            raise ValidationError(self.env._("Write the query."))
        checked_question(self.env, self.source.sql_query)
        self._check_limits()
        return super().check()

    def _check_limits(self):
        source = self.source
        most_rows, most_seconds = source._sql_limits()
        if not 0 < source.sql_row_limit <= most_rows:
            raise ValidationError(
                self.env._(
                    "Between 1 and %(most)s rows are read; a system administrator can "
                    "change this in Settings › Customer Success.",
                    most=most_rows,
                )
            )
        if not 0 < source.sql_seconds <= most_seconds:
            raise ValidationError(
                self.env._(
                    "A query may take between 1 and %(most)s seconds; a system "
                    "administrator can change this in Settings › Customer Success.",
                    most=most_seconds,
                )
            )

    def pages(self, position=None):
        rows = self._rows(self.source.sql_row_limit, self.source.sql_seconds)
        while page := list(islice(rows, _ROWS_A_PAGE)):
            # Half of an answer can't be resumed: the next fetch asks anew.
            yield Page(page, None)

    def preview(self):
        seconds = min(self.source.sql_seconds, _PREVIEW_SECONDS)
        return list(self._rows(PREVIEW_ROWS, seconds, is_sample=True))

    def customer(self, row):
        found = self.cell(row, self.source.customer_column)
        is_decimal = isinstance(found, (float, Decimal)) and math.isfinite(found)
        if is_decimal and found == int(found):
            # Where a number names somebody, it has no decimals.
            return str(int(found))
        return super().customer(row)

    def _rows(self, limit, seconds, is_sample=False):
        """Yield rows as dicts.

        :raise UserError: there is no answer, or a column is missing
        """
        most_rows, most_seconds = self.source._sql_limits()
        answer = self._database().query(
            self.source.sql_query,
            min(limit, most_rows),
            min(seconds, most_seconds),
            is_sample,
        )
        self._check_columns(answer.columns)
        for row in answer.rows:
            yield dict(zip(answer.columns, row, strict=True))

    def _check_columns(self, columns):
        source = self.source
        wanted = [source.customer_column, source.at_column]
        wanted += [self.column_of(line) for line in source.line_ids]
        for column in filter(None, wanted):
            if column not in columns:
                raise UserError(
                    self.env._(
                        "The query gives no column “%(column)s”. It gives: "
                        "%(columns)s.",
                        column=column,
                        columns=", ".join(columns),
                    )
                )
            refuse_double(self.env, column, columns)

    def _database(self):
        source = self.source
        place = PostgresPlace(
            host=(source.sql_host or "").strip(),
            port=source.sql_port,
            dbname=source.sql_database,
            user=source.sql_user,
            password=self.env["cs.metric.source.secret"]._of(source),
            sslmode=source.sql_sslmode or "require",
            certificate=source.sql_certificate,
        )
        return ReadOnlyDatabase(self.env, place, source._scrub)
