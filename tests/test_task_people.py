from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestTaskPeople(JourneyCase):
    """Who gets a task, and what happens when people change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            [
                cls.task("Mine", 1),
                cls.task("Fixed", 1, responsible="user", user_id=cls.specialist.id),
                cls.task("Customer's", 1, responsible="customer"),
                cls.task("Later", 2),
            ]
        )

    def users(self, journey):
        return {task.name: task.user_id for task in journey.task_ids}

    def test_tasks_go_to_the_csm_a_person_or_the_customer(self):
        account = self.make_account()
        journey = account.start_journey(self.template)
        nobody = self.env["res.users"]
        self.assertEqual(
            self.users(journey),
            {
                "Mine": self.csm,
                "Fixed": self.specialist,
                "Customer's": nobody,
                "Later": self.csm,
            },
        )
        theirs = self.named(journey, "Customer's")
        self.assertEqual(theirs.partner_id, account.partner_id)
        self.assertIn(
            theirs,
            self.env["cs.task"]
            .with_user(self.csm)
            .search([("responsible", "=", "customer"), ("csm_id", "=", self.csm.id)]),
        )

    def test_without_a_csm_they_open_unassigned_and_follow_later(self):
        account = self.make_account(csm_id=False)
        journey = account.start_journey(self.template)
        self.assertFalse(self.users(journey)["Mine"])
        self.assertEqual(self.named(journey, "Mine").state, "open")
        account.csm_id = self.other_csm
        self.assertEqual(self.users(journey)["Mine"], self.other_csm)

    def test_pending_tasks_follow_the_csm_and_settled_ones_stay(self):
        accounts = self.make_accounts(3, csm_id=self.csm.id)
        journeys = self.env["cs.journey"]._start_journeys(accounts, self.template)
        self.named(journeys, "Mine")[0].with_user(self.csm).action_done()
        accounts.csm_id = self.other_csm
        done = journeys.task_ids.filtered(lambda t: t.state == "done")
        self.assertEqual(done.user_id, self.csm)
        pending = journeys.task_ids.filtered(
            lambda t: t.responsible == "csm" and t.state in ("open", "waiting")
        )
        self.assertEqual(len(pending), 5)
        self.assertEqual(pending.user_id, self.other_csm)
        self.assertEqual(self.named(journeys, "Fixed").user_id, self.specialist)

    def test_tech_touch_opens_no_task_of_a_person(self):
        template = self.make_template(
            [
                self.task("Meet", 1, kind="interaction"),
                self.task("Mail", 2, kind="email"),
                self.task("Customer's", 3, responsible="customer"),
                self.task("Prepare", 4),
            ]
        )
        journey = self.make_account(touch_model="tech").start_journey(template)
        self.assertEqual(self.open_names(journey), ["Mail"])
        meet = self.named(journey, "Meet")
        self.assertEqual(meet.state, "skipped")
        self.assertIn("Tech-touch", meet.reason)
        self.named(journey, "Mail").action_done()
        self.named(journey, "Customer's").action_done()
        self.assertEqual(journey.state, "done")

    def test_each_touch_model_has_what_the_ones_before_have(self):
        template = self.make_template(
            [
                self.task("Write", 1),
                self.task("Call", 1, touch_from="low"),
                self.task("Visit", 1, touch_from="high"),
            ]
        )
        opened = {
            "low": ["Write", "Call"],
            "mid": ["Write", "Call"],
            "high": ["Write", "Call", "Visit"],
            "exclusive": ["Write", "Call", "Visit"],
        }
        for touch, names in opened.items():
            account = self.make_account(touch_model=touch, csm_id=False)
            journey = account.start_journey(template)
            self.assertCountEqual(self.open_names(journey), names, touch)
        visit = self.named(
            self.make_account(touch_model="mid").start_journey(template), "Visit"
        )
        self.assertEqual(visit.state, "skipped")
        self.assertIn("more closely", visit.reason)

    def test_indicators_come_only_from_templates(self):
        account = self.make_account()
        with self.assertRaisesRegex(ValidationError, "templates"):
            self.env["cs.task"].create(
                {"name": "Users", "kind": "indicator", "account_id": account.id}
            )
        nps = self.env.ref("customer_success.cs_metric_nps")
        template = self.make_template(
            [self.task("NPS", kind="indicator", metric_id=nps.id), self.task("Ask")]
        )
        self.assertTrue(account.start_journey(template))

    def test_fixed_person_must_be_named(self):
        with self.assertRaises(ValidationError):
            self.make_template([self.task("A", responsible="user")])

    def test_starting_makes_no_noise(self):
        journey = self.make_account().start_journey(self.template)
        self.assertFalse(journey.task_ids.message_ids)
        self.assertFalse(journey.task_ids.message_follower_ids)

    def test_texts_are_copied_in_every_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        source = self.template.stage_ids.task_ids[0]
        source.update_field_translations("name", {"pt_BR": "Meu"})
        journey = self.make_account().start_journey(self.template)
        task = self.named(journey, "Mine")
        self.assertEqual(task.with_context(lang="pt_BR").name, "Meu")
        self.assertEqual(task.name, "Mine")
