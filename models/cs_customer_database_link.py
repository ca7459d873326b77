import logging
import traceback

from odoo import fields, models
from odoo.exceptions import UserError

from ..sources.postgres_link import PostgresPlace
from ..sources.postgres_words import refuse_double
from ..sources.read_only_database import ReadOnlyDatabase

_logger = logging.getLogger(__name__)
_SPECIALIST = "customer_success.group_cs_specialist"
#: A question that takes longer is stopped.
MOST_SECONDS = 15
#: What a person wants to know first: who answers, and how much may be read.
_GREETING = """
    SELECT pg_catalog.current_setting('server_version') AS version,
           count(*) FILTER (WHERE pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                              AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
                           ) AS readable,
           count(*) AS tables
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname !~ '^(pg_|information_schema$)'
"""


class CsCustomerDatabase(models.Model):
    """How a copy is reached and asked, so that it can only be read."""

    _inherit = "cs.customer.database"

    tested_at = fields.Datetime(
        string="Last tested", readonly=True, copy=False, groups=_SPECIALIST
    )
    test_result = fields.Text(readonly=True, copy=False, groups=_SPECIALIST)
    is_reached = fields.Boolean(
        string="Could be opened", readonly=True, copy=False, groups=_SPECIALIST
    )

    def _reader(self):
        """Return the ``ReadOnlyDatabase`` by which it is asked."""
        place = PostgresPlace(
            host=(self.host or "").strip(),
            port=self.port,
            dbname=self.database,
            user=self.username,
            password=self.env[self._secret_model]._of(self),
            sslmode=self.sslmode or "require",
            certificate=self.certificate or "",
        )
        return ReadOnlyDatabase(self.env, place, self._scrub)

    def _ask(self, sql, limit=2):
        """Ask a question.

        :param sql: one SELECT or WITH … SELECT
        :param limit: so many rows are enough
        :return: list of dicts, one a row
        :raise UserError: why there is no answer, in words for a person
        """
        self._check_may_connect()
        answer = self._reader().query(sql, limit, MOST_SECONDS, is_sample=True)
        for column in answer.columns:
            refuse_double(self.env, column, answer.columns)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    def _problem(self, error):
        """Return why something failed, in words, without the password.

        What nobody expected is logged for the developer.
        """
        if isinstance(error, UserError):
            return self._scrub(str(error))
        lines = self._scrub("".join(traceback.format_exception(error)))
        _logger.error("Customer's database %s failed\n%s", self.id, lines)
        return self.env._("Something unexpected happened; the server's log says what.")

    def _greet(self):
        """Return whether it can be opened, and what it says: ``(bool, text)``."""
        try:
            [found] = self._ask(_GREETING)
        except UserError as error:
            return False, self._problem(error)
        if not found["readable"]:
            return False, self.env._(
                "It opens, but the role “%(role)s” may read none of its %(count)s "
                "tables. Whoever administers it runs there: GRANT SELECT ON ALL TABLES "
                "IN SCHEMA public TO %(role)s;",
                role=self.username,
                count=found["tables"],
            )
        return True, self.env._(
            "PostgreSQL %(version)s answers; %(readable)s of %(count)s tables can be "
            "read, and nothing can be written.",
            version=found["version"],
            readable=found["readable"],
            count=found["tables"],
        )

    def action_test_connection(self):
        """Open it, and say what answers or what is in the way.

        :return: the action of a message
        """
        self.ensure_one()
        self.check_access("write")
        is_reached, text = self._greet()
        self.write(
            {
                "tested_at": fields.Datetime.now(),
                "is_reached": is_reached,
                "test_result": text,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_reached else "danger",
                "message": text,
                "sticky": not is_reached,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
