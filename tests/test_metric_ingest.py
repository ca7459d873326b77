from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .facts_common import FactsCase


@tagged("post_install", "-at_install")
class TestIngest(FactsCase, HttpCase):
    """Facts from outside: ``POST /json/2/cs.metric.value/ingest``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.partner_id.ref = "C-1"
        cls.integration = cls.make_user(
            "cs_integration", "customer_success.group_cs_ingest"
        )
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.integration)
            .sudo()
            ._generate("rpc", "test", datetime.now() + timedelta(days=1))
        )

    def post(self, path, **body):
        return self.url_open(
            f"/json/2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}"},
            method="POST",
        )

    def test_an_integration_records_facts(self):
        response = self.post(
            "cs.metric.value/ingest",
            readings=[
                self.reading("nps", 9, "C-1", at="2026-01-05T12:00:00Z"),
                self.reading("nps", "many", "C-1"),
            ],
        )
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual((answer["recorded"], answer["unchanged"]), (1, 0))
        self.assertEqual(
            answer["errors"], [{"index": 1, "reason": "Not a number: many"}]
        )
        self.assertEqual(self.present().value, 9)

    def test_it_can_do_nothing_else(self):
        for path in (
            "cs.account/search_read",
            "cs.metric.value/search_read",
            "cs.metric/search_read",
            "cs.metric.source/search_read",
            "res.partner/search_read",
            "cs.metric.value/record",
        ):
            self.assertEqual(self.post(path).status_code, 403, path)

    def refused(self, status, *words, key=None, headers=None, **body):
        """Send a wrong call: it says in words what is wrong, and nothing of inside."""
        key = self.key if key is None else key
        response = self.url_open(
            "/json/2/cs.metric.value/ingest",
            headers={"Authorization": f"Bearer {key}"} if headers is None else headers,
            method="POST",
            **body,
        )
        self.assertEqual(response.status_code, status, response.text)
        self.assertIn("application/json", response.headers["Content-Type"])
        for word in words:
            self.assertIn(word, response.json()["message"])
        for inside in ("Traceback", 'File "', "odoo/", "psycopg2"):
            self.assertNotIn(inside, response.text)

    def test_no_key_and_wrong_keys(self):
        call = {"json": {"readings": [self.reading("nps", 9, "C-1")]}}
        self.refused(401, "No key", "Bearer", headers={}, **call)
        self.refused(401, "No key", headers={"Authorization": "Basic YTpi"}, **call)
        for key in ("wrong", "0" * 40, self.key[:-1], f"{self.key} x", "ÿ"):
            self.refused(401, "key", key=key, **call)
        self.assertFalse(self.present())

    def test_the_key_of_somebody_who_may_not_ingest(self):
        text = (
            self.env["res.users.apikeys"]
            .with_user(self.manager)
            .sudo()
            ._generate("rpc", "own", datetime.now() + timedelta(days=1))
        )
        readings = [self.reading("nps", 9, "C-1")]
        self.refused(403, "may not record", key=text, json={"readings": readings})
        self.assertFalse(self.present())

    def test_not_json(self):
        for body in (b"", b"{", b"readings=1", b"\xff", b"[" * 100_000):
            self.refused(400, "not JSON", "Content-Type", data=body)

    def test_no_list_of_readings(self):
        self.refused(422, "readings", json={})
        self.refused(422, "readings", json=[self.reading("nps", 9, "C-1")])
        self.refused(422, "must come as a list", json={"readings": {"account": 1}})
        self.refused(422, "must come as a list", json={"readings": None})
        self.refused(422, "Unknown: source", json={"readings": [], "source": 1})
        for context in ("x", {"allowed_company_ids": "x"}, {"lang": []}):
            self.refused(422, "context", json={"readings": [], "context": context})
        foreign = {"allowed_company_ids": [10**9]}
        self.refused(403, json={"readings": [], "context": foreign})

    def test_too_many_readings(self):
        readings = [{"account": "C-1"}] * 50_001
        self.refused(422, "50001 readings", "50000", json={"readings": readings})

    def test_every_reading_may_be_wrong(self):
        answer = self.post(
            "cs.metric.value/ingest",
            readings=[None, [], {}, {"account": {}, "metric": [], "value": {}}, "ção"],
        )
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(len(answer.json()["errors"]), 5)

    def test_an_answer_with_accents_is_whole(self):
        call = [self.reading("nps", 9, "Padaria São João — não existe")]
        errors = self.post("cs.metric.value/ingest", readings=call).json()["errors"]
        self.assertIn("não existe", errors[0]["reason"])

    def test_in_the_language_that_is_asked_for(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        context = {"lang": "pt_BR", "active_test": False}
        call = [self.reading("nps", "x", "C-1")]
        answer = self.post("cs.metric.value/ingest", readings=call, context=context)
        self.assertIn("número", answer.json()["errors"][0]["reason"])

    def test_only_the_group_and_administrators_may(self):
        call = [self.reading(at="2026-01-05")]
        for user in (self.csm, self.specialist, self.salesperson):
            with self.assertRaises(AccessError):
                self.values.with_user(user).ingest(call)
        for user, recorded in ((self.admin, 1), (self.integration, 0)):
            answer = self.values.with_user(user).ingest(call)
            self.assertEqual(answer["recorded"], recorded)

    def test_it_stays_within_its_companies(self):
        other = self.env["res.company"].create({"name": "Filial"})
        there = self.make_account(
            partner_id=self.make_partner("Longe").id, company_id=other.id
        )
        door = self.values.with_user(self.integration)
        self.check_refused(
            door.ingest([self.reading(account=there.id)]), "Unknown customer"
        )
        with self.assertRaises(AccessError):
            door.with_context(allowed_company_ids=other.ids).ingest([self.reading()])
