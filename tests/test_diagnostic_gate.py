from .diagnostic_common import DiagnosticCase

STATEMENT = "4. Income statement"


class TestGateOfFindings(DiagnosticCase):
    """The income statement waits until postings and classifications are right."""

    def setUp(self):
        super().setUp()
        self.journey = self.account.start_journey(
            self.env.ref("customer_success.cs_journey_template_ello")
        )

    def walk(self, journey):
        """Conclude what is open in the journey, until nothing is."""
        for _turn in range(40):
            open_tasks = journey.task_ids.filtered(lambda task: task.state == "open")
            if not open_tasks or journey.stage_id.name == STATEMENT:
                return
            open_tasks.action_done()

    def test_two_findings_keep_it_closed_until_both_are_settled(self):
        found = {
            "bills_complete": "partly",
            "right_type": "partly",
            "cards_registered": "partly",
        }
        plan = self.filled(found).create_plan()
        self.walk(self.journey)
        self.assertTrue(self.journey.gate_since)
        self.assertIn("purchase invoices", self.journey.waits_for)
        self.assertIn("right group and type", self.journey.waits_for)
        self.assertNotIn("acquirers", self.journey.waits_for)
        by_code = {
            self.codes(task.action_id)[0]: task
            for task in plan.task_ids
            if task.action_id
        }
        by_code["routine"].with_user(self.csm).action_done()
        self.assertNotEqual(self.journey.stage_id.name, STATEMENT)
        self.journey.invalidate_recordset(["waits_for"])
        self.assertNotIn("purchase invoices", self.journey.waits_for)
        by_code["reclassify"].with_user(self.csm).action_skip("Done by themselves")
        self.assertEqual(self.journey.stage_id.name, STATEMENT)
        # What closes no gate is still to be done.
        self.assertEqual(by_code["cards"].state, "open")

    def test_a_finding_without_a_task_is_not_settled(self):
        self.filled({"right_type": "partly"}).action_conclude()
        self.walk(self.journey)
        self.assertIn("right group and type", self.journey.waits_for)
        self.assertNotEqual(self.journey.stage_id.name, STATEMENT)

    def test_done_again_in_a_later_diagnostic(self):
        self.filled({"right_type": "partly"}).action_conclude()
        self.walk(self.journey)
        self.filled({}).action_conclude()
        self.assertEqual(self.journey.stage_id.name, STATEMENT)

    def test_without_a_diagnostic_a_person_decides(self):
        self.walk(self.journey)
        self.assertIn("no diagnostic", self.journey.waits_for)
        self.journey.with_user(self.manager).action_release_gate("Seen on site")
        self.assertEqual(self.journey.stage_id.name, STATEMENT)

    def test_a_cancelled_plan_settles_nothing(self):
        plan = self.filled({"right_type": "partly"}).create_plan()
        plan.action_cancel("They changed their mind")
        self.walk(self.journey)
        self.assertNotEqual(self.journey.stage_id.name, STATEMENT)
        again = plan.diagnostic_id.create_plan()
        again.task_ids.filtered("finding_ids").action_done()
        self.assertEqual(self.journey.stage_id.name, STATEMENT)

    def test_nothing_is_asked_for_twice(self):
        diagnostic = self.filled({"cards_registered": "partly"})
        tasks = {
            task.template_task_id.get_external_id()[task.template_task_id.id]: task
            for task in self.journey.task_ids
        }

        def state(name):
            return tasks[f"customer_success.cs_journey_task_ello_{name}"].state

        diagnostic.action_conclude()
        for check in ("database", "groups", "postings", "receivables", "accounts"):
            self.assertEqual(state(f"diagnostic_{check}"), "done")
        self.assertEqual(state("diagnostic_report"), "open")
        diagnostic.create_plan()
        card = tasks["customer_success.cs_journey_task_ello_plan_card"]
        self.assertEqual(card.state, "skipped")
        self.assertIn("In the plan", card.reason)
        module = tasks["customer_success.cs_journey_task_ello_plan_module"]
        self.assertEqual(module.state, "skipped")
        self.assertIn("does not call for it", module.reason)
        self.assertEqual(state("plan_agree"), "waiting")

    def test_the_plan_leaves_to_the_journey_what_it_does(self):
        found = {"income_statement": "partly", "cards_registered": "partly"}
        plan = self.filled(found).create_plan()
        self.assertEqual(self.codes(plan.task_ids.action_id), ["cards"])
        other = self.make_account("Without a journey")
        plan = self.filled(found, account=other).create_plan()
        self.assertIn("income_statement", self.codes(plan.task_ids.action_id))
        third = self.make_account("Starts it")
        plan = self.filled(found, account=third).create_plan(start_journey=True)
        self.assertNotIn("income_statement", self.codes(plan.task_ids.action_id))
        self.assertEqual(third.journey_ids.stage_id.name, "1. Initial diagnostic")
