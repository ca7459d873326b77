from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .database_common import DatabaseCase

WIZARD = "cs.diagnostic.wizard"


@tagged("post_install", "-at_install")
class TestDatabaseStep(DatabaseCase):
    """A specialist says, starting a diagnostic, which copy is read, if any."""

    def begun(self, choose=None):
        """Go through the wizard; return the diagnostic that it opens."""
        form = Form(self.env[WIZARD].with_user(self.specialist))
        form.account_id = self.account
        form.template_id = self.env.ref("customer_success.cs_diagnostic_template_ello")
        if choose is not None:
            form.database_id = choose
        action = form.save().action_start()
        return self.opened(action)

    def opened(self, action):
        """Return the diagnostic whose screen of answers an action opens."""
        self.assertEqual(action["tag"], "customer_success.diagnostic_sheet")
        return self.env["cs.diagnostic"].browse(action["context"]["active_id"])

    def test_a_copy_that_can_be_read_is_proposed(self):
        self.make_database(
            name="Expired", copied_on="2026-01-02", expires_on="2026-01-09"
        )
        self.make_database(name="Newer", copied_on="2026-03-01", consent_on=False)
        self.assertEqual(self.begun().database_id, self.database)

    def test_another_one_is_chosen(self):
        newer = self.make_database(name="Newer", copied_on="2026-03-01")
        form = Form(self.env[WIZARD].with_user(self.specialist))
        form.account_id = self.account
        self.assertEqual(form.database_id, newer)
        self.assertEqual(form.database_state, "ready")
        self.assertEqual(self.begun(self.database).database_id, self.database)

    def test_one_is_added(self):
        self.database.active = False
        form = Form(
            self.env["cs.customer.database"]
            .with_user(self.specialist)
            .with_context(default_account_id=self.account.id, cs_of_its_customer=True)
        )
        form.name = "Backup of March"
        form.erp_id = self.erp
        form.copied_on = "2026-03-01"
        form.host = self.other.host
        form.database = "erp"
        form.username = "cs_reader"
        form.consent_by_id = self.person
        form.consent_on = "2026-03-01"
        form.consent_note = "By phone, to Elisa"
        added = form.save()
        self.assertEqual((added.account_id, added.state), (self.account, "ready"))
        self.assertEqual(self.begun(added).database_id, added)

    def test_none_is_chosen(self):
        diagnostic = self.begun(self.env["cs.customer.database"])
        self.assertFalse(diagnostic.database_id)
        row = self.row(diagnostic)
        row.with_user(self.specialist).answer = "partly"
        self.assertEqual(row.answer, "partly")

    def test_going_on_with_another_copy(self):
        diagnostic = self.begun()
        newer = self.make_database(name="Newer", copied_on="2026-03-01")
        form = Form(self.env[WIZARD].with_user(self.specialist))
        form.account_id = self.account
        self.assertEqual(form.open_id, diagnostic)
        self.assertEqual(form.database_id, self.database)
        self.assertEqual(self.opened(form.save().action_go_on()), diagnostic)
        self.assertEqual(diagnostic.database_id, self.database)
        form.database_id = newer
        form.save().action_go_on()
        self.assertEqual(diagnostic.database_id, newer)


@tagged("post_install", "-at_install")
class TestProbeOfQuestion(DatabaseCase):
    """A specialist writes a probe on the question of a template."""

    def question(self):
        question = self.of("question", "defaults_followed").with_user(self.specialist)
        return question.with_context(cs_of_its_question=True)

    def test_written_on_the_question(self):
        with Form(self.question()) as form, form.probe_ids.new() as probe:
            probe.erp_id = self.erp
            probe.done_at = 1
            probe.partly_at = 3
            probe.unit = "invoices"
            probe.note = "{value} invoices are not paid"
            probe.query = "SELECT count(*) AS value FROM invoice WHERE NOT paid"
        row = self.probed(self.diagnosed())
        self.assertEqual(row.proposed_note, "3 invoices are not paid")
        self.assertEqual(row.proposed_answer, "partly")

    def test_changed_and_archived(self):
        made = self.make_probe("SELECT 7 AS value")
        at = self.question().probe_ids.ids.index(made.id)
        with Form(self.question()) as form, form.probe_ids.edit(at) as probe:
            probe.done_at = 7
        row = self.probed(self.diagnosed())
        self.assertEqual(row.proposed_answer, "done")
        with Form(self.question()) as form, form.probe_ids.edit(at) as probe:
            probe.active = False
        self.assertFalse(row._probe_for(self.database))

    def test_what_would_write_is_refused_where_it_is_written(self):
        form = Form(self.question())
        with form.probe_ids.new() as probe:
            probe.erp_id = self.erp
            probe.done_at = 1
            probe.note = "{value}"
            probe.query = "UPDATE invoice SET paid = true"
        with self.assertRaises(ValidationError):
            form.save()
