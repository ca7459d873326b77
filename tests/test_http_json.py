import json

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .http_common import HttpSourceCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"
COUNT = 7


class Service:
    """A service that gives COUNT customers, three a page, in any manner of paging.

    ``broken``: number of the request → what is answered to it instead.
    """

    def __init__(self, manner):
        self.manner = manner
        self.rows = [{"id": n + 10, "ref": f"C{n}", "users": n} for n in range(COUNT)]
        self.broken = {}
        self.count = 0

    def __call__(self, asked):
        self.count += 1
        if self.count in self.broken:
            return self.broken[self.count]
        return getattr(self, self.manner)(asked, asked.query)

    def part(self, start, size=3):
        return self.rows[start : start + size]

    def page(self, _asked, query):
        return self.part(3 * (int(query["page"]) - 1))

    def offset(self, _asked, query):
        return self.part(int(query["skip"]), int(query["limit"]))

    def keyset(self, _asked, query):
        after = int(query["$filter"].removeprefix("id gt "))
        return [row for row in self.rows if row["id"] > after][:3]

    def cursor(self, asked, _query):
        start = int(json.loads(asked.body)["after"] or 0)
        more = {"next": {"after": str(start + 3)}} if start + 3 < COUNT else {}
        return {"results": self.part(start), "paging": more}

    def link(self, _asked, query):
        start = int(query.get("from", 0))
        link = f'</rows?from={start + 3}&token=x>; rel="next"'
        headers = {"Link": link} if start + 3 < COUNT else {}
        return 200, self.part(start), headers

    def has_more(self, _asked, query):
        start = 3 * (int(query["page"]) - 1)
        return {"rows": self.part(start), "has_more": start + 3 < COUNT}


#: How each manner is told to a source.
MANNERS = {
    "page": {"http_paging": "page", "http_parameter": "page"},
    "offset": {
        "http_paging": "offset",
        "http_parameter": "skip",
        "http_size_parameter": "limit",
        "http_page_size": 3,
        "http_stop": "short",
    },
    "keyset": {
        "http_paging": "keyset",
        "path": "/rows?$filter=id gt {last}".replace(" ", "%20"),
        "http_key": "id",
        "http_first": "0",
    },
    "cursor": {
        "http_paging": "cursor",
        "http_method": "POST",
        "http_body": '{"after": "{cursor}"}',
        "http_next": "paging.next.after",
        "http_rows": "results",
    },
    "link": {"http_paging": "link"},
    "has_more": {
        "http_paging": "page",
        "http_parameter": "page",
        "http_rows": "rows",
        "http_stop": "more",
        "http_more": "has_more",
    },
}
#: Requests it takes; the rule "no rows" needs one more to see the end.
REQUESTS = {"page": 4, "offset": 3, "keyset": 4, "cursor": 3, "link": 3, "has_more": 3}


class JsonCase(HttpSourceCase):
    def make_json(self, answer, path="/rows", lines=None, **values):
        self.server = self.serve_allowed(answer)
        return self.make_fetched(
            lines or {"users": "active_users"},
            kind="http",
            http_preset="json",
            http_url=self.server.url + path,
            **{"customer_column": "ref", **values},
        )


@tagged("post_install", "-at_install")
class TestJsonPaging(JsonCase):
    """A service is walked page by page: nothing is lost and nothing comes twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(COUNT)
        for number, account in enumerate(cls.accounts):
            account.partner_id.ref = f"C{number}"

    def make_paged(self, manner, **values):
        self.service = Service(manner)
        return self.make_json(self.service, **MANNERS[manner], **values)

    def check_complete(self, source):
        """Every customer has its value, once."""
        for number, account in enumerate(self.accounts):
            values = [value for _at, value in self.history("active_users", account)]
            self.assertEqual(values, [number])
        self.assertFalse(source.position)

    def forget(self, source):
        """Delete a source and all facts."""
        source.unlink()
        for model in (self.readings, self.values):
            self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(model._table)))
            model.invalidate_model()

    def test_each_manner_of_paging(self):
        for manner, requests in REQUESTS.items():
            source = self.make_paged(manner)
            source._run()
            self.check_complete(source)
            self.assertEqual(source.rows_read, COUNT)
            self.assertEqual(len(self.server.asked), requests, manner)
            self.forget(source)

    def test_what_is_asked_for(self):
        asked = {}
        for manner in REQUESTS:
            self.make_paged(manner)._run()
            asked[manner] = [
                one.body or " ".join(map("=".join, one.query.items()))
                for one in self.server.asked
            ]
        self.assertEqual(asked["page"], ["page=1", "page=2", "page=3", "page=4"])
        self.assertEqual(
            asked["offset"], ["skip=0 limit=3", "skip=3 limit=3", "skip=6 limit=3"]
        )
        self.assertEqual(asked["keyset"][1:3], ["$filter=id gt 12", "$filter=id gt 15"])
        self.assertEqual(asked["cursor"][:2], ['{"after": ""}', '{"after": "3"}'])
        self.assertEqual(asked["link"], ["", "from=3 token=x", "from=6 token=x"])

    def test_asked_to_wait_in_the_middle_it_goes_on_there(self):
        for manner, requests in REQUESTS.items():
            source = self.make_paged(manner, is_automatic=True)
            self.service.broken[2] = 429, {}, {"Retry-After": "30"}
            with mute_logger(LOG), self.enter_registry_test_mode():
                self.fetch_due(source)
                wait = source.next_run - source.last_run
                self.assertAlmostEqual(wait.total_seconds(), 30, delta=2)
                self.assertEqual((source.failures, source.run_ids.rows_read), (0, 3))
                source.sudo().next_run = fields.Datetime.now()
                self.fetch_due(source)
            self.check_complete(source)
            self.assertEqual(source.rows_read, COUNT - 3)
            self.assertEqual(len(self.server.asked), requests + 1, manner)
            self.forget(source)

    def test_an_error_in_the_middle_is_passed_at_the_next_try(self):
        for manner, requests in REQUESTS.items():
            source = self.make_paged(manner, is_automatic=True)
            self.service.broken[3] = 500, {"error": "on fire"}
            with mute_logger(LOG), self.enter_registry_test_mode():
                self.fetch_due(source)
                self.assertIn("on fire", source.last_error)
                source.sudo().next_run = fields.Datetime.now()
                self.fetch_due(source)
            self.check_complete(source)
            self.assertFalse(source.last_error)
            self.assertEqual(len(self.server.asked), requests + 1, manner)
            self.forget(source)

    def test_a_mark_that_the_service_forgot_begins_anew(self):
        source = self.make_paged("link", is_automatic=True)
        self.service.broken = {3: (500, {}), 4: (410, {"message": "cursor expired"})}
        with mute_logger(LOG), self.enter_registry_test_mode():
            self.fetch_due(source)
            source.sudo().next_run = fields.Datetime.now()
            self.fetch_due(source)
        self.assertFalse(source.last_error)
        self.assertFalse(source.position)
        self.assertEqual(source.rows_read, COUNT)
        values = [self.present("active_users", one).value for one in self.accounts]
        self.assertEqual(values, list(range(COUNT)))

    def test_a_limit_a_minute_holds_over_fetches(self):
        source = self.make_paged("page", is_automatic=True, http_max_per_minute=3)
        with mute_logger(LOG), self.enter_registry_test_mode():
            self.fetch_due(source)
            self.assertEqual(len(self.server.asked), 3)
            self.assertIn("At most 3 requests a minute", source.last_result)
            wait = (source.next_run - fields.Datetime.now()).total_seconds()
            self.assertTrue(55 <= wait <= 61, wait)
            with self.assertRaisesRegex(UserError, "At most 3 requests"):
                source.action_test()
            source.sudo().http_asked = [at - 57 for at in source.http_asked]
            source.sudo().next_run = fields.Datetime.now()
            self.fetch_due(source)
        self.check_complete(source)
        self.assertEqual(len(self.server.asked), 4)

    def test_walks_that_would_not_end_are_stopped(self):
        for manner in ("page", "keyset", "offset"):
            always = [{"ref": "C1", "users": 1, "id": 5}] * 3
            source = self.make_json(always, **MANNERS[manner])
            with self.assertRaisesRegex(UserError, "same rows came for two pages"):
                source._run()
            self.assertEqual(len(self.server.asked), 2)
        source = self.make_paged("page", http_max_pages=2)
        with self.assertRaisesRegex(UserError, "more than 2 pages"):
            source._run()

    def test_later_pages_may_lack_what_a_service_leaves_out(self):
        pages = {"1": [{"ref": "C1", "users": 1}], "2": [{"ref": "C2"}], "3": []}
        source = self.make_json(
            lambda asked: pages[asked.query["page"]], **MANNERS["page"]
        )
        source._run()
        self.assertTrue(self.present("active_users", self.accounts[1]).is_known)
        self.assertFalse(self.present("active_users", self.accounts[2]).is_known)

    def test_a_link_to_another_host_is_not_followed(self):
        def answer(_asked):
            return {
                "rows": [{"ref": "C1", "users": 1}],
                "next": "http://169.254.169.254",
            }

        source = self.make_json(
            answer, http_rows="rows", http_paging="link", http_next="next"
        )
        with self.assertRaisesRegex(UserError, "another place.*169.254"):
            source._run()
        self.assertEqual(len(self.server.asked), 1)

    def test_a_page_without_its_key(self):
        source = self.make_json(
            [{"ref": "C1", "users": 1}], **{**MANNERS["keyset"], "http_key": "nr"}
        )
        with self.assertRaisesRegex(UserError, "no key at “nr”"):
            source._run()


@tagged("post_install", "-at_install")
class TestJson(JsonCase):
    """Rows and values are found where paths say."""

    def test_paths(self):
        row = {"client": {"cnpj": "SOL"}, "use": [{"n": 3}, {"n": 4}], "on": 1767614400}
        source = self.make_json(
            {"data": [row]},
            lines={"sum(use[].n)": "active_users"},
            customer_column="client.cnpj",
            at_column="on",
            http_rows="data",
        )
        source._run()
        self.assertEqual(self.history("active_users"), [("2026-01-05 12:00:00", 7)])

    def test_rows_that_are_lists_and_names_with_signs(self):
        source = self.make_json(
            [["SOL", 5]], lines={"1": "active_users"}, customer_column="0"
        )
        source._run()
        self.assertEqual(self.present("active_users").value, 5)
        source = self.make_json(
            [{"Company ID": "SOL", "active-users": 6}],
            lines={"active-users": "active_users"},
            customer_column="Company ID",
        )
        self.env["cs.metric.value"].record(
            [self.reading("active_users", None)], source=self.source_before(source)
        )
        source._run()

    def source_before(self, source):
        """Archive all other sources, that own the fact; return the owner."""
        owner = self.present("active_users").source_id
        (owner - source).active = False
        return owner

    def test_bad_values_are_refused_one_by_one(self):
        rows = b'[{"ref": "SOL", "users": NaN}, {"ref": "SOL", "users": "1e2"}]'
        source = self.make_json((200, rows, {}))
        source._run()
        self.assertEqual((source.rows_recorded, source.rows_bad), (1, 1))
        self.assertEqual(self.present("active_users").value, 100)
        self.assertIn("Not a number: NaN", source.run_ids.reason)

    def test_a_slip_in_a_path_makes_no_fact_unknown(self):
        row = {"ref": "SOL", "use": {"users": 1}}
        cases = [
            ({"usrs": "active_users"}, "ref", "No row has “usrs”. There are: ref, use"),
            ({"use.usrs": "active_users"}, "ref", "No row has “use.usrs”"),
            ({"use.users": "active_users"}, "cnpj", "No row has “cnpj”"),
        ]
        for lines, customer, words in cases:
            source = self.make_json([row], lines=lines, customer_column=customer)
            with self.assertRaisesRegex(UserError, words):
                source._run()
        source = self.make_json([{"ref": "SOL", "users": None}])
        source._run()
        self.assertFalse(self.present("active_users").is_known)

    def test_where_the_rows_are_is_proposed(self):
        cases = [
            (
                {"data": {"items": []}, "x": [1]},
                "whole answer.*one of: data.items, x",
            ),
            ({"message": "no"}, "no list of rows in the answer.*no"),
            ("text", "no list of rows"),
            (None, "no list of rows"),
        ]
        for answer, words in cases:
            with self.assertRaisesRegex(UserError, words):
                self.make_json((200, answer))._run()
        with self.assertRaisesRegex(UserError, "can't be found in the answer"):
            self.make_json(["x"], http_rows="sum(@)")._run()

    def test_only_what_changed_is_asked_for(self):
        source = self.make_json(
            [{"ref": "SOL", "users": 1}],
            path="/rows?since={since}&day={since_date}&unix={since_unix}&t={today}",
        )
        with self.at_time("2026-03-01 02:00:00"):
            source._run()
        with self.at_time("2026-03-02 02:00:00"):
            source.action_test()
            source._run()
        first, preview, second = (one.query for one in self.server.asked)
        self.assertEqual(
            first,
            {
                "since": "1970-01-01T00:00:00Z",
                "day": "1970-01-01",
                "unix": "0",
                "t": "2026-02-28",
            },
        )
        # Five minutes before the fetch began: clocks differ.
        self.assertEqual(second["since"], "2026-03-01T01:55:00Z")
        self.assertEqual(second["unix"], "1772330100")
        self.assertEqual(preview, second)

    def test_a_failure_or_a_change_of_the_question_asks_for_all_again(self):
        service = Service("page")
        service.broken[3] = 500, {}
        source = self.make_json(
            service, path="/rows?since={since_date}", **MANNERS["page"]
        )
        with self.at_time("2026-03-01 02:00:00"), self.assertRaises(UserError):
            source._run()
        self.assertFalse(source.http_since)
        with self.at_time("2026-03-02 02:00:00"):
            source._run()
            self.assertEqual(str(source.http_since), "2026-03-02 02:00:00")
            source.with_user(self.specialist).name = "Other"
            self.assertTrue(source.http_since)
            source.with_user(self.specialist).line_ids.column = "id"
        self.assertFalse(source.http_since)

    def test_first_rows_are_shown_with_what_is_asked_for(self):
        source = self.make_json(
            [{"client": {"cnpj": "SOL"}, "users": 3, "note": "a\x00b"}],
            customer_column="client.cnpj",
        )
        action = source.action_test()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(preview.is_good, preview.summary)
        self.assertIn("<th>client.cnpj</th>", preview.rows)
        self.assertIn("<td>SOL</td>", preview.rows)
        self.assertIn("<td>a b</td>", preview.rows)
