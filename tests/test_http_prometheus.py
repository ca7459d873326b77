from odoo.exceptions import UserError
from odoo.tests import tagged

from .http_common import HttpSourceCase
from .prometheus_common import PrometheusCase

CUSTOMERS = 50
QUERY = "sum by (customer) (app_active_users)"


def vector(*series, **more):
    """Return what Prometheus answers: series are (labels, value)."""
    result = [
        {"metric": labels, "value": [1767614400.123, value]} for labels, value in series
    ]
    data = {"resultType": "vector", "result": result}
    return {"status": "success", "data": data, **more}


@tagged("post_install", "-at_install")
class TestRealPrometheus(PrometheusCase):
    """One query to a Prometheus that really runs feeds a metric of all customers."""

    exported = "\n".join(
        f'app_active_users{{customer="C{number}",instance="{part}"}} {number + part}'
        for number in range(CUSTOMERS)
        for part in (0, 1)
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(CUSTOMERS)
        for number, account in enumerate(cls.accounts):
            account.partner_id.ref = f"C{number}"

    def setUp(self):
        super().setUp()
        self.allow(self.address)

    def make_prometheus(self, query=QUERY, **values):
        values = {
            "kind": "http",
            "http_preset": "prometheus",
            "http_url": f"http://{self.address}",
            "http_query": query,
            "customer_column": "customer",
            **values,
        }
        return self.make_fetched({False: "active_users"}, **values)

    def test_one_query_feeds_all_customers(self):
        source = self.make_prometheus(is_automatic=True)
        before = self.queries_answered()
        with self.enter_registry_test_mode():
            self.fetch_due(source)
        self.assertFalse(source.last_error)
        self.assertEqual(self.queries_answered() - before, 1)
        self.assertEqual((source.rows_read, source.rows_recorded), (50, 50))
        values = [
            self.present("active_users", account).value for account in self.accounts
        ]
        self.assertEqual(values, [2 * number + 1 for number in range(CUSTOMERS)])

    def test_the_moment_may_be_that_of_prometheus(self):
        source = self.make_prometheus(at_column="time")
        source._run()
        self.assertEqual(source.rows_recorded, CUSTOMERS)

    def test_it_says_what_is_wrong_with_a_query(self):
        cases = {
            "sum by (": "bad_data: .*parse error",
            "app_active_users": "2 values for the same customer “C0”.*sum",
            f"{QUERY}[1m]": "parse error",
            "app_active_users[1m]": "gives a matrix, one value for each customer",
            "sum(app_active_users)": "No row has “customer”. There are: value, time",
        }
        for query, words in cases.items():
            source = self.make_prometheus(query)
            with self.assertRaisesRegex(UserError, words):
                source.action_test()

    def test_numbers_that_are_none_are_refused_one_by_one(self):
        query = (
            f'{QUERY} and on (customer) app_active_users{{customer="C1"}}'
            f' or label_replace(vector(0) / 0, "customer", "C2", "", "")'
            f' or label_replace(vector(1) / 0, "customer", "C3", "", "")'
        )
        source = self.make_prometheus(query)
        source._run()
        self.assertEqual((source.rows_recorded, source.rows_bad), (1, 2))
        for word in ("NaN", "+Inf"):
            self.assertIn(f"Not a number: {word}", source.run_ids.reason)


@tagged("post_install", "-at_install")
class TestPrometheus(HttpSourceCase):
    """What a Prometheus may answer besides."""

    def make_prometheus(self, answer, path="", **values):
        self.server = self.serve_allowed(answer)
        return self.make_fetched(
            {False: "active_users"},
            kind="http",
            http_preset="prometheus",
            http_url=self.server.url + path,
            http_query=QUERY,
            customer_column="customer",
            **values,
        )

    def test_warnings_are_kept_with_the_run(self):
        answer = vector(({"customer": "SOL"}, "12.5"), warnings=["store 2 is\x00 away"])
        source = self.make_prometheus(answer)
        source._run()
        self.assertEqual(self.present("active_users").value, 12.5)
        self.assertIn("may be incomplete: store 2 is away", source.run_ids.reason)
        self.assertFalse(source.last_error)

    def test_the_address_may_have_a_path(self):
        for path in ("/prom/", "/prom/api/v1/query", "/prom"):
            self.make_prometheus(vector(({"customer": "SOL"}, "1")), path)._run()
            [asked] = self.server.asked
            self.assertEqual(asked.path, "/prom/api/v1/query")
            self.assertEqual(asked.query, {"query": QUERY})

    def test_errors(self):
        said = {"status": "error", "errorType": "timeout", "error": "took too long"}
        cases = [
            ((503, said), "status 503.*: timeout: took too long"),
            ((422, said), "status 422.*: timeout: took too long"),
            ({"status": "success"}, "does not answer as Prometheus"),
            ([1], "does not answer as Prometheus"),
            (
                {"status": "success", "data": {"resultType": "vector", "result": [1]}},
                "does not answer as Prometheus",
            ),
        ]
        for answer, words in cases:
            with self.assertRaisesRegex(UserError, words):
                self.make_prometheus(answer)._run()
