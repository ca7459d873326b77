import contextlib
import time
from itertools import chain, product
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_success.sources import read_only_database
from odoo.addons.customer_success.sources.addresses import ALLOWED
from odoo.addons.customer_success.sources.sql_question import checked_question

from .false_postgres import FloodingPostgres, SilentPostgres
from .sql_common import SqlCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"
#: What is refused when it is saved; and, sent all the same, what the server says to it.
STATEMENTS = {
    "DELETE FROM canary": ("begins with “DELETE”", "syntax error"),
    "INSERT INTO canary VALUES ('x') RETURNING 1 AS cnpj": ("INSERT", "syntax error"),
    "SELECT 1 AS cnpj; DELETE FROM canary": ("more than one", "syntax error"),
    "SELECT 1) AS x; DELETE FROM canary; SELECT (1": ("more than", "multi-query plan"),
    "SELECT 1) AS x; COMMIT; DELETE FROM canary; SELECT (1": (
        "more than one",
        "multi-query plan",
    ),
    "SELECT '\\'; DELETE FROM canary; --'": ("more than one", "syntax error"),
    "WITH x AS (DELETE FROM canary RETURNING 1 AS cnpj) SELECT * FROM x": (
        "DELETE changes data",
        "must be at the top level",
    ),
    "SELECT 1 AS cnpj INTO stolen": ("INTO writes", "INTO is not allowed here"),
    "SELECT note AS cnpj FROM canary FOR UPDATE": ("locks", "read-only transaction"),
    "COPY canary TO PROGRAM 'touch {mark}'": ("begins with “COPY”", "syntax error"),
    "SELECT 1) AS x; COPY canary TO PROGRAM 'touch {mark}'; SELECT (1": (
        "more than one",
        "multi-query plan",
    ),
    "SET TRANSACTION READ WRITE": ("begins with “SET”", "syntax error"),
    "SELECT set_config('transaction_read_only', 'off', false), write_canary()": (
        "set_config",
        "must be set before any query",
    ),
    "SELECT query_to_xml('DELETE FROM canary', true, true, '')": (
        "query_to_xml",
        "not allowed in a non-volatile function",
    ),
    "SELECT nextval('counter')": ("nextval", "read-only transaction"),
    "SELECT lo_from_bytea(0, 'x')": ("lo_from_bytea", "read-only transaction"),
    "SELECT pg_read_file('/etc/passwd')": ("pg_read_file", "permission denied"),
    "SELECT pg_ls_dir('.')": ("pg_ls_dir", "permission denied"),
    "EXPLAIN ANALYZE DELETE FROM canary": ("begins with “EXPLAIN”", "syntax error"),
    "DO 'BEGIN DELETE FROM canary; END'": ("begins with “DO”", "syntax error"),
}
#: What nobody sees in the text, and what is said when it was stopped.
HIDDEN = {
    "SELECT 'SOL' AS cnpj, write_canary() AS users": "cannot execute INSERT",
    "SELECT 'SOL' AS cnpj, unlock('transaction_read_only', 'off') AS users": (
        "must be set before any query"
    ),
    "SELECT 'SOL' AS cnpj, unlock('default_transaction_read_only', 'off') AS users": (
        "cannot execute INSERT in a read-only transaction"
    ),
    "SELECT 'SOL' AS cnpj, unlock('statement_timeout', '0') AS users": "cannot execute",
    "SELECT 'SOL' AS cnpj, begin_again() AS users": "must be set before any query",
    "SELECT 'SOL' AS cnpj, run_program() AS users": "permission denied",
    "SELECT 'SOL' AS cnpj, nap(60) AS users": "did not end within 1 seconds",
    "SELECT 'SOL' AS cnpj, count(*) AS users FROM generate_series(1, 1000000) a, "
    "generate_series(1, 1000000) b": "did not end within 1 seconds",
    "SELECT 'SOL' AS cnpj, a AS users FROM generate_series(1, 10000000) a": (
        "more than 200000 rows|did not end within"
    ),
}
MORE = """
    CREATE SEQUENCE counter;
    GRANT ALL ON counter TO cs_reader;
    CREATE FUNCTION begin_again() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN SET TRANSACTION READ WRITE; RETURN write_canary(); END $$;
    CREATE FUNCTION run_program() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN COPY canary TO PROGRAM 'touch {mark}'; RETURN 1; END $$;
    CREATE FUNCTION forget() RETURNS text LANGUAGE plpgsql AS $$
        BEGIN RETURN set_config('statement_timeout', '0', false); END $$;
    CREATE FUNCTION stubborn() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN
            LOOP
                BEGIN PERFORM pg_sleep(60);
                EXCEPTION WHEN query_canceled THEN NULL;
                END;
            END LOOP;
        END $$;
"""
#: What opens or closes strings, names and comments for one reader or another.
QUOTES = [
    *("'", "\\'", "\\", "E'", "E''\n'", '"', "$$", "$é$", "1 a$$", "--", "/*", "*/"),
    *("/* /*", "' */", "\n", "1", "1e'", " ", "`", "["),
]
PAYLOAD = "; DELETE FROM canary; SELECT 1 -- "


@tagged("post_install", "-at_install")
class TestSqlAttacks(SqlCase):
    """Whatever is asked, nothing is changed there, and the other sources go on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mark = cls.other.folder / "data" / "program_ran"
        statements = MORE.replace("{mark}", str(cls.mark))
        cls.other.execute(statements, database="billing")

    def check_untouched(self):
        self.assertEqual(self.canary(), ["alive"])
        self.assertFalse(self.mark.exists())
        found = self.other.execute(
            "SELECT count(*) FROM pg_class WHERE relname = 'stolen'", database="billing"
        )
        self.assertEqual(found, [(0,)])

    @contextlib.contextmanager
    def unread(self):
        """Let the server be the only one that looks at a question."""
        with patch.object(read_only_database, "checked_question", lambda _e, sql: sql):
            yield

    def test_statements_that_do_more_than_read_are_stopped_twice(self):
        for sql, (reason, answer) in STATEMENTS.items():
            sql = sql.replace("{mark}", str(self.mark))
            with self.subTest(sql):
                with self.assertRaisesRegex(ValidationError, reason):
                    self.make_sql(sql)
                with self.unread(), self.assertRaisesRegex(UserError, answer):
                    self.ask(sql)
                self.check_untouched()

    def test_what_is_hidden_on_the_server_is_stopped_and_the_others_run(self):
        bad = {
            self.make_sql(sql, is_automatic=True, sql_seconds=1, name=sql): reason
            for sql, reason in HIDDEN.items()
        }
        good = self.make_sql("SELECT 'SOL' AS cnpj, 8 AS users", is_automatic=True)
        good.sudo().next_run = max(one.next_run for one in bad)
        begun = time.monotonic()
        with mute_logger(LOG):
            self.fetch_all(*bad, good)
        took = time.monotonic() - begun
        for source, reason in bad.items():
            with self.subTest(source.sql_query):
                self.assertRegex(source.last_error or "", reason)
                self.assertEqual(source.failures, 1)
                self.assertTrue(source.next_run > source.last_run)
                self.assertLess(source.duration, 4)
        self.assertLess(took, 4 * len(bad))
        self.assertFalse(good.last_error)
        self.assertEqual(self.present("active_users").value, 8)
        self.assertEqual(self.present("active_users").source_id, good)
        self.check_untouched()
        self.assertEqual(self.busy(), 0)

    def test_a_function_that_does_not_let_itself_be_cancelled(self):
        begun = time.monotonic()
        with self.assertRaisesRegex(UserError, "did not end within 1 seconds"):
            self.ask("SELECT stubborn()", seconds=1)
        self.assertLess(time.monotonic() - begun, 5)
        # The server notices that we are gone.
        self.assertEqual(self.busy(), 0)

    def test_it_is_stopped_from_here_when_the_server_forgets_its_limit(self):
        # A limit of the server counts for each FETCH; for the second, there is none.
        sql = """
            SELECT CASE n WHEN 1 THEN forget() WHEN 6000 THEN nap(60) END
              FROM generate_series(1, 7000) n
        """
        begun = time.monotonic()
        with self.assertRaisesRegex(UserError, "did not end within 1 seconds"):
            self.ask(sql, limit=10_000, seconds=1)
        self.assertLess(time.monotonic() - begun, 3)
        self.assertEqual(self.busy(), 0)

    def test_roles_that_may_more_than_read_are_refused(self):
        self.other.execute("CREATE ROLE files IN ROLE pg_read_server_files")
        for name, options in {
            "boss": "SUPERUSER",
            "runner": "IN ROLE pg_execute_server_program",
            "writer": "IN ROLE pg_write_server_files NOINHERIT",
            "indirect": "IN ROLE files",
            "stopper": "IN ROLE pg_signal_backend",
            "deputy": "IN ROLE boss",
            "maker": "CREATEROLE",
            "copier": "REPLICATION",
            "seer": "BYPASSRLS",
        }.items():
            self.make_role(name, options)
            with self.subTest(name):
                with self.assertRaises(UserError) as refused:
                    self.ask("SELECT 1", user=name)
                self.assertIn(f"“{name}” may do more than re", str(refused.exception))
                self.assertIn("GRANT SELECT ON ALL TABLES", str(refused.exception))
        self.make_role("watcher", "IN ROLE pg_read_all_data, pg_monitor")
        self.assertEqual(self.ask("SELECT 1", user="watcher")[1], [(1,)])

    def test_ten_million_rows_stop_at_the_limit_without_filling_the_memory(self):
        before = self.memory(reset=True)
        begun = time.monotonic()
        with self.assertRaisesRegex(UserError, "more than 200000 rows"):
            self.ask(
                "SELECT generate_series(1, 10000000), repeat('x', 200), now()",
                limit=200_000,
            )
        self.assertLess(time.monotonic() - begun, 15)
        self.assertLess(self.memory() - before, 50)

    def test_a_gigabyte_in_one_value_stays_there(self):
        before = self.memory(reset=True)
        [(first, text)] = self.ask(
            "SELECT 1, repeat('x', n) FROM (SELECT 500000000 AS n OFFSET 0) v",
            seconds=120,
        )[1]
        self.assertEqual((first, len(text)), (1, 2001))
        self.assertLess(self.memory() - before, 50)

    def test_many_long_values_are_refused(self):
        sql = "SELECT repeat('x', 2000) FROM generate_series(1, 100000)"
        with self.assertRaisesRegex(UserError, "more than 80 million characters"):
            self.ask(sql, limit=200_000, seconds=60)
        sql = f"SELECT {', '.join(['1'] * 101)}"
        with self.assertRaisesRegex(UserError, "gives 101 columns"):
            self.ask(sql)

    def test_a_server_that_sends_without_end_is_cut(self):
        server = self.false(FloodingPostgres)
        before = self.memory(reset=True)
        with self.assertRaisesRegex(UserError, "million characters"):
            self.ask("SELECT 1", port=server.port)
        self.assertLess(server.sent, 500_000_000)
        self.assertLess(self.memory() - before, 1000)

    def test_a_server_that_stays_silent_is_left(self):
        server = self.false(SilentPostgres)
        begun = time.monotonic()
        with self.assertRaisesRegex(UserError, "did not end within 1 seconds"):
            self.ask("SELECT 1", port=server.port, seconds=1)
        self.assertLess(time.monotonic() - begun, 5)

    def false(self, kind):
        server = kind()
        self.addCleanup(server.stop)
        self.env["ir.config_parameter"].set_param(ALLOWED, "127.0.0.1")
        return server

    def memory(self, reset=False):
        """Return the most megabytes this process held since they were reset."""
        if reset:
            Path("/proc/self/clear_refs").write_text("5")
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024

    def test_what_is_taken_for_one_query_is_one(self):
        """Sent by an administrator, without any other net, it changes nothing either.

        Before and behind a statement that deletes stand all ways to hide it.
        """
        boss = self.other.session("billing")
        self.addCleanup(boss.close)
        taken = 0
        for openers, closer in product(
            chain.from_iterable(product(QUOTES, repeat=n) for n in range(4)),
            ["", "'", '"', "*/", "$$", "$é$", "`", "]"],
        ):
            try:
                sql = checked_question(
                    self.env, f"SELECT {''.join(openers)}{PAYLOAD}{closer}"
                )
            except ValidationError:
                continue
            taken += 1
            with boss.cursor() as cr:
                with contextlib.suppress(psycopg2.Error):
                    cr.execute(sql)
                cr.execute("SELECT count(*) FROM canary")
                self.assertEqual(cr.fetchall(), [(1,)], sql)
        self.assertGreater(taken, 1000)
