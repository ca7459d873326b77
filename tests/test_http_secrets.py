import logging

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .test_http_json import JsonCase

SECRET = "opensesame-42"
#: How a source may be opened.
OPENINGS = {
    "bearer": {},
    "header": {"http_auth_name": "X-Key"},
    "basic": {"http_auth_name": "ana"},
    "query": {"http_auth_name": "token"},
}
#: Tables in which nothing that was sent may ever be found.
KEPT_IN = ("cs_metric_", "mail_", "ir_logging", "bus_")


def echo(asked):
    """Answer with all that was sent, in every way that a service has."""
    sent = dict(asked.headers), asked.query
    if asked.path == "/error":
        return 500, {"message": f"I got {sent}"}
    if asked.path == "/page":
        return 200, f"<html>{sent}".encode(), {}
    if asked.path == "/redirect":
        return 302, b"", {"Location": f"/error?again={sent}&token={SECRET}"}
    if asked.path == "/away":
        return 302, b"", {"Location": f"http://x.example/?token={SECRET}"}
    if asked.path == "/next":
        return {"rows": [{"ref": "SOL", "users": 1}], "next": f"/rows?token={SECRET}"}
    row = {"ref": f"who {sent}", "users": f"{sent}", "sent": sent}
    return {"rows": [row, {"ref": "SOL", "users": [SECRET]}]}


@tagged("post_install", "-at_install")
class TestHttpSecrets(JsonCase):
    """The secret of a web service is nowhere but on its way to that service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.make_user(
            "cs_system",
            "base.group_system",
            "base.group_allow_export",
            "customer_success.group_cs_admin",
        )

    def make_secret(self, answer, path="/rows", **values):
        source = self.make_json(
            answer, path, **{"http_auth": "bearer", "http_rows": "rows", **values}
        )
        source.with_user(self.system).secret = SECRET
        return source

    def check_nowhere(self, *texts):
        for text in texts:
            self.assertNotIn(SECRET, text)
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = current_schema")
        )
        for (table,) in tables:
            is_looked_at = table.startswith(KEPT_IN)
            if is_looked_at and table != "cs_metric_source_secret":
                found = self.env.execute_query(
                    SQL(
                        "SELECT t::text FROM %s t WHERE t::text LIKE %s",
                        SQL.identifier(table),
                        f"%{SECRET}%",
                    )
                )
                self.assertFalse(found, table)

    def test_services_that_repeat_what_they_are_sent(self):
        logging.getLogger("urllib3").setLevel(logging.NOTSET)
        for opening, values in OPENINGS.items():
            for path in ("/error", "/page", "/redirect", "/away", "/next", "/rows"):
                source = self.make_secret(
                    echo,
                    path,
                    http_auth=opening,
                    http_paging="link",
                    http_next="next",
                    is_automatic=True,
                    **values,
                )
                with (
                    self.assertLogs(level=logging.DEBUG) as logged,
                    self.enter_registry_test_mode(),
                ):
                    self.fetch_due(source)
                    logging.getLogger(__name__).info("at least one line")
                self.assertTrue(source.last_run)
                self.assertTrue(source.has_secret)
                self.check_nowhere(*logged.output)
                self.assertTrue(any("GET " in line for line in logged.output))
                source.unlink()

    def test_first_rows_are_shown_without_it(self):
        for opening, values in OPENINGS.items():
            source = self.make_secret(echo, http_auth=opening, **values)
            action = source.action_test()
            preview = self.env[action["res_model"]].browse(action["res_id"])
            self.assertIn("•••", preview.rows)
            self.check_nowhere(preview.rows)
            source = self.make_secret(echo, "/error", http_auth=opening, **values)
            with self.assertRaisesRegex(UserError, "•••") as error:
                source.action_test()
            self.check_nowhere(str(error.exception))

    def test_nobody_reads_it(self):
        source = self.make_secret([])
        for user in (self.system, self.admin, self.specialist):
            mine = source.with_user(user)
            names = [
                name
                for name, field in mine._fields.items()
                if mine._has_field_access(field, "read")
            ]
            self.check_nowhere(str(mine.read(names)))
            self.check_nowhere(str(source.with_user(self.system).export_data(names)))
        self.assertFalse(source.copy().has_secret)

    def test_sent_elsewhere_it_is_forgotten(self):
        changes = {
            "http_url": "http://other.example/rows",
            "http_auth": "query",
            "http_auth_name": "X-Other",
            "http_method": "POST",
            "http_preset": "prometheus",
        }
        for name, value in changes.items():
            source = self.make_secret([], http_auth_name="t", http_query="x")
            source.with_user(self.specialist).write({name: value})
            self.assertFalse(source.has_secret, name)
            source = self.make_secret([], http_auth_name="t", http_query="x")
            source.with_user(self.system).write({name: value})
            self.assertTrue(source.has_secret, name)

    def test_another_question_to_the_same_host_keeps_it(self):
        source = self.make_secret([])
        source.with_user(self.specialist).http_url += "?only=new"
        source.with_user(self.specialist).line_ids.column = "people"
        self.assertTrue(source.has_secret)

    def test_only_system_administrators_open_the_private_network(self):
        for user in (self.specialist, self.admin):
            with self.assertRaises(AccessError):
                settings = self.env["res.config.settings"].with_user(user)
                settings.create({"cs_http_hosts": "127.0.0.1"}).execute()
            with self.assertRaises(AccessError):
                parameters = self.env["ir.config_parameter"].with_user(user)
                parameters.set_param("customer_success.allowed_hosts", "127.0.0.1")
        server = self.serve([{"ref": "SOL", "users": 1}])
        source = self.make_json([])
        source.http_url = server.url
        with self.assertRaisesRegex(UserError, "private network"):
            source._run()
        settings = self.env["res.config.settings"].with_user(self.system)
        with self.assertRaisesRegex(UserError, "“http://x” is no host"):
            settings.create({"cs_http_hosts": "http://x"})
        settings.create({"cs_http_hosts": f"a.internal {server.place}"}).execute()
        source._run()
        self.assertEqual(source.rows_recorded, 1)
