from datetime import UTC, date, datetime
from decimal import Decimal
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import connection_info_for
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.customer_success.sources.addresses import ALLOWED

from .false_postgres import EncryptingProxy, make_certificate
from .sql_common import PASSWORD, SqlCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"


@tagged("post_install", "-at_install")
class TestSqlSource(SqlCase):
    """A query on another PostgreSQL database feeds metrics."""

    def test_one_query_feeds_all_customers(self):
        accounts = self.make_accounts(60)
        for number, account in enumerate(accounts):
            account.partner_id.ref = f"C{number}"
        seen = "2026-01-05 10:00:00-03"
        rows = [(f"C{n}", n, f"{n}.25", seen) for n in range(60)]
        self.fill_usage(*rows, ("NOBODY", 1, 1, seen))
        source = self.make_sql(
            "SELECT * FROM usage;  -- all of it",
            {"users": "active_users", "amount": "mrr"},
            at_column="seen_at",
            is_automatic=True,
        )
        scans, before = self.scans(), len(self.other.statements("cs_reader"))
        self.fetch_all(source)
        self.assertEqual((source.rows_recorded, source.rows_waiting), (120, 2))
        self.assertFalse(source.last_error)
        self.assertEqual(
            self.history("mrr", accounts[7]), [("2026-01-05 13:00:00", 7.25)]
        )
        self.assertEqual(self.present("active_users", accounts[59]).value, 59)
        # However many customers: the table is read once, in as many statements.
        self.assertEqual(self.scans() - scans, 1)
        asked = self.other.statements("cs_reader")[before:]
        self.assertEqual(sum("FROM usage" in line for line in asked), 2)
        self.assertEqual(sum("FETCH FORWARD" in line for line in asked), 1)
        source.action_run()
        self.fetch_all(source)
        self.assertEqual((source.rows_recorded, source.rows_unchanged), (0, 120))

    def scans(self):
        """Return how often the table of use was read from beginning to end."""
        self.assertEqual(self.busy(), 0)
        query = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'usage'"
        return self.other.execute(query, database="billing")[0][0]

    def test_a_specialist_makes_one_with_the_form(self):
        metric = self.env.ref("customer_success.cs_metric_active_users")
        source = self.env["cs.metric.source"].with_user(self.specialist)
        with Form(source) as form:
            form.name = "Billing"
            form.kind = "sql"
            form.sql_host = self.other.host
            form.sql_port = self.other.port
            form.sql_database = "billing"
            form.sql_user = "cs_reader"
            form.sql_sslmode = "prefer"
            form.sql_query = "SELECT 'SOL' AS cnpj, 3 AS users"
            form.customer_column = "cnpj"
            with form.line_ids.new() as line:
                line.column = "users"
                line.metric_id = metric
        source = form.record
        source.with_user(self.system).secret = PASSWORD
        action = source.action_test()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("1 values would be recorded, 0 would not", preview.summary)
        self.assertIn("<td>SOL</td><td>3</td>", preview.rows)
        self.assertFalse(self.present("active_users"))

    def test_a_test_reads_the_first_rows_of_many(self):
        source = self.make_sql(
            "SELECT 'SOL' AS cnpj, generate_series(1, 1000000) AS users"
        )
        action = source.action_test()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("Of the first 10 rows", preview.summary)
        source = self.make_sql("SELECT 'SOL' AS cnpj, 1 AS users WHERE false")
        action = source.action_test()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("without any row", preview.summary)
        self.fetch_now(source)
        self.assertEqual((source.rows_read, source.failures), (0, 0))

    def fetch_now(self, source):
        source.action_run()
        with mute_logger(LOG):
            self.fetch_all(source)

    def test_more_rows_than_allowed_record_nothing(self):
        source = self.make_sql(
            "SELECT 'SOL' AS cnpj, generate_series(1, 6) AS users", sql_row_limit=5
        )
        self.fetch_now(source)
        self.assertIn("more than 5 rows; none of them was rec", source.last_error)
        self.assertFalse(self.present("active_users"))
        source.sql_row_limit = 6
        self.fetch_now(source)
        self.assertFalse(source.last_error)
        self.assertEqual(self.present("active_users").value, 6)

    def test_columns_are_named_when_one_is_missing_or_twice_there(self):
        for query, reason in {
            "SELECT 1 AS cliente, 2 AS users": "no column “cnpj”. It gives: cliente, u",
            "SELECT 1 AS cnpj, 2 AS x": "no column “users”. It gives: cnpj, x",
            "SELECT 1 AS cnpj, 2 AS users, 3 AS users": "more than one column “users”",
            "SELECT": "gives 0 columns",
            "SELECT 1 AS cnpj, userz AS users FROM usage": "Perhaps you meant",
            "SELECT * FROM secrets": 'relation "secrets" does not exist',
        }.items():
            source = self.make_sql(query)
            with self.subTest(query), self.assertRaisesRegex(UserError, reason):
                source.action_test()

    def test_rows_of_a_table_that_may_not_be_read(self):
        self.other.execute("CREATE TABLE private (a int)", database="billing")
        source = self.make_sql("SELECT a AS cnpj, a AS users FROM private")
        with self.assertRaisesRegex(UserError, "permission denied for table private"):
            source.action_test()

    def test_what_a_value_of_the_other_database_is(self):
        wanted = {
            "'a'": "a",
            "NULL": None,
            "12::smallint": 12,
            "9007199254740993": 9007199254740993,
            "12345678000195::numeric": Decimal(12345678000195),
            "0.1::numeric(10, 4)": Decimal("0.1000"),
            "0.1::float": 0.1,
            "true": True,
            "1 > 2": False,
            "date '2026-01-05'": date(2026, 1, 5),
            "timestamp '2026-01-05 12:00:00.5'": datetime(2026, 1, 5, 12, 0, 0, 500000),
            "timestamptz '2026-01-05 12:00:00-03'": datetime(
                2026, 1, 5, 15, tzinfo=UTC
            ),
            "interval '1 day 00:00:01.5'": Decimal("86401.500000"),
            "date 'infinity'": "infinity",
            "date '12026-01-05'": "12026-01-05",
            "timestamp '0044-03-15 BC'": "0044-03-15 00:00:00 BC",
            "'{1,2}'::integer[]": "{1,2}",
            "'{\"a\": 1}'::jsonb": '{"a": 1}',
            "'\\x00ff'::bytea": "\\x00ff",
            "ROW(1, 'x')": "(1,x)",
            "'coração'::char(9)": "coração",
            "nap(0)": "slept",
            "repeat('é', 5000)": f"{'é' * 2000}…",
        }
        columns, rows = self.ask(f"SELECT {', '.join(wanted)}")
        self.assertEqual(len(columns), len(wanted))
        for sql, value, found in zip(wanted, wanted.values(), rows[0], strict=True):
            self.assertEqual((sql, type(found), found), (sql, type(value), value))
        [(nan, inf)] = self.ask("SELECT 'NaN'::numeric, '-Infinity'::float")[1]
        self.assertTrue(nan.is_nan())
        self.assertEqual(inf, float("-inf"))

    def test_texts_of_an_unknown_encoding(self):
        self.other.execute(
            "CREATE DATABASE old TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"
        )
        with self.assertRaisesRegex(UserError, "invalid byte sequence"):
            self.ask("SELECT E'\\xe9'", dbname="old")
        self.assertEqual(self.ask("SELECT 'e'", dbname="old")[1], [("e",)])

    def test_comments_and_orders_come_through(self):
        sql = """
            /* All; of */ WITH v AS (SELECT n FROM generate_series(1, 3) n) -- them;
            SELECT n AS "delete", 'a; drop' AS update_date, n AS into FROM v
             WHERE 'a%s' LIKE '%%s'
             ORDER BY n DESC -- the end
        """
        rows = [(n, "a; drop", n) for n in (3, 2, 1)]
        self.assertEqual(self.ask(sql), (["delete", "update_date", "into"], rows))

    def test_what_becomes_of_values(self):
        other = self.make_account("Outro")
        other.partner_id.ref = "12345678000195"
        source = self.make_sql(
            """
            VALUES (12345678000195.00, 1.5, date '2026-12-31', '2026-01-05 12:00'),
                   (12345678000195, 'NaN', 'infinity', '2026-01-06 12:00'),
                   (12345678000195, NULL, NULL, '2026-01-07 12:00'),
                   (12345678000195, 1e300, '2027-01-31', NULL)
            """.replace(
                "VALUES",
                "SELECT column1::numeric AS cnpj, column2::numeric AS amount,"
                " column3::date AS renews, column4::timestamp AS seen FROM (VALUES",
                1,
            )
            + ") v",
            {"amount": "mrr", "renews": "renewal"},
            at_column="seen",
        )
        self.fetch_now(source)
        self.assertFalse(source.last_error)
        self.assertEqual(
            self.history("mrr", other),
            [("2026-01-05 12:00:00", 1.5), ("2026-01-07 12:00:00", None)],
        )
        self.assertEqual(
            self.history("renewal", other)[0], ("2026-01-05 12:00:00", 20818.0)
        )
        self.assertEqual((source.rows_recorded, source.rows_bad), (4, 4))
        for reason in ("Not a finite number", "Not a date: infinity", "Not a time"):
            self.assertIn(reason, source.run_ids[0].reason)

    def test_what_is_missing_is_said_when_it_is_saved(self):
        for name, value, reason in (
            ("sql_host", "db.example.com,10.0.0.1", "no host"),
            ("sql_host", "db.example.com port=1", "no host"),
            ("sql_host", "postgresql://db.example.com/x", "no host"),
            ("sql_host", "host=db", "no host"),
            ("sql_host", False, "no host"),
            ("sql_host", "db:5432", "no host"),
            ("sql_port", 0, "between 1 and 65535"),
            ("sql_port", 70000, "between 1 and 65535"),
            ("sql_database", "x host=10.0.0.1", "alone"),
            ("sql_database", "postgresql://db/x", "alone"),
            ("sql_database", False, "alone"),
            ("sql_user", "x\noptions=-c", "alone"),
            ("sql_query", " ", "Write the query"),
            ("sql_query", "DELETE FROM usage", "begins with “DELETE”"),
            ("sql_row_limit", 200_001, "Between 1 and 200000 rows"),
            ("sql_row_limit", 0, "Between 1 and"),
            ("sql_seconds", 301, "between 1 and 300 seconds"),
            ("sql_sslmode", "verify-ca", "certificate of the signer"),
            ("sql_certificate", "BEGIN", "certificate can't be read"),
            ("customer_column", False, "which column"),
        ):
            with self.subTest(name), self.assertRaisesRegex(ValidationError, reason):
                self.make_sql("SELECT 1 AS cnpj, 1 AS users", **{name: value})

    def test_only_system_administrators_raise_the_limits(self):
        source = self.make_sql("SELECT 'SOL' AS cnpj, 1 AS users", sql_row_limit=5)
        parameters = self.env["ir.config_parameter"]
        with self.assertRaises(AccessError):
            parameters.with_user(self.admin).set_param(
                "customer_success.sql_most_rows", 10**6
            )
        parameters.with_user(self.system).set_param(
            "customer_success.sql_most_rows", 10**6
        )
        source.sql_row_limit = 10**6
        parameters.set_param("customer_success.sql_most_rows", "0")
        with self.assertRaisesRegex(UserError, "more than 0 rows"):
            source._run()

    def test_who_sees_and_changes_it(self):
        source = self.make_sql("SELECT 'SOL' AS cnpj, 1 AS users")
        for name in ("sql_query", "sql_host", "sql_user"):
            with self.assertRaises(AccessError):
                source.with_user(self.csm).read([name])
        specialist = source.with_user(self.specialist)
        specialist.sql_query = "SELECT 'SOL' AS cnpj, 2 AS users"
        self.assertTrue(source.has_secret)
        for name, value in (
            ("sql_host", "db.example.com"),
            ("sql_port", 5433),
            ("sql_database", "other"),
            ("sql_user", "postgres"),
            ("sql_sslmode", "require"),
        ):
            source.with_user(self.system).secret = PASSWORD
            specialist.write({name: value})
            self.assertFalse(source.has_secret, name)

    def test_the_password_is_nowhere(self):
        said = PASSWORD.replace("'", "''").replace("%", "%%")
        self.other.execute(
            "CREATE FUNCTION tell() RETURNS int LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION 'it is {said}'; END $$",
            database="billing",
        )
        telling = self.make_sql("SELECT 'SOL' AS cnpj, tell() AS users")
        wrong = self.make_sql(
            "SELECT 'SOL' AS cnpj, 1 AS users", password="wr0ng/pass'word"
        )
        sources = telling | wrong
        sources.action_run()
        with self.assertLogs("odoo") as logged, self.assertLogs("odoo.sql_db", 10):
            self.fetch_all(telling, wrong)
        self.assertIn("it is •••", telling.last_error)
        self.assertIn("password authentication failed", wrong.last_error)
        texts = [*logged.output, str(sources.copy_data())]
        texts += [sources.sudo().read().__str__(), str(sources.run_ids.sudo().read())]
        readable = [
            name
            for name, field in sources._fields.items()
            if sources.with_user(self.system)._has_field_access(field, "read")
        ]
        texts.append(str(sources.with_user(self.system).export_data(readable)))
        for source in sources:
            with self.assertRaises(UserError) as refused:
                source.with_user(self.system).action_test()
            texts.append(str(refused.exception))
        for text in texts:
            self.assertNotIn("s3cr+t", text)
            self.assertNotIn("wr0ng", text)


@tagged("post_install", "-at_install")
class TestSqlPlace(SqlCase):
    """A source goes where it says, and nowhere it may not."""

    def test_places_of_ones_own_network_must_have_been_allowed(self):
        source = self.make_sql("SELECT 'SOL' AS cnpj, 1 AS users")
        parameters = self.env["ir.config_parameter"]
        socket = str(self.other.folder)
        for allowed in ("", f"{self.other.host}:1", "localhost"):
            parameters.set_param(ALLOWED, allowed)
            with self.assertRaisesRegex(UserError, "private network"):
                source.action_test()
        source.sql_host = socket
        with self.assertRaisesRegex(UserError, "a socket of this machine"):
            source.action_test()
        parameters.set_param(ALLOWED, socket)
        source._run()
        self.assertEqual(self.present("active_users").value, 1)

    def test_the_database_of_odoo_itself_is_refused_by_any_way(self):
        _name, keywords = connection_info_for(self.env.cr.dbname)
        # Odoo's own connections don't tell their password.
        connection = psycopg2.connect(**keywords)
        self.addCleanup(connection.close)
        own, host = connection.info, connection.info.host or "/var/run/postgresql"
        self.env["ir.config_parameter"].set_param(ALLOWED, host)
        with self.assertRaisesRegex(UserError, "the database of this Odoo itself"):
            self.ask(
                "SELECT 1",
                host=host,
                port=own.port,
                dbname=own.dbname,
                user=own.user,
                password=own.password,
            )

    def test_nothing_is_taken_from_the_environment(self):
        folder = self.other.folder
        files = {
            "passwords": f"*:*:*:cs_reader:{PASSWORD}\n",
            "services": "[other]\nport=1\noptions=-c search_path=x\npassword=x\n",
        }
        for name, text in files.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o600)
        environment = {
            "PGHOST": "db.example.com",
            "PGHOSTADDR": "8.8.8.8",
            "PGPORT": "1",
            "PGDATABASE": "postgres",
            "PGUSER": "postgres",
            "PGPASSWORD": PASSWORD,
            "PGPASSFILE": str(folder / "passwords"),
            "PGSERVICE": "other",
            "PGSERVICEFILE": str(folder / "services"),
            "PGOPTIONS": "-c default_transaction_read_only=off",
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": str(folder / "services"),
            "PGSSLCERT": str(folder / "services"),
            "PGGSSENCMODE": "require",
            "PGTARGETSESSIONATTRS": "standby",
            "PGREQUIREAUTH": "gss",
            "PGCLIENTENCODING": "LATIN1",
            "PGTZ": "America/Sao_Paulo",
            "PGDATESTYLE": "German",
            "PGAPPNAME": "x",
        }
        query = (
            "SELECT current_user, current_database(), "
            "current_setting('transaction_read_only'), 'ç', "
            "timestamptz '2026-01-05 12:00Z'::text"
        )
        wanted = ("cs_reader", "billing", "on", "ç", "2026-01-05 12:00:00+00")
        with patch.dict("os.environ", environment):
            self.assertEqual(self.ask(query)[1], [wanted])
            for password in ("wrong", ""):
                with self.assertRaisesRegex(UserError, "password"):
                    self.ask(query, password=password)

    def test_servers_that_are_not_there(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(ALLOWED, self.other.host)
        with self.assertRaisesRegex(UserError, "can't be opened: Connection refused"):
            self.ask("SELECT 1", port=1)
        with self.assertRaisesRegex(UserError, "No such host"):
            self.ask("SELECT 1", host="nowhere.invalid")
        with self.assertRaisesRegex(UserError, 'database "x" does not exist'):
            self.ask("SELECT 1", dbname="x")
        with self.assertRaisesRegex(UserError, "does not support SSL"):
            self.ask("SELECT 1", sslmode="require")

    def test_who_the_server_is_can_be_checked(self):
        certificate, key = make_certificate(self.other.folder, "localhost")
        proxy = EncryptingProxy(self.other.port, certificate, key)
        self.addCleanup(proxy.stop)
        self.env["ir.config_parameter"].set_param(ALLOWED, "localhost 127.0.0.1")
        known = {"port": proxy.port, "certificate": certificate.read_text()}
        unknown = {**known, "certificate": ""}

        def ask(sslmode, host="localhost", **place):
            return self.ask("SELECT 1", sslmode=sslmode, host=host, **place)[1]

        self.assertEqual(ask("require", **unknown), [(1,)])
        self.assertEqual(ask("verify-ca", host="127.0.0.1", **known), [(1,)])
        self.assertEqual(ask("verify-full", **known), [(1,)])
        with self.assertRaisesRegex(UserError, "does not match host name"):
            ask("verify-full", host="127.0.0.1", **known)
        with self.assertRaisesRegex(UserError, "certificate verify failed"):
            ask("verify-full", **unknown)
