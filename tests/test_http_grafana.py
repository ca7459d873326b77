import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .http_common import HttpSourceCase

#: 2026-01-05 12:00 UTC and an hour later, in milliseconds as Grafana has them.
NOON, ONE = 1767614400000, 1767618000000
TIME = {"name": "Time", "type": "time", "typeInfo": {"frame": "time.Time"}}


def number(name="Value", **labels):
    return {"name": name, "type": "number"} | ({"labels": labels} if labels else {})


def text(name):
    return {"name": name, "type": "string"}


def frame(*columns, **meta):
    """Return a frame of columns, each a field and its values."""
    return {
        "schema": {"refId": "A", "meta": meta, "fields": [one for one, _v in columns]},
        "data": {"values": [values for _one, values in columns]},
    }


def frames(*some):
    return {"results": {"A": {"status": 200, "frames": list(some)}}}


@tagged("post_install", "-at_install")
class TestGrafana(HttpSourceCase):
    """One query through a data source of Grafana; its columns become rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_account("Outro")
        cls.other.partner_id.ref = "OUT"

    def make_grafana(self, answer, column=False, **values):
        self.server = self.serve_allowed(answer)
        source = self.make_fetched(
            {column: "active_users"},
            **{
                "kind": "http",
                "http_preset": "grafana",
                "http_url": self.server.url,
                "http_auth": "bearer",
                "http_datasource": "P18",
                "http_query": "sum by (customer) (x)",
                "customer_column": "customer",
                **values,
            },
        )
        source.sudo().secret = "glsa_1"
        return source

    def fetched(self, *some, **values):
        """Fetch these frames and return the present values of both customers."""
        self.source = self.make_grafana(frames(*some), **values)
        self.source._run()
        accounts = self.account, self.other
        return [self.present("active_users", one).value for one in accounts]

    def test_what_is_asked(self):
        self.fetched(frame((number(customer="SOL"), [3])))
        [asked] = self.server.asked
        self.assertEqual((asked.method, asked.path), ("POST", "/api/ds/query"))
        self.assertEqual(asked.headers["Authorization"], "Bearer glsa_1")
        self.assertEqual(
            json.loads(asked.body),
            {
                "queries": [
                    {
                        "refId": "A",
                        "datasource": {"uid": "P18"},
                        "format": "table",
                        "expr": "sum by (customer) (x)",
                        "instant": True,
                        "range": False,
                    }
                ],
                "from": "now-24h",
                "to": "now",
            },
        )

    def test_sql_is_asked_as_sql(self):
        self.fetched(
            frame((text("customer"), ["SOL"]), (number("value"), [3])),
            http_language="rawSql",
            http_query="SELECT 1",
            http_from="now-30d",
        )
        asked = json.loads(self.server.asked[0].body)
        self.assertEqual(asked["from"], "now-30d")
        [query] = asked["queries"]
        self.assertEqual(query["rawSql"], "SELECT 1")
        self.assertNotIn("expr", query)

    def test_a_long_table(self):
        table = frame(
            (TIME, [NOON, NOON]),
            (text("customer"), ["SOL", "OUT"]),
            (number(), [3, 4]),
        )
        self.assertEqual(self.fetched(table), [3, 4])

    def test_a_table_whose_columns_are_named(self):
        table = frame((text("client"), ["SOL", "OUT"]), (number("users"), [3, None]))
        values = self.fetched(table, column="users", customer_column="client")
        self.assertEqual(values, [3, 0])
        self.assertFalse(self.present("active_users", self.other).is_known)

    def test_a_frame_for_each_customer(self):
        values = self.fetched(
            frame((TIME, [NOON, ONE]), (number(customer="SOL"), [1, 3])),
            frame((TIME, [NOON, ONE]), (number(customer="OUT"), [4, None])),
        )
        self.assertEqual(values, [3, 4])

    def test_a_column_for_each_customer(self):
        wide = frame(
            (TIME, [NOON, ONE]),
            (number(customer="SOL"), [1, 3]),
            (number(customer="OUT"), [None, 4]),
        )
        self.assertEqual(self.fetched(wide), [3, 4])

    def test_all_points_are_taken_where_each_has_its_moment(self):
        wide = frame(
            (TIME, [NOON, ONE]),
            (number(customer="SOL"), [1, 3]),
            (number(customer="OUT"), [None, 4]),
        )
        self.fetched(wide, at_column="time")
        self.assertEqual(
            self.history("active_users"),
            [("2026-01-05 12:00:00", 1), ("2026-01-05 13:00:00", 3)],
        )
        self.assertEqual(
            self.history("active_users", self.other), [("2026-01-05 13:00:00", 4)]
        )

    def test_several_values_for_one_customer_are_refused(self):
        some = [frame((number(customer="SOL", pod=str(n)), [n])) for n in range(3)]
        with self.assertRaisesRegex(UserError, "3 values for the same customer “SOL”"):
            self.fetched(*some)

    def test_remarks_are_kept_with_the_run(self):
        notices = [{"severity": "warning", "text": "results were cut"}]
        self.fetched(frame((number(customer="SOL"), [3]), notices=notices))
        self.assertIn("remarks: results were cut", self.source.run_ids.reason)

    def test_no_rows(self):
        self.assertEqual(self.fetched(frame()), [0, 0])
        self.assertEqual(
            self.fetched({"schema": {"fields": [TIME]}, "data": {}}), [0, 0]
        )
        self.assertEqual(self.source.rows_read, 0)

    def test_why_it_failed(self):
        said = {"results": {"A": {"error": "no such table x", "status": 400}}}
        cases = [
            ((400, said), "status 400.*: A: no such table x"),
            (said, "The query failed: A: no such table x"),
            ((401, {"message": "Invalid API key"}), "check the secret.*Invalid API"),
            ((404, {"message": "Data source not found"}), "Data source not found"),
            ({"a": 1}, "does not answer as Grafana"),
            ({"results": {"A": {"frames": [{"schema": 1}]}}}, "as Grafana does"),
            ([], "does not answer as Grafana"),
            ((200, b"<html><title>Grafana</title>", {}), "web page instead of data"),
        ]
        for answer, words in cases:
            with self.assertRaisesRegex(UserError, words):
                self.make_grafana(answer)._run()

    def test_without_its_token_nothing_is_asked(self):
        source = self.make_grafana(frames())
        source.env["cs.metric.source.secret"]._keep(source, "")
        with self.assertRaisesRegex(UserError, "secret is missing"):
            source._run()
        self.assertFalse(self.server.asked)
