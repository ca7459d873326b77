from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.customer_success.sources.sql_question import checked_question

from .common import CsCase

GOOD = (
    "SELECT 1",
    "select 1;",
    "SELECT 1 ; -- the end; really",
    "/* first; /* inner */ */ WITH x AS (SELECT 1) SELECT * FROM x",
    "(SELECT 1) UNION ALL (SELECT 2)",
    'SELECT "delete", "update" FROM "insert"',
    "SELECT update_date, created_at, deleted, t.delete, update FROM t",
    "SELECT count(delete), max(update) FROM t WHERE (update) > 1",
    "SELECT 'delete; drop', 'it''s; COPY', 'a\\', ';' FROM t",
    "SELECT E'it\\'s; x', e'\\\\', N'a', x'1F', b'01'",
    "SELECT $$a; b$$, $tag$ $$ ; ' $tag$, $é$;$é$",
    "SELECT a[1:2], b->>'x', c::numeric(10,2), d #>> '{a,b}', 1.5e-3, .5 FROM t",
    "SELECT substring(name FROM 1 FOR 3), extract(year FROM seen_at) FROM t",
    "SELECT a AS into, b AS update FROM t -- for update",
    "SELECT pg_sleep, set_config FROM t",
    "SELECT date '2026-01-01', interval '1 day', round(1.5), coalesce(a, 0) FROM t",
    "SELECT a[' ]; DELETE FROM t -- '], 1 # ' \n; DELETE FROM t --'",
    "SELECT 'é', \"coração\", ação FROM público",
)
REFUSED = {
    "DELETE FROM t": "begins with “DELETE”",
    "UPDATE t SET a = 1": "begins with “UPDATE”",
    "COPY t TO PROGRAM 'id'": "begins with “COPY”",
    "SET TRANSACTION READ WRITE": "begins with “SET”",
    "EXPLAIN ANALYZE DELETE FROM t": "begins with “EXPLAIN”",
    "DO $$ BEGIN END $$": "begins with “DO”",
    "CALL f()": "begins with “CALL”",
    "VALUES (1)": "begins with “VALUES”",
    "": "begins with “”",
    "-- SELECT 1": "begins with “”",
    "SELECT 1; SELECT 2": "more than one statement",
    "SELECT 1;;": "more than one statement",
    "SELECT 1 /* /* */ ' */; DELETE FROM t --'": "more than one statement",
    "SELECT 'a\\'; DELETE FROM t; --'": "more than one statement",
    "SELECT $é$ ' $é$; DELETE FROM t --'": "more than one statement",
    "SELECT 'a": "can't be read near “'a”",
    'SELECT "a': "can't be read",
    "SELECT /* a": "can't be read",
    "SELECT $$ a": "can't be read",
    "SELECT $1": "can't be read",
    "SELECT U&'d\\0061t'": "can't be read",
    'SELECT U&"pg\\005fsleep"(9)': "can't be read",
    "SELECT E'a'\n'b\\'; DELETE FROM t; --'": "can't be read",
    "SELECT 1e'a\\'; DELETE FROM t; --'": "can't be read",
    "SELECT \\gexec": "can't be read",
    "SELECT 1) AS a, (SELECT 2": "parentheses",
    "SELECT (1": "parentheses",
    "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x": "DELETE changes data",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x": "INSERT changes data",
    "WITH x AS MATERIALIZED ( /**/ update\nt SET a = 1 RETURNING a) SELECT 1": "UPDATE",
    "WITH x AS (MERGE INTO t USING u ON true) SELECT 1": "MERGE changes data",
    "SELECT * INTO copy FROM t": "INTO writes",
    "SELECT * FROM t FOR UPDATE": "locks the rows",
    "SELECT * FROM t FOR /* */ NO KEY UPDATE SKIP LOCKED": "locks the rows",
    "SELECT * FROM t FOR SHARE": "locks the rows",
    "SELECT pg_sleep(60)": r"pg_sleep\(\) is not allowed",
    "SELECT pg_catalog.PG_Sleep_For (interval '1h')": "pg_sleep_for",
    'SELECT "pg_sleep" /* */ (60)': "pg_sleep",
    "SELECT set_config('transaction_read_only', 'off', true)": "set_config",
    "SELECT query_to_xml('DELETE FROM t', true, true, '')": "query_to_xml",
    "SELECT * FROM dblink('x', 'DELETE FROM t') AS t(a int)": "dblink",
    "SELECT lo_import('/etc/passwd'), lo_unlink(1)": "lo_import",
    "SELECT pg_read_file('/etc/passwd')": "pg_read_file",
    "SELECT pg_ls_dir('.')": "pg_ls_dir",
    "SELECT pg_terminate_backend(1)": "pg_terminate_backend",
    "SELECT pg_advisory_lock(1)": "pg_advisory_lock",
    "SELECT pg_try_advisory_xact_lock(1)": "pg_try_advisory_xact_lock",
    "SELECT nextval('s')": "nextval",
    "SELECT pg_logical_emit_message(false, 'a', 'b')": "pg_logical",
    "SELECT " + "1," * 10_001 + "1": "longer",
}


@tagged("post_install", "-at_install")
class TestSqlQuestion(CsCase):
    """A query is read as PostgreSQL reads it, before it is sent anywhere."""

    def test_queries_that_only_read_are_taken(self):
        for sql in GOOD:
            with self.subTest(sql):
                sent = checked_question(self.env, sql)
                self.assertTrue(sql.startswith(sent))
                self.assertNotRegex(sent, r";\s*$")

    def test_others_are_refused_with_their_reason(self):
        for sql, reason in REFUSED.items():
            with self.subTest(sql), self.assertRaisesRegex(ValidationError, reason):
                checked_question(self.env, sql)
