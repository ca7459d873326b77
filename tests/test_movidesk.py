from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .movidesk_common import MovideskCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"


@tagged("post_install", "-at_install")
class TestMovideskCounts(MovideskCase):
    """Tickets of Movidesk become counts of the customer whose they are."""

    def setUp(self):
        super().setUp()
        self.movidesk.person("E1", "Padaria Sol", cnpj="11222333000181")

    def ticket(self, number=1, organization="E1", **values):
        return self.movidesk.ticket(number, "P1", organization, **values)

    def test_open_ones_those_of_30_days_and_those_out_of_sla(self):
        self.ticket(1)
        self.ticket(2, slaSolutionDate=self.ago(hours=1))
        self.ticket(3, baseStatus="InAttendance", createdDate=self.ago(days=31))
        self.ticket(4, baseStatus="Stopped", slaSolutionDate=self.ago(hours=-1))
        self.ticket(5, baseStatus="Closed", slaSolutionDate=self.ago(hours=1))
        self.ticket(6, baseStatus="Resolved", createdDate=self.ago(days=31))
        self.walk()
        self.assertEqual(self.counts(self.account), (4, 4, 1))

    def test_internal_and_cancelled_ones_do_not_count(self):
        self.ticket(1, type=1, slaSolutionDate=self.ago(hours=1))
        self.ticket(2, baseStatus="Canceled")
        self.walk()
        self.assertEqual(self.counts(self.account), (0, 0, 0))

    def test_open_ones_of_long_ago_count(self):
        self.ticket(1, createdDate=self.ago(days=400), lastUpdate=self.ago(days=300))
        self.walk()
        self.assertEqual(self.counts(self.account), (1, 0, 0))

    def test_what_time_alone_changes_is_seen(self):
        self.ticket(1, slaSolutionDate=self.ago(hours=-1))
        self.walk()
        self.assertEqual(self.counts(self.account), (1, 1, 0))
        self.pass_time(days=31)
        self.walk()
        self.assertEqual(self.counts(self.account), (1, 0, 1))

    def test_a_known_company_without_tickets_has_none(self):
        self.walk()
        self.assertEqual(self.counts(self.account), (0, 0, 0))
        self.assertEqual(self.counts(self.make_account("Outro")), ())

    def test_all_closed_is_none_open(self):
        self.ticket(1)
        self.walk()
        self.pass_time(hours=1)
        self.ticket(1, baseStatus="Closed")
        self.walk()
        self.assertEqual(self.counts(self.account), (0, 1, 0))

    def test_companies_of_one_customer_add_up(self):
        self.movidesk.person("E2", "Padaria Sol Centro", reference="SOL")
        self.ticket(1)
        self.ticket(2, "E2")
        self.walk()
        self.assertEqual(self.counts(self.account), (2, 2, 0))

    def test_without_organisation_it_belongs_to_who_asked(self):
        self.movidesk.person("D1", "Sol", cnpj="11.222.333/0001-81", type_=4)
        self.movidesk.ticket(1, "D1")
        self.movidesk.ticket(2, "E1")
        self.walk()
        self.assertEqual(self.counts(self.account), (2, 2, 0))

    def test_the_cnpj_goes_before_the_reference(self):
        other = self.make_account("Outro")
        other.partner_id.ref = "OUT"
        self.movidesk.person("E1", "Sol", cnpj="11222333000181", reference="OUT")
        self.ticket()
        self.walk()
        self.assertEqual(self.counts(self.account), (1, 1, 0))
        self.assertEqual(self.counts(other), ())

    def test_a_company_that_is_gone_is_unknown_from_then_on(self):
        self.movidesk.person("E2")
        self.ticket()
        self.walk()
        del self.movidesk.persons["E1"]
        del self.movidesk.tickets[1]
        self.pass_time(days=8)
        self.walk()
        self.assertEqual(self.counts(self.account), (None, None, None))
        self.assertFalse(self.source.unmatched_ids)


@tagged("post_install", "-at_install")
class TestMovideskUnmatched(MovideskCase):
    """Companies that nobody knows wait by their name, people by their number."""

    def names(self):
        return self.source.unmatched_ids.mapped("reference")

    def test_said_once_whose_company_it_is_it_counts(self):
        self.movidesk.person("E7", "Mercado Lua Ltda", cnpj="77777777000177")
        self.movidesk.person("E8", "Nunca Perguntou")
        self.movidesk.person("E9", "Faz Tempo")
        long_ago = {"createdDate": self.ago(days=31), "baseStatus": "Closed"}
        self.movidesk.ticket(9, "P1", "E9", **long_ago)
        self.movidesk.ticket(1, "P1", "E7")
        self.walk()
        self.assertEqual(self.names(), ["Mercado Lua Ltda"])
        self.source.unmatched_ids.with_user(self.specialist).account_id = self.account
        self.assertEqual(self.counts(self.account), (1, 1, 0))
        self.pass_time(hours=6)
        self.movidesk.ticket(2, "P1", "E7")
        self.walk()
        self.assertEqual(self.counts(self.account), (2, 2, 0))

    def test_a_corrected_cnpj_finds_its_customer_the_next_day(self):
        self.movidesk.person("E7", "Mercado Lua", cnpj="1")
        self.movidesk.ticket(1, "P1", "E7")
        self.walk()
        self.movidesk.person("E7", "Mercado Lua", cnpj="11222333000181")
        self.pass_time(days=1, hours=1)
        self.walk()
        self.assertEqual(self.counts(self.account), (1, 1, 0))

    def test_namesakes_are_told_apart(self):
        for key in ("E7", "E8"):
            self.movidesk.person(key, "Mercado Lua")
            self.movidesk.ticket(int(key[1]), "P1", key)
        self.walk()
        self.assertEqual(sorted(self.names()), ["Mercado Lua (E7)", "Mercado Lua (E8)"])

    def test_of_people_nothing_is_kept_but_their_number(self):
        self.movidesk.person("P9", "Maria das Dores", cnpj="12345678909", type_=1)
        self.movidesk.ticket(1, "P9")
        self.movidesk.ticket(2, "gone", None)
        self.movidesk.answer("a", "P9", 10, ticket=1)
        self.walk()
        self.assertEqual(sorted(self.names()), ["Movidesk P9", "Movidesk gone"])
        kept = self.env["cs.metric.source.item"].search([]).read()
        for word in ("Maria", "12345678909", "Segredo", "Um segredo", "@", "Gente"):
            self.assertNotIn(word, str(kept))

    def test_names_the_database_cannot_hold_stop_nothing(self):
        self.movidesk.person("E7", "Lua\x00 \ud800" + "x" * 999)
        self.movidesk.ticket(1, "P1", "E7")
        self.walk()
        self.assertTrue(self.names()[0].startswith("Lua"))


@tagged("post_install", "-at_install")
class TestMovideskNps(MovideskCase):
    """The newest answer to an NPS survey is the NPS of the customer."""

    def setUp(self):
        super().setUp()
        self.movidesk.person("E1", "Padaria Sol", cnpj="11222333000181")
        self.movidesk.ticket(1, "P1", "E1", baseStatus="Closed")

    def test_the_newest_counts_at_its_moment(self):
        self.movidesk.answer("b", "P1", 9, 1, responseDate=self.ago(days=2))
        self.movidesk.answer("a", "P1", 3, 1, responseDate=self.ago(days=3))
        self.movidesk.answer("c", "P1", 5, 1, type=2)
        self.movidesk.answer("d", "P1", 11, 1)
        self.walk()
        fact = self.present("nps")
        self.assertEqual(fact.value, 9)
        self.assertEqual(fact.at, self.ago(days=2).replace(tzinfo=None))
        self.pass_time(hours=6)
        self.movidesk.answer("e", "P1", 0, 1)
        self.walk()
        self.assertEqual([v for _at, v in self.history("nps")], [9, 0])

    def test_it_belongs_to_the_company_of_its_ticket_however_old(self):
        long_ago = {"createdDate": self.ago(days=200), "lastUpdate": self.ago(days=199)}
        self.movidesk.ticket(2, "P2", "E1", baseStatus="Closed", **long_ago)
        self.movidesk.answer("a", "P2", 7, 2, responseDate=self.ago(days=199))
        self.walk()
        self.assertEqual(self.present("nps").value, 7)

    def test_without_its_ticket_it_belongs_to_who_answered(self):
        self.movidesk.answer("a", "E1", 7, 999)
        self.walk()
        self.assertEqual(self.present("nps").value, 7)

    def test_another_owner_of_the_nps_stays_and_is_named(self):
        self.record_all(self.reading("nps", 10), source=self.make_source("Pesquisa"))
        self.movidesk.answer("a", "P1", 2, 1)
        self.walk()
        self.assertEqual(self.present("nps").value, 10)
        self.assertEqual(self.counts(self.account), (0, 1, 0))
        self.assertEqual(self.source.rows_bad, 1)
        self.assertIn("Pesquisa", self.source.run_ids[0].reason)

    def test_without_surveys_one_is_told_what_to_do(self):
        self.movidesk.faults.extend([None] * 7 + [403])
        self.source.sudo().next_run = self.now().replace(tzinfo=None)
        with mute_logger(LOG):
            self.run_once()
        self.assertIn("switch off “Take its NPS”", self.source.last_error)

    def test_it_can_be_left_out(self):
        self.movidesk.answer("a", "P1", 2, 1)
        self.source.with_user(self.specialist).movidesk_nps = False
        self.walk()
        self.assertFalse(self.present("nps"))
        self.assertNotIn(
            "/survey/responses", [route for _at, route, _p in self.movidesk.asked]
        )


@tagged("post_install", "-at_install")
class TestMovideskPeople(MovideskCase):
    """Who sees what, and what a person is told."""

    def test_who_may_see_what_is_known_of_the_helpdesk(self):
        self.movidesk.person("E1", "Padaria Sol", cnpj="11222333000181")
        self.movidesk.ticket(1, "P1", "E1")
        self.walk()
        items = self.env["cs.metric.source.item"].search([])
        self.assertTrue(items)
        for user in (self.csm, self.manager, self.salesperson):
            self.assertFalse(items.with_user(user).has_access("read"))
        mine = items.with_user(self.specialist)
        mine.check_access("read")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(mine.has_access(operation))
        action = self.source.with_user(self.specialist).action_items()
        found = mine.search(action["domain"])
        self.assertIn("1", found.mapped("key"))
        self.assertIn("Padaria Sol", found.mapped("customer_name"))
        stranger = self.make_user(
            "cs_stranger",
            "customer_success.group_cs_admin",
            company_id=self.env["res.company"].create({"name": "Outra"}).id,
        )
        self.source.sudo().company_id = self.company
        with self.assertRaises(AccessError):
            items.with_user(stranger).read(["key"])

    def test_the_test_shows_whose_the_newest_tickets_are(self):
        self.movidesk.person("E1", "Padaria Sol", cnpj="11222333000181")
        self.movidesk.person("E2", "<b>Lua</b>")
        self.movidesk.ticket(1, "P1", "E1", slaSolutionDate=self.ago(hours=1))
        self.movidesk.ticket(2, "P2", "E2")
        self.movidesk.ticket(3, "P1", "E1", type=1)
        action = self.source.with_user(self.specialist).action_test()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("not every ticket finds its customer", preview.summary)
        self.assertFalse(preview.is_good)
        self.assertIn("Open ticket of Padaria Sol, out of SLA", preview.rows)
        self.assertIn("nobody is known as &lt;b&gt;Lua", preview.rows)
        self.assertIn("internal or cancelled", preview.rows)
        self.assertFalse(self.env["cs.metric.source.item"].search([]))
        self.assertFalse(self.present("tickets_open"))

    def test_without_the_key_one_is_told_what_to_do(self):
        self.source.with_user(self.system).action_forget_secret()
        with self.assertRaisesRegex(UserError, "key of Movidesk is missing"):
            self.source.with_user(self.specialist).action_test()

    def test_what_is_no_movidesk_is_named(self):
        for fault in ("html", {"value": []}, [1], [{"id": "x"}]):
            self.movidesk.faults.append(lambda fault=fault: fault)
            with self.assertRaises(UserError) as caught:
                self.source.with_user(self.specialist).action_test()
            self.assertRegex(str(caught.exception), "does not answer as|web page")
            self.pass_time(minutes=2)

    def test_the_key_is_in_nothing_that_is_kept(self):
        self.movidesk.person("E1", "Padaria Sol", cnpj="11222333000181")
        with (
            self.assertLogs("odoo", "DEBUG") as logged,
            self.assertLogs("urllib3", "DEBUG") as below,
        ):
            for fault in (500, 401, "cut", "html", 400):
                self.movidesk.faults.append(fault)
                self.source.sudo().next_run = self.now().replace(tzinfo=None)
                self.run_once()
                self.pass_time(minutes=2)
            self.walk()
        kept = [
            *logged.output,
            *below.output,
            str(self.source.sudo().read()),
            str(self.source.run_ids.read()),
            str(self.env["cs.metric.source.item"].search([]).read()),
        ]
        self.assertGreaterEqual(len(self.source.run_ids.filtered("is_failed")), 5)
        for text in kept:
            for secret in ("m0v1+k3y", "m0v1%2Bk3y", "m0v1 k3y"):
                self.assertNotIn(secret, text)
        self.assertEqual(self.movidesk.refused, [])

    def test_what_no_count_needs_is_forgotten(self):
        self.movidesk.person("E1", "Padaria Sol", cnpj="11222333000181")
        self.movidesk.ticket(1, "P1", "E1", baseStatus="Closed")
        self.movidesk.ticket(2, "P1", "E1")
        self.movidesk.answer("a", "P1", 9, 1, responseDate=self.ago(days=300))
        self.walk()
        self.pass_time(days=91)
        items = self.env["cs.metric.source.item"]
        items._gc_items()
        keys = items.search([("source_id", "=", self.source.id)]).mapped("key")
        self.assertEqual(sorted(keys), ["2", "E1"])
        self.walk()
        self.assertEqual(self.counts(self.account), (1, 0, 0))
        self.assertEqual(self.present("nps").value, 9)
