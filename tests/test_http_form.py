from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .test_http_json import JsonCase


@tagged("post_install", "-at_install")
class TestHttpForm(JsonCase):
    """What a specialist types about a web service, and what is refused at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metric = cls.env.ref("customer_success.cs_metric_active_users")

    def form(self, preset):
        form = Form(self.env["cs.metric.source"].with_user(self.specialist))
        form.name = "Hub"
        form.kind = "http"
        form.http_preset = preset
        return form

    def test_prometheus_wants_an_address_a_query_and_a_label(self):
        form = self.form("prometheus")
        self.assertEqual(form.customer_column, "customer")
        self.assertEqual(form.http_auth, "none")
        form.http_url = "https://prometheus.example.com"
        form.http_query = "sum by (customer) (x)"
        with form.line_ids.new() as line:
            line.metric_id = self.metric
        source = form.save()
        self.assertEqual(source.user_id, self.specialist)

    def test_grafana_wants_a_data_source_too(self):
        form = self.form("grafana")
        self.assertEqual(form.http_auth, "bearer")
        form.http_url = "https://grafana.example.com"
        form.http_query = "x"
        with self.assertRaises(AssertionError):
            form.save()
        form.http_datasource = "P18"
        with form.line_ids.new() as line:
            line.metric_id = self.metric
        self.assertTrue(form.save())

    def test_examples_fit_the_service(self):
        form = self.form("grafana")
        form.http_language = "rawSql"
        self.assertIn("SELECT", form.http_query_example)
        form.http_preset = "prometheus"
        self.assertIn("sum by", form.http_query_example)
        self.assertIn("prometheus", form.http_url_example)

    def check_refused(self, words, **values):
        with self.assertRaisesRegex(ValidationError, words):
            self.make_json([], **values)

    def test_addresses(self):
        source = self.make_json([])
        good = [
            "https://api.example.com/v1/rows?sort_key=name&page=1",
            "https://api.example.com/rows?since={since}&day={today}",
            "https://[2606:4700::1111]:8443/rows",
            "https://api.example.com/9f86d081884c7d659a2feaa0c55ad015/rows",
        ]
        for url in good:
            source.http_url = url
        bad = {
            "api.example.com/rows": "begins with https://",
            "ftp://example.com/": "begins with https://",
            "https:///rows": "begins with https://",
            "https://example.com/a b": "no spaces",
            "https://example.com:99999/": "begins with https://",
            "https://ana:opensesame@example.com/": "secret",
            "https://example.com/?token=opensesame": "secret",
            "https://example.com/?api_key=opensesame": "secret",
            "https://example.com/?x=9f86d081884c7d659a2feaa0c55ad015": "secret",
            "https://example.com/?a={sinse}": "{sinse} in the address is unknown",
            "https://example.com/?a={page}": "{page} in the address is unknown",
        }
        for url, words in bad.items():
            with self.assertRaisesRegex(ValidationError, words):
                source.http_url = url

    def test_headers_and_body(self):
        good = self.make_json(
            [], http_headers="X-Tenant: acme\n\nX-Lang:  pt ", http_method="POST",
            http_body='{"since": "{since}", "first": {page}}', http_paging="page",
        )  # fmt: skip
        good._run()
        [asked] = self.server.asked
        self.assertEqual(asked.headers["X-Lang"], "pt")
        self.assertEqual(asked.body, '{"since": "1970-01-01T00:00:00Z", "first": 1}')
        self.check_refused("no header", http_headers="X-Tenant")
        self.check_refused("can't be sent", http_headers="X Tenant: a")
        self.check_refused("can't be sent", http_headers="Host: a")
        self.check_refused("looks like a secret", http_headers="Authorization: a")
        self.check_refused("looks like a secret", http_headers="X-Api-Key: a")
        post = {"http_method": "POST"}
        self.check_refused("no valid JSON", http_body="{since", **post)
        self.check_refused("password or a token", http_body='{"token": "a"}', **post)

    def test_paths(self):
        self.check_refused("“a.” is no path", http_rows="a.")
        self.check_refused(r"“a\[” is no path", customer_column="a[")
        self.check_refused("“x.y.” is no path", at_column="x.y.")
        self.check_refused("no path", lines={"a..b": "active_users"})
        self.check_refused("no path", http_paging="link", http_next="!")
        for column in ("Company ID", "active-users", "@type", "$id", "a.b || c"):
            self.make_json([], customer_column=column)

    def test_what_is_missing(self):
        self.check_refused("Say the name", http_auth="header")
        self.check_refused("can't be sent", http_auth="header", http_auth_name="a b")
        self.check_refused("Key in the last row", http_paging="keyset")
        self.check_refused("Path to the next page", http_paging="cursor")
        self.check_refused("Say which parameter.*{page}", http_paging="page")
        self.check_refused(
            "Rows a page", http_paging="page", http_parameter="p", http_stop="short"
        )
        self.check_refused(
            "whether there is more", http_paging="page", http_parameter="p",
            http_stop="more",
        )  # fmt: skip
        self.check_refused(
            "whole number", http_paging="page", http_parameter="p", http_first="one"
        )
        with self.assertRaisesRegex(ValidationError, "Still missing: Address"):
            self.make_fetched(kind="http")
