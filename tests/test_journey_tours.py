from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestJourneyTours(HttpCase):
    """Journeys, clicked in a browser: drawn by a specialist, walked by a CSM."""

    def test_draw_a_template(self):
        new_test_user(
            self.env, login="cs_draws", groups="customer_success.group_cs_specialist"
        )
        self.start_tour(
            "/odoo/cs-journey-templates",
            "cs_template_tour",
            login="cs_draws",
            timeout=120,
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

    def test_walk_a_customer_from_project_to_ongoing(self):
        csm = new_test_user(
            self.env,
            login="cs_walks",
            name="Carla CSM",
            groups="customer_success.group_cs_user",
        )
        stages = {
            "Project": [("Kick off", "interaction"), ("Send the data", "task")],
            "Onboarding": [("Set up the product", "task"), ("Test everything", "task")],
            "Adoption": [("Check the use", "task")],
            "Ongoing": [("Follow up", "task")],
        }
        template = self.env["cs.journey.template"].create(
            {
                "name": "Short way",
                "stage_ids": [
                    Command.create(
                        {
                            "name": name,
                            "sequence": number,
                            "expected_days": 10,
                            "endless": name == "Ongoing",
                            "phase_id": self.env.ref(
                                f"customer_success.cs_phase_{name.lower()}"
                            ).id,
                            "task_ids": [
                                Command.create(
                                    {
                                        "name": title,
                                        "kind": kind,
                                        "position": position,
                                        "effort_hours": 1,
                                        "recurrence_days": 45
                                        if name == "Ongoing"
                                        else 0,
                                    }
                                )
                                for position, (title, kind) in enumerate(tasks, 1)
                            ],
                        }
                    )
                    for number, (name, tasks) in enumerate(stages.items())
                ],
            }
        )
        partner = self.env["res.partner"].create(
            {"name": "Padaria Aurora", "is_company": True}
        )
        account = self.env["cs.account"].create(
            {"partner_id": partner.id, "csm_id": csm.id}
        )
        journey = account.start_journey(template)
        self.start_tour(
            f"/odoo/cs-journeys/{journey.id}",
            "cs_walk_tour",
            login="cs_walks",
            timeout=120,
        )
        self.assertEqual(account.phase_id.kind, "ongoing")
        self.assertEqual(journey.visit_ids.mapped("outcome"), ["advance"] * 3 + [False])
        done = journey.task_ids.filtered(lambda task: task.state == "done")
        self.assertEqual(done.done_by_id, csm)
