from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .diagnostic_common import DiagnosticCase


@tagged("post_install", "-at_install")
class TestDiagnosticTemplateTour(HttpCase):
    """A template, written in a browser by a specialist alone."""

    def test_written_and_used(self):
        new_test_user(
            self.env,
            login="cs_writes",
            groups="customer_success.group_cs_specialist",
        )
        partner = self.env["res.partner"].create(
            {"name": "Padaria Sol", "is_company": True}
        )
        account = self.env["cs.account"].create({"partner_id": partner.id})
        self.start_tour(
            "/odoo/cs-diagnostic-templates",
            "cs_diagnostic_template_tour",
            login="cs_writes",
            timeout=120,
        )
        template = self.env["cs.diagnostic.template"].search(
            [("name", "=", "Tour diagnostic")]
        )
        self.assertEqual(template.area_ids.mapped("name"), ["People", "Machines"])
        written = [
            (
                one.area_id.name,
                one.name,
                one.partly_action_ids.mapped("name"),
                one.not_done_action_ids.mapped("name"),
            )
            for one in template.question_ids
        ]
        self.assertEqual(
            written,
            [
                ("People", "Are people trained", [], ["Train people"]),
                ("Machines", "Are machines in order", ["Repair machines"], []),
            ],
        )
        diagnostic = self.env["cs.diagnostic"].search([("account_id", "=", account.id)])
        self.assertEqual(diagnostic.template_id, template)
        self.assertEqual(len(diagnostic.answer_ids), 2)


class TestDiagnosticTemplateEditor(DiagnosticCase):
    """What a template still lacks stands in words; specialists write it."""

    def small(self):
        templates = self.env["cs.diagnostic.template"].with_user(self.specialist)
        return templates.create({"name": "Small"})

    def with_area(self, name="People"):
        template = self.small()
        template.area_ids = [(0, 0, {"name": name})]
        return template

    def ask(self, template, **values):
        context = template.action_add_question()["context"]
        return (
            self.env["cs.diagnostic.question"]
            .with_user(self.specialist)
            .with_context(**context)
            .create({"name": "Are all trained?", **values})
        )

    def test_first_the_areas_then_the_questions(self):
        template = self.small()
        self.assertIn("Begin with the areas", template.missing_note)
        template.area_ids = [(0, 0, {"name": "People"})]
        self.assertIn("Now add questions", template.missing_note)

    def test_what_is_missing_is_named(self):
        template = self.with_area()
        question = self.ask(template)
        self.assertEqual(question.template_id, template)
        template.area_ids = [(0, 0, {"name": "Machines"})]
        context = template.action_add_action()["context"]
        actions = self.env["cs.diagnostic.action"].with_user(self.specialist)
        action = actions.with_context(**context).create({"name": "Train"})
        self.assertEqual(
            template.missing_note.splitlines(),
            [
                "Areas without a question: “Machines”.",
                "Questions that do not say what each answer means: “Are all trained?”.",
                "Questions that propose no action: “Are all trained?”.",
                "Actions that no answer calls for: “Train”.",
            ],
        )
        question.write(
            {
                "meaning_done": "All",
                "meaning_partly": "Some",
                "meaning_not_done": "None",
                "not_done_action_ids": action.ids,
            }
        )
        self.ask(
            template,
            meaning_done="All",
            meaning_partly="Some",
            meaning_not_done="None",
            partly_action_ids=action.ids,
        )
        self.assertEqual(
            template.area_ids.question_ids.mapped("area_id.name"),
            ["People", "Machines"],
        )
        self.assertFalse(template.missing_note)

    def test_said_while_it_is_typed(self):
        with Form(self.with_area()) as form:
            self.assertIn("Now add questions", form.missing_note)
            form.area_ids.remove(0)
            self.assertIn("Begin with the areas", form.missing_note)

    def test_the_shipped_template_lacks_no_more_than_it_says(self):
        self.assertNotIn("Areas without", self.template.missing_note or "")
        self.assertNotIn("what each answer means", self.template.missing_note or "")

    def test_administrators_write_too_others_read(self):
        template = self.with_area()
        self.assertTrue(template.with_user(self.admin).action_add_question())
        for user in (self.manager, self.csm):
            with self.subTest(user.login):
                self.assertTrue(template.with_user(user).missing_note)
                with self.assertRaises(AccessError):
                    template.with_user(user).action_add_question()

    def test_the_wizard_begins_with_it(self):
        template = self.with_area()
        context = template.action_start_diagnostic()["context"]
        wizard = self.env["cs.diagnostic.wizard"].with_user(self.specialist)
        wizard = wizard.with_context(**context).create({"account_id": self.account.id})
        self.assertEqual(wizard.template_id, template)
