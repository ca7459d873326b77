from datetime import timedelta

from odoo.addons.customer_success.sources.addresses import ALLOWED

from .diagnostic_common import DiagnosticCase
from .sql_common import PASSWORD, SqlCase

ODOO = "customer_success.diagnostic_erp_odoo"
ERP = """
    CREATE TABLE invoice (id integer, due_on date, paid boolean, amount numeric);
    INSERT INTO invoice VALUES
        (1, '2026-01-01', true, 100), (2, '2026-01-10', false, 200.5),
        (3, '2026-02-01', false, 50), (4, '2026-03-01', false, 10);
    CREATE TABLE payroll (salary numeric);
    GRANT SELECT ON invoice TO cs_reader;
    CREATE TABLE canary (note text);
    GRANT ALL ON canary TO cs_reader;
    INSERT INTO canary VALUES ('alive');
    CREATE FUNCTION write_canary() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO canary VALUES ('written'); RETURN 1; END $$;
    CREATE FUNCTION run_program() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN COPY canary TO PROGRAM 'touch {mark}'; RETURN 1; END $$;
    CREATE FUNCTION unlock() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN PERFORM set_config('transaction_read_only', 'off', false);
        RETURN write_canary(); END $$;
    CREATE FUNCTION nap(seconds float) RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(seconds); RETURN 1; END $$;
"""


class DatabaseCase(DiagnosticCase, SqlCase):
    """A customer whose ERP stands on a second PostgreSQL server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mark = cls.other.folder / "data" / "program_ran"
        cls.other.execute("CREATE DATABASE erp")
        cls.other.execute(ERP.replace("{mark}", str(cls.mark)), database="erp")
        cls.erp = cls.env["cs.diagnostic.erp"].create({"name": "ERP of the tests"})
        cls.person = cls.make_partner(
            "Marta", is_company=False, parent_id=cls.account.partner_id.id
        )
        cls.database = cls.make_database()

    @classmethod
    def make_database(cls, account=None, user=None, **values):
        """Make the copy of a customer's database as a specialist would."""
        account = account or cls.account
        today = account._today()
        return (
            cls.env["cs.customer.database"]
            .with_user(user or cls.specialist)
            .create(
                {
                    "account_id": account.id,
                    "erp_id": cls.erp.id,
                    "name": "Backup",
                    "host": cls.other.host,
                    "port": cls.other.port,
                    "database": "erp",
                    "username": "cs_reader",
                    "password": PASSWORD,
                    "sslmode": "prefer",
                    "copied_on": "2026-02-15",
                    "expires_on": today + timedelta(days=30),
                    "consent_by_id": cls.person.id,
                    "consent_on": "2026-02-14",
                    "consent_note": "By e-mail, for the diagnostic only",
                    **values,
                }
            )
        )

    @classmethod
    def make_probe(cls, query, code="defaults_followed", **values):
        """Make a probe of a shipped question: at most 5 is good, 10 tolerable."""
        return (
            cls.env["cs.diagnostic.probe"]
            .with_user(cls.specialist)
            .create(
                {
                    "question_id": cls.of("question", code).id,
                    "erp_id": cls.erp.id,
                    "query": query,
                    "done_at": 5,
                    "partly_at": 10,
                    "note": "{value} seen",
                    **values,
                }
            )
        )

    def diagnosed(self, **kwargs):
        """Start a diagnostic that reads the customer's database."""
        diagnostic = self.start(**kwargs)
        diagnostic.database_id = self.database
        return diagnostic

    def row(self, diagnostic, code="defaults_followed"):
        """Return the answer to a shipped question."""
        question = self.of("question", code)
        return diagnostic.answer_ids.filtered(lambda one: one.question_id == question)

    def probed(self, diagnostic, code="defaults_followed"):
        """Ask one question of the database; return its answer."""
        row = self.row(diagnostic, code)
        row.probe()
        return row

    def allow_every_port(self):
        """Let every server of this machine be called, also where none listens."""
        self.env["ir.config_parameter"].set_param(ALLOWED, self.other.host)

    def canary(self):
        rows = self.other.execute("SELECT note FROM canary", database="erp")
        return [note for (note,) in rows]
