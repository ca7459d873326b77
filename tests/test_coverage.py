from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .facts_common import FactsCase


@tagged("post_install", "-at_install")
class TestCoverage(FactsCase):
    """Whom we know at a customer, whom we reach, and who is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sponsor = cls.env.ref("customer_success.cs_contact_role_sponsor")
        cls.key_user = cls.env.ref("customer_success.cs_contact_role_key_user")
        cls.account.csm_id = cls.csm

    def know(self, name, role=None, user=None, account=None, **values):
        account = account or self.account
        person = self.env["res.partner"].create(
            {"name": name, "parent_id": account.partner_id.id}
        )
        return (
            self.env["cs.contact"]
            .with_user(user or self.csm)
            .create(
                {
                    "account_id": account.id,
                    "partner_id": person.id,
                    "role_id": role and role.id,
                    **values,
                }
            )
        )

    def speak(self, people, moment):
        return (
            self.env["cs.interaction"]
            .with_user(self.csm)
            .create(
                {
                    "account_id": self.account.id,
                    "kind": "call",
                    "date": moment,
                    "contact_ids": people.ids,
                }
            )
        )

    def facts(self, *keys):
        return tuple(self.judged(metric=key) for key in keys)

    def test_nobody_known_is_unknown(self):
        self.env["cs.metric.source"]._run_builtin(self.account)
        self.assertEqual(
            self.facts("sponsor_missing", "single_contact", "contacts_reached"),
            (None, None, None),
        )

    def test_whom_we_know_counts_at_once(self):
        marta = self.know("Marta", self.key_user)
        self.assertEqual(
            self.facts("contacts", "single_contact", "sponsor_missing"), (1, 1, 1)
        )
        luis = self.know("Luís", self.sponsor)
        self.assertEqual(
            self.facts("contacts", "single_contact", "sponsor_missing"), (2, 0, 0)
        )
        luis.role_id = self.key_user
        self.assertEqual(self.facts("sponsor_missing"), (1,))
        marta.role_id = self.sponsor
        self.assertEqual(self.facts("sponsor_missing"), (0,))
        (marta | luis).unlink()
        self.assertEqual(
            self.facts("contacts", "single_contact", "sponsor_missing"),
            (None, None, None),
        )

    def test_who_was_reached(self):
        with self.at_time("2026-06-01 12:00:00"):
            marta, luis = self.know("Marta"), self.know("Luís")
            self.assertEqual(self.facts("contacts_reached", "last_reached"), (0, None))
            self.speak(marta, "2026-02-01 12:00:00")
            self.assertEqual(self.facts("contacts_reached", "last_reached"), (0, 120))
            call = self.speak(luis, "2026-05-30 12:00:00")
            self.assertEqual(self.facts("contacts_reached", "last_reached"), (1, 2))
            call.contact_ids = marta | luis
            self.assertEqual(self.facts("contacts_reached"), (2,))
            self.assertEqual(marta.last_reached_on, call.date.date())
            call.with_user(self.admin).unlink()
            self.assertEqual(self.facts("contacts_reached", "last_reached"), (0, 120))

    def test_time_passes_without_anybody_reached(self):
        with self.at_time("2026-06-01 12:00:00"):
            self.speak(self.know("Marta"), "2026-05-30 12:00:00")
        with self.at_time("2026-09-01 12:00:00"):
            self.env["cs.metric.source"]._run_builtin(builtins=["contact"])
            self.assertEqual(self.facts("contacts_reached", "last_reached"), (0, 94))

    def test_each_customer_has_its_own(self):
        other = self.make_account("Padaria Lua", csm_id=self.other_csm.id)
        self.know("Ana", self.sponsor, user=self.other_csm, account=other)
        self.know("Marta")
        self.assertEqual(self.facts("sponsor_missing"), (1,))
        self.assertEqual(self.judged(metric="sponsor_missing", account=other), 0)

    def test_a_rule_asks_for_customers_without_a_sponsor(self):
        self.know("Marta", self.key_user)
        rule = self.env["cs.alert.rule"].create(
            {
                "name": "No sponsor",
                "condition_ids": [
                    (
                        0,
                        0,
                        {
                            "metric_id": self.env.ref(
                                "customer_success.cs_metric_sponsor_missing"
                            ).id,
                            "operator": "=",
                            "threshold": 1,
                        },
                    )
                ],
            }
        )
        rule._run()
        alerts = self.env["cs.alert"].search([("rule_id", "=", rule.id)])
        self.assertEqual(alerts.account_id, self.account)

    # Who reports to whom

    def test_who_reports_to_whom(self):
        chief = self.know("Chefe", self.sponsor)
        marta = self.know("Marta", reports_to_id=chief.id)
        self.assertEqual(marta.reports_to_id, chief)
        with self.assertRaisesRegex(ValidationError, "Nobody reports to themselves"):
            chief.reports_to_id = marta
        other = self.make_account("Padaria Lua")
        stranger = self.know("Ana", user=self.manager, account=other)
        with self.assertRaisesRegex(ValidationError, "same customer"):
            marta.with_user(self.manager).reports_to_id = stranger

    def test_people_of_other_portfolios_stay_away(self):
        marta = self.know("Marta")
        with self.assertRaises(AccessError):
            marta.with_user(self.other_csm).need = "Peeping"

    # The person behind it

    def test_a_csm_keeps_the_data_of_the_people(self):
        marta = self.know("Marta")
        self.assertFalse(
            self.env["res.partner"].with_user(self.csm).has_access("write")
        )
        marta.write(
            {
                "email": "marta@sol.example",
                "phone": "+55 11 5555",
                "function": "CFO",
                "email_consent": True,
            }
        )
        person = marta.partner_id.sudo()
        self.assertEqual(
            (person.email, person.phone, person.function, person.cs_email_consent),
            ("marta@sol.example", "+55 11 5555", "CFO", True),
        )

    def test_a_csm_brings_a_new_person(self):
        people = self.env["cs.contact"].with_user(self.csm)
        action = people.with_context(account_id=self.account.id).action_new_person()
        view = action["views"][0][0]
        with Form(people.with_context(**action["context"]), view=view) as form:
            form.name = "Ana"
            form.email = "ana@sol.example"
            form.role_id = self.sponsor
        contact = form.record
        self.assertEqual(contact.account_id, self.account)
        person = contact.partner_id.sudo()
        self.assertEqual(person.parent_id, self.account.partner_id)
        self.assertEqual((person.name, person.email), ("Ana", "ana@sol.example"))
        self.assertEqual(self.facts("contacts", "sponsor_missing"), (1, 0))
        with self.assertRaisesRegex(UserError, "called"):
            people.create({"account_id": self.account.id, "email": "x@sol.example"})

    def test_not_of_another_csms_customer_nor_of_who_logs_in(self):
        marta = self.know("Marta")
        with self.assertRaises(AccessError):
            marta.with_user(self.other_csm).write({"email": "me@here.example"})
        with self.assertRaises(AccessError):
            self.env["cs.contact"].with_user(self.other_csm).create(
                {"account_id": self.account.id, "name": "Eu"}
            )
        colleague = self.admin.partner_id
        for partner in (colleague, self.make_partner("Alheia")):
            contact = (
                self.env["cs.contact"]
                .with_user(self.csm)
                .create({"account_id": self.account.id, "partner_id": partner.id})
            )
            with self.assertRaises(AccessError):
                contact.email = "me@here.example"
        portal = self.make_user("cs_portal_person", "base.group_portal")
        portal.partner_id.parent_id = self.account.partner_id
        contact = (
            self.env["cs.contact"]
            .with_user(self.csm)
            .create({"account_id": self.account.id, "partner_id": portal.partner_id.id})
        )
        with self.assertRaises(AccessError):
            contact.email = "me@here.example"
