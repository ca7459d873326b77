from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestJourneyTours(HttpCase):
    """Journeys, clicked in a browser: drawn by a specialist, walked by a CSM."""

    def test_draw_a_template(self):
        new_test_user(
            self.env, login="cs_draws", groups="customer_success.group_cs_specialist"
        )
        self.start_tour(
            "/odoo/cs-journey-templates", "cs_template_tour", login="cs_draws"
        )
        template = self.env["cs.journey.template"].search(
            [("name", "=", "Tour playbook")]
        )
        drawn = [
            (task.stage_id.name, task.name, task.position)
            for task in template.stage_ids.task_ids
        ]
        self.assertEqual(template.kind, "risk")
        self.assertCountEqual(
            drawn,
            [
                ("Understand", "Call the sponsor", 1),
                ("Understand", "Read the tickets", 1),
                ("Understand", "Plan the recovery", 2),
                ("Recover", "Present the plan", 1),
                ("Recover", "Check the plan with the customer", 2),
            ],
        )
