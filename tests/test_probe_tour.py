from datetime import timedelta

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.customer_success.sources.addresses import ALLOWED

from .other_postgres import OtherPostgres


@tagged("post_install", "-at_install")
class TestProbeTour(HttpCase):
    """The customer's database is read in a browser, and a probe is tried there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = OtherPostgres()
        cls.addClassCleanup(cls.other.stop)
        cls.other.execute("CREATE ROLE cs_reader LOGIN PASSWORD 'known'")
        cls.other.execute("CREATE DATABASE erp")
        cls.other.execute(
            "CREATE TABLE invoice (id int); GRANT SELECT ON invoice TO cs_reader",
            database="erp",
        )
        place = f"{cls.other.host}:{cls.other.port}"
        cls.env["ir.config_parameter"].set_param(ALLOWED, place)
        cls.specialist = new_test_user(
            cls.env,
            login="cs_tour_probe",
            name="Elisa Tour",
            groups="customer_success.group_cs_specialist",
        )
        partner = cls.env["res.partner"].create(
            {"name": "Padaria Sol", "is_company": True}
        )
        cls.account = cls.env["cs.account"].create({"partner_id": partner.id})
        cls.erp = cls.env["cs.diagnostic.erp"].create({"name": "ERP of the tests"})
        today = cls.account._today()
        cls.database = cls.env["cs.customer.database"].create(
            {
                "account_id": cls.account.id,
                "erp_id": cls.erp.id,
                "name": "Backup",
                "host": cls.other.host,
                "port": cls.other.port,
                "database": "erp",
                "username": "cs_reader",
                "password": "known",
                "sslmode": "prefer",
                "copied_on": today,
                "expires_on": today + timedelta(days=9),
                "consent_by_id": partner.id,
                "consent_on": today,
                "consent_note": "By e-mail",
            }
        )
        cls.probe = cls.make_probe("bank_reconciled", "SELECT 7 AS value")
        cls.make_probe("types_registered", "SELECT count(*) AS value FROM expenses")

    @classmethod
    def make_probe(cls, code, query):
        question = cls.env.ref(f"customer_success.cs_diagnostic_question_{code}")
        return cls.env["cs.diagnostic.probe"].create(
            {
                "question_id": question.id,
                "erp_id": cls.erp.id,
                "query": query,
                "done_at": 5,
                "partly_at": 10,
                "note": "{value} days behind",
            }
        )

    def test_read_and_accept(self):
        diagnostic = self.env["cs.diagnostic"].with_user(self.specialist)
        diagnostic = diagnostic.start(self.account, self.probe.question_id.template_id)
        diagnostic.database_id = self.database
        self.start_tour(
            f"/odoo/cs-diagnostics/{diagnostic.id}/cs-diagnostic-answers",
            "cs_probe_tour",
            login="cs_tour_probe",
            timeout=120,
        )
        row = diagnostic.answer_ids.filtered(
            lambda one: one.question_id == self.probe.question_id
        )
        self.assertEqual(row.answer, "partly")
        self.assertEqual(row.answered_by_id, self.specialist)
        self.assertIn("7 days behind (copy of the database of", row.evidence)

    def test_try_before_saving(self):
        self.start_tour(
            f"/odoo/cs-diagnostic-probes/{self.probe.id}",
            "cs_probe_trial_tour",
            login="cs_tour_probe",
            timeout=120,
        )
        self.assertEqual(self.probe.done_at, 5)
