from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

STATEMENT = "Configuração de DRE"


@tagged("post_install", "-at_install")
class TestPlanTour(HttpCase):
    """The Ello process in Portuguese, clicked by a specialist and by the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("pt_BR")
        cls.env["ir.module.module"]._get("customer_success")._update_translations(
            ["pt_BR"]
        )
        cls.specialist = new_test_user(
            cls.env,
            login="cs_tour_elisa",
            name="Elisa Tour",
            groups="customer_success.group_cs_specialist",
            lang="pt_BR",
        )
        partner = cls.env["res.partner"].create(
            {"name": "Padaria Sol", "is_company": True, "lang": "pt_BR"}
        )
        cls.marta = new_test_user(
            cls.env,
            login="cs_tour_marta",
            name="Marta Tour",
            email="marta@sol.example",
            groups="base.group_portal",
            lang="pt_BR",
        )
        cls.marta.partner_id.parent_id = partner
        cls.account = cls.env["cs.account"].create(
            {
                "partner_id": partner.id,
                "contact_ids": [
                    Command.create({"partner_id": cls.marta.partner_id.id})
                ],
            }
        )

    def start_diagnostic(self, *still_open):
        """Start the Ello diagnostic, all answered as done but for some questions."""
        diagnostics = self.env["cs.diagnostic"].with_user(self.specialist)
        diagnostics = diagnostics.with_context(lang="pt_BR")
        template = self.env.ref("customer_success.cs_diagnostic_template_ello")
        diagnostic = diagnostics.start(self.account, template)
        left = self.env["cs.diagnostic.question"].concat(
            *(
                self.env.ref(f"customer_success.cs_diagnostic_question_{code}")
                for code in still_open
            )
        )
        rows = diagnostic.answer_ids
        rows.filtered(lambda row: row.question_id not in left).write({"answer": "done"})
        return diagnostic

    def walk_to_the_gate(self, journey):
        """Conclude what the journey asks for, until it waits at the gate."""
        for _turn in range(40):
            open_tasks = journey.task_ids.filtered(lambda task: task.state == "open")
            if not open_tasks or journey.gate_since:
                return
            open_tasks.action_done()

    def tour(self, path, name, user):
        self.start_tour(path, name, login=user.login, timeout=120)
        self.env.invalidate_all()

    def test_from_two_findings_to_the_income_statement(self):
        diagnostic = self.start_diagnostic("bills_complete", "right_type")
        self.tour(
            f"/odoo/cs-diagnostics/{diagnostic.id}/cs-diagnostic-answers",
            "cs_plan_specialist_tour",
            self.specialist,
        )
        plan = diagnostic.plan_ids
        journey = self.account.journey_ids
        self.assertEqual((diagnostic.state, plan.progress), ("done", 0))
        self.assertTrue(plan.visible_to_customer)
        self.walk_to_the_gate(journey)

        self.tour("/my", "cs_plan_customer_tour", self.marta)
        person = self.marta.partner_id
        self.assertEqual(plan.validated_by_id, person)
        own = plan.task_ids.filtered(lambda task: task.state == "done")
        self.assertIn("Reclassificar despesas", own.name)
        said = own.message_ids.filtered(lambda one: one.author_id == person)[:1]
        self.assertIn("Tudo de 2026 &lt;b&gt;revisto", said.body)
        self.assertEqual((plan.task_count, plan.progress), (5, 20))
        self.assertTrue(journey.gate_since)

        path = f"/odoo/m-cs.journey/{journey.id}"
        self.tour(path, "cs_plan_gate_tour", self.specialist)
        self.tour("/odoo/cs-plans", "cs_plan_settle_tour", self.specialist)
        stage = journey.stage_id.with_context(lang="pt_BR")
        self.assertIn(STATEMENT, stage.name)
        self.tour(path, "cs_plan_statement_tour", self.specialist)
