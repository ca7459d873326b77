from datetime import timedelta

from odoo.tests import Form

from .diagnostic_common import DiagnosticCase


class TestTraining(DiagnosticCase):
    """A training leaves a record: topics, attendees, hours, autonomy."""

    def make_plan(self):
        diagnostic = self.filled({"cost_centres": "not_done"})
        diagnostic.action_conclude()
        return diagnostic.create_plan().with_user(self.csm)

    def test_concluding_asks_for_what_was_trained(self):
        plan = self.make_plan()
        actions = plan.task_ids.filtered(lambda task: not task.topic_id)
        for task in actions.sorted("position"):
            task.action_done()
        task = plan.task_ids.filtered("topic_id")[:1]
        self.assertEqual(task.state, "open")
        action = task.action_conclude()
        with Form(
            self.env["cs.interaction.log"]
            .with_user(self.csm)
            .with_context(**action["context"])
        ) as form:
            self.assertEqual(form.kind, "training")
            self.assertEqual(form.topic_ids[:], task.topic_id)
            form.attendee_names = "João Lima\nPedro"
            form.autonomy = "helped"
            form.minutes = 75
        form.save().action_conclude()
        self.assertEqual(task.state, "done")
        training = task.interaction_ids
        self.assertEqual(training.topic_ids, task.topic_id)
        self.assertEqual(training.autonomy, "helped")
        self.assertEqual(training.hours, 1.25)
        self.assertEqual(
            [one["name"] for one in training._attendees()], ["João Lima", "Pedro"]
        )

    def test_training_of_a_task_is_about_its_topic(self):
        plan = self.make_plan()
        trainings = plan.task_ids.filtered("topic_id")
        for task in (plan.task_ids - trainings).sorted("position") + trainings:
            task.action_done()
        trainings = trainings.interaction_ids
        self.assertTrue(trainings)
        for training in trainings:
            self.assertEqual(training.topic_ids, training.task_id.topic_id)

    def test_training_of_the_journey_is_about_its_topic_too(self):
        topic = self.env.ref("customer_success.cs_training_topic_reports")
        source = topic.journey_task_ids[:1]
        task = self.env["cs.task"].create(
            {
                "name": "Show the reports",
                "account_id": self.account.id,
                "kind": "interaction",
                "interaction_kind": "training",
                "template_task_id": source.id,
                "user_id": self.csm.id,
                "date_deadline": self.account._today() + timedelta(days=1),
            }
        )
        task.with_user(self.csm).action_done()
        self.assertEqual(task.interaction_ids.topic_ids, topic)

    def test_a_meeting_is_about_no_topic(self):
        task = self.make_plan().task_ids.filtered("topic_id")[:1]
        meeting = self.env["cs.interaction"].create(
            {"account_id": self.account.id, "kind": "meeting", "task_id": task.id}
        )
        self.assertFalse(meeting.topic_ids)
