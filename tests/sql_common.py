import time

from odoo.addons.customer_success.sources.addresses import ALLOWED
from odoo.addons.customer_success.sources.postgres_link import PostgresPlace
from odoo.addons.customer_success.sources.read_only_database import ReadOnlyDatabase

from .fetched_common import FetchedCase
from .other_postgres import OtherPostgres

PASSWORD = "s3cr+t/põ% 'x"
BILLING = """
    CREATE TABLE usage (cnpj text, users integer, amount numeric, seen_at timestamptz);
    GRANT SELECT ON usage TO cs_reader;
    CREATE TABLE canary (note text);
    GRANT ALL ON canary TO cs_reader;
    INSERT INTO canary VALUES ('alive');
    CREATE FUNCTION write_canary() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO canary VALUES ('written'); RETURN 1; END $$;
    CREATE FUNCTION nap(seconds float) RETURNS text LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(seconds); RETURN 'slept'; END $$;
    CREATE FUNCTION unlock(name text, value text) RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN PERFORM set_config(name, value, false); RETURN write_canary(); END $$;
"""


class SqlCase(FetchedCase):
    """A second PostgreSQL server with a database of a billing system."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = OtherPostgres()
        cls.addClassCleanup(cls.other.stop)
        cls.make_role("cs_reader")
        cls.other.execute("CREATE DATABASE billing")
        cls.other.execute(BILLING, database="billing")
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param(ALLOWED, f"{cls.other.host}:{cls.other.port}")
        cls.system = cls.make_user(
            "cs_system",
            "base.group_system",
            "base.group_allow_export",
            "customer_success.group_cs_admin",
        )

    @classmethod
    def make_role(cls, name, options="", password=PASSWORD):
        """Make a role on the other server; ``options`` as of CREATE ROLE."""
        cls.other.execute(f"CREATE ROLE {name} LOGIN PASSWORD %s {options}", password)

    @classmethod
    def fill_usage(cls, *rows):
        """Add rows of cnpj, users, amount and seen_at."""
        values = [value for row in rows for value in row]
        marks = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
        statement = f"INSERT INTO usage VALUES {marks}"
        cls.other.execute(statement, *values, database="billing")

    @classmethod
    def make_sql(cls, query, lines=None, user=None, password=PASSWORD, **values):
        """Make a source as a person would; a system administrator adds the password."""
        source = cls.make_fetched(
            lines,
            user,
            **{
                "kind": "sql",
                "sql_host": cls.other.host,
                "sql_port": cls.other.port,
                "sql_database": "billing",
                "sql_user": "cs_reader",
                "sql_sslmode": "prefer",
                "sql_query": query,
                "customer_column": "cnpj",
                **values,
            },
        )
        source.with_user(cls.system).secret = password
        cls.env.flush_all()
        return source

    @classmethod
    def database(cls, user="cs_reader", password=PASSWORD, **place):
        """Return the other database, as a question is asked of it."""
        place = {
            "host": cls.other.host,
            "port": cls.other.port,
            "dbname": "billing",
            "sslmode": "prefer",
            **place,
        }
        place = PostgresPlace(user=user, password=password, **place)
        return ReadOnlyDatabase(cls.env, place)

    @classmethod
    def ask(cls, sql, limit=100, seconds=20, is_sample=False, **place):
        """Return the columns and the list of rows that answer a question."""
        answer = cls.database(**place).query(sql, limit, seconds, is_sample)
        return answer.columns, list(answer.rows)

    def fetch_all(self, *sources):
        """Run the scheduled action that fetches what is due."""
        with self.enter_registry_test_mode():
            self.fetch_due(sources[0])
        for source in sources:
            source.invalidate_recordset()

    def canary(self):
        """Return what stands in the table that nobody may change."""
        rows = self.other.execute("SELECT note FROM canary", database="billing")
        return [note for (note,) in rows]

    def busy(self):
        """Return how many sessions of the reader are left there, after a while."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'cs_reader'"
        for _attempt in range(100):
            if not (count := self.other.execute(query)[0][0]):
                break
            time.sleep(0.1)
        return count
