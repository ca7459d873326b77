from datetime import timedelta

from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestTaskActivity(JourneyCase):
    """A task may be an Odoo activity too: they end together, both ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            [
                cls.task("Call", 1, plan_activity=True, duration_days=3),
                cls.task("Write", 1),
                cls.task("Meet", 2, kind="interaction", plan_activity=True),
            ]
        )
        cls.account = cls.make_account()

    def setUp(self):
        super().setUp()
        self.journey = self.account.start_journey(self.template)
        self.call = self.named(self.journey, "Call")

    def activity(self, task, **context):
        return task.with_context(active_test=False, **context).own_activity_ids

    def test_it_is_planned_for_whoever_does_the_task(self):
        activity = self.activity(self.call)
        self.assertEqual(
            (activity.user_id, activity.date_deadline, activity.summary),
            (self.csm, self.call.date_deadline, "Call"),
        )
        self.assertEqual(self.call.activity_ids, activity)
        self.assertFalse(self.activity(self.named(self.journey, "Write")))
        self.assertFalse(self.activity(self.named(self.journey, "Meet")))

    def test_a_person_may_want_one_for_each_task(self):
        self.csm.with_user(self.csm).cs_plan_activities = True
        task = (
            self.env["cs.task"]
            .with_user(self.csm)
            .create({"name": "By hand", "account_id": self.account.id})
        )
        self.assertEqual(self.activity(task).user_id, self.csm)

    def test_the_task_ends_it(self):
        self.call.with_user(self.csm).action_done()
        activity = self.activity(self.call)
        self.assertFalse(activity.active)
        self.assertFalse(self.call.activity_ids)
        done = self.call.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(len(done), 1)

    def test_skipping_the_task_removes_it(self):
        self.call.with_user(self.csm).action_skip("Not needed")
        self.assertFalse(self.activity(self.call))

    def test_it_goes_when_the_journey_is_cancelled(self):
        self.journey.with_user(self.csm).action_cancel("They left")
        self.assertFalse(self.activity(self.call))

    def test_a_pause_takes_it_away_and_it_comes_again_with_its_new_day(self):
        with self.at("2026-03-02"):
            journey = self.make_account("Sol").start_journey(self.template)
        call = self.named(journey, "Call")
        self.assertEqual(self.activity(call).date_deadline, self.day("2026-03-05"))
        with self.at("2026-03-04"):
            journey.with_user(self.csm).action_pause("Holidays")
        self.assertFalse(self.activity(call))
        with self.at("2026-03-14"):
            journey.with_user(self.csm).action_resume()
        self.assertEqual(self.activity(call).date_deadline, self.day("2026-03-15"))

    def test_it_ends_the_task(self):
        self.named(self.journey, "Write").action_done()
        activity = self.activity(self.call).with_user(self.csm)
        activity.action_feedback("They agree")
        self.assertEqual(self.call.state, "done")
        self.assertEqual(self.call.done_by_id, self.csm)
        self.assertFalse(self.activity(self.call).active)
        self.assertEqual(self.open_names(self.journey), ["Meet"])
        meet = self.named(self.journey, "Meet")
        self.activity(meet).with_user(self.csm).action_feedback("All is well")
        self.assertEqual(meet.state, "done")
        self.assertIn("All is well", meet.interaction_ids.notes)
        self.assertEqual(len(meet.interaction_ids), 1)

    def test_another_activity_on_the_task_concludes_nothing(self):
        other = self.call.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.csm.id
        )
        other.with_user(self.csm).action_feedback()
        self.assertEqual(self.call.state, "open")

    def test_deadlines_follow_both_ways(self):
        later = self.call.date_deadline + timedelta(days=4)
        self.call.with_user(self.csm).date_deadline = later
        activity = self.activity(self.call)
        self.assertEqual(activity.date_deadline, later)
        activity.with_user(self.csm).date_deadline = later + timedelta(days=1)
        self.assertEqual(self.call.date_deadline, later + timedelta(days=1))
        self.assertEqual(self.call.duration_days, 8)

    def test_they_follow_the_customer_to_another_csm(self):
        self.account.with_user(self.manager).csm_id = self.other_csm
        self.assertEqual(self.call.user_id, self.other_csm)
        self.assertEqual(self.activity(self.call).user_id, self.other_csm)
        activity = self.activity(self.call).with_user(self.manager)
        activity.user_id = self.csm
        self.assertEqual(self.call.user_id, self.csm)

    def test_nobody_to_do_it_no_activity(self):
        journey = self.make_account(csm_id=False).start_journey(self.template)
        call = self.named(journey, "Call")
        self.assertFalse(self.activity(call))
        journey.account_id.csm_id = self.csm
        self.assertEqual(self.activity(call).user_id, self.csm)
