from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestDiagnosticTour(HttpCase):
    """From the answers to the plan, clicked in a browser."""

    def test_from_the_last_answer_to_the_plan(self):
        specialist = new_test_user(
            self.env,
            login="cs_tour_elisa",
            name="Elisa Tour",
            groups="customer_success.group_cs_specialist",
        )
        partner = self.env["res.partner"].create(
            {"name": "Padaria Sol", "is_company": True}
        )
        account = self.env["cs.account"].create({"partner_id": partner.id})
        template = self.env.ref("customer_success.cs_diagnostic_template_ello")
        last = self.env.ref("customer_success.cs_diagnostic_question_bank_reconciled")
        diagnostic = self.env["cs.diagnostic"].with_user(specialist)
        diagnostic = diagnostic.start(account, template)
        rows = diagnostic.answer_ids
        rows.filtered(lambda row: row.question_id != last).write({"answer": "done"})
        self.start_tour(
            f"/odoo/cs-diagnostics/{diagnostic.id}/cs-diagnostic-answers",
            "cs_diagnostic_tour",
            login="cs_tour_elisa",
            timeout=120,
        )
        row = rows.filtered(lambda row: row.question_id == last)
        self.assertEqual((row.answer, row.evidence), ("partly", "2 of 3 accounts"))
        self.assertEqual(diagnostic.state, "done")
        plan = diagnostic.plan_ids
        names = plan.task_ids.mapped("name")
        self.assertIn("Put bank reconciliation into daily use", names)
