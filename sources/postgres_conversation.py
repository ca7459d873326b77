"""What is said on one connection to another PostgreSQL server."""

from collections import namedtuple

import psycopg2
from psycopg2 import errorcodes

from odoo.exceptions import UserError

from .postgres_guard import PostgresGuard
from .postgres_values import asked, reader
from .postgres_words import refusal
from .row_file import RowFile

#: ``columns``: their names, in order; ``rows``: an iterator of tuples.
Answer = namedtuple("Answer", "columns rows")
MOST_CHARACTERS = 80_000_000
_MOST_COLUMNS = 100
#: Values fetched at once.
_BATCH = 5_000
_STYLE = """
    SELECT pg_catalog.set_config('timezone', 'UTC', true),
           pg_catalog.set_config('datestyle', 'ISO', true),
           pg_catalog.set_config('bytea_output', 'hex', true),
           pg_catalog.set_config('extra_float_digits', '1', true)
"""


class Conversation:
    """One connection, from the checks to the last row."""

    def __init__(self, env, connection, watch):
        """
        :param connection: of psycopg2, its transactions only read
        :param watch: the ``Watch`` that is kept over it
        """
        self.env = env
        self.connection = connection
        self.watch = watch

    def ask(self, sql, limit, is_sample):
        """Return the :class:`Answer` to a question, see ``ReadOnlyDatabase.query``."""
        try:
            with self.connection.cursor() as cr:
                PostgresGuard(self.env, cr).check()
                self._prepare(cr)
                shape = self._shape(cr, sql)
                kept = self._fetch(cr, sql, shape, limit, is_sample)
                self.connection.rollback()
        except psycopg2.Error as error:
            raise UserError(self._reason(error)) from None
        columns = [name for name, _type_number in shape]
        return Answer(columns, kept.rows([reader(number) for _name, number in shape]))

    def _prepare(self, cr):
        """Have values written as we read them, and what outlives us ended there."""
        # Not with the connection: what PG* variables say of these goes before.
        cr.execute(_STYLE)
        times = {
            "client_connection_check_interval": "5s",
            "transaction_timeout": f"{self.watch.seconds + 5}s",
        }
        # Not every server knows them.
        block = (
            "BEGIN PERFORM pg_catalog.set_config(%s, %s, true); "
            "EXCEPTION WHEN OTHERS THEN NULL; END"
        )
        for setting in times.items():
            cr.execute("DO %s", (cr.mogrify(block, setting).decode(),))

    def _open(self, cr, name, sql):
        """Open a cursor of the server for a text, which its parser sees as one text.

        It refuses more than one statement there, whatever quotes and comments do.
        """
        block = "DECLARE c refcursor := %s; BEGIN OPEN c NO SCROLL FOR EXECUTE %s; END"
        body = cr.mogrify(block, (name, sql)).decode()
        cr.execute("DO %s", (body,))

    def _shape(self, cr, sql):
        """Return name and number of the type of each column."""
        # The question is the text that was checked, and is only read.
        self._open(cr, "shape", f"SELECT * FROM (\n{sql}\n) AS question")  # noqa: S608
        cr.execute("FETCH 0 FROM shape")
        shape = [(column.name, column.type_code) for column in cr.description]
        cr.execute("CLOSE shape")
        if not 0 < len(shape) <= _MOST_COLUMNS:
            raise UserError(
                self.env._(
                    "The query gives %(count)s columns; 1 to %(most)s are read.",
                    count=len(shape),
                    most=_MOST_COLUMNS,
                )
            )
        return shape

    def _fetch(self, cr, sql, shape, limit, is_sample):
        """Return a :class:`RowFile` with the rows.

        All of them are read before the first is used: whoever waits for the other
        database to answer keeps a transaction open there.
        """
        names = [f"c{number}" for number in range(len(shape))]
        wanted = (
            asked(f"question.{name}", number)
            for name, (_column, number) in zip(names, shape, strict=True)
        )
        inner = f"(\n{sql}\n) AS question ({', '.join(names)})"
        # As above: in parentheses it can be nothing else than a SELECT.
        self._open(cr, "answer", f"SELECT {', '.join(wanted)} FROM {inner}")  # noqa: S608
        kept = RowFile()
        most = limit if is_sample else limit + 1
        at_once = max(_BATCH // len(shape), 1)
        while missing := most - kept.count:
            wished = min(missing, at_once)
            cr.execute("FETCH FORWARD %s FROM answer", (wished,))
            kept.add(cr.fetchall())
            if kept.characters > MOST_CHARACTERS:
                raise UserError(self._too_long())
            if cr.rowcount < wished:
                break
        if kept.count > limit:
            raise UserError(self._too_many(limit))
        return kept

    def _too_many(self, limit):
        return self.env._(
            "The query gives more than %(limit)s rows; none of them was recorded. Let "
            "it give one row for each customer (GROUP BY), or only what is new.",
            limit=limit,
        )

    def _too_long(self):
        return self.env._(
            "The query gives more than %(size)s million characters; none of them was "
            "recorded. Leave out columns that are not needed.",
            size=MOST_CHARACTERS // 1_000_000,
        )

    def _reason(self, error):
        """Return why the other database gave no answer, in words."""
        if self.watch.is_flooded:
            return self._too_long()
        if self.watch.is_late or error.pgcode == errorcodes.QUERY_CANCELED:
            return self.env._(
                "The query did not end within %(seconds)s seconds and was stopped. Let "
                "it read less, or give it more time.",
                seconds=self.watch.seconds,
            )
        said = " ".join(
            filter(None, (error.diag.message_primary, error.diag.message_hint))
        )
        said = (said or str(error).strip() or type(error).__name__)[:500]
        return refusal(self.env, error.pgcode, said)
