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

    def test_wrong_calls_are_said_clearly(self):
        self.assertEqual(self.post("cs.metric.value/ingest").status_code, 422)
        response = self.post("cs.metric.value/ingest", readings={"account": 1})
        self.assertEqual(response.status_code, 422)
        self.assertIn("must come as a list", response.text)

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
