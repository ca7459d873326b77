from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestJourneyAccess(JourneyCase):
    """Who sees and works what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            [cls.task("A", 1), cls.task("B", 2)], [cls.task("C")]
        )
        cls.account = cls.make_account("Mine")
        cls.foreign = cls.make_account("Hers", csm_id=cls.other_csm.id)
        cls.journey = cls.account.start_journey(cls.template)
        cls.foreign_journey = cls.foreign.start_journey(cls.template)

    def test_own_portfolio_only(self):
        for model in ("cs.task", "cs.journey", "cs.journey.visit", "cs.journey.stage"):
            seen = self.env[model].with_user(self.csm).search([])
            if model == "cs.journey.stage":
                seen = seen.journey_id
            self.assertEqual(seen.account_id, self.account, model)
        foreign_task = self.named(self.foreign_journey, "A").with_user(self.csm)
        with self.assertRaises(AccessError):
            foreign_task.action_done()
        with self.assertRaises(AccessError):
            foreign_task.action_skip("Why not")
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.csm).start_journey(self.template)
        with self.assertRaises(AccessError):
            self.foreign_journey.with_user(self.csm).action_advance("Why not")

    def test_all_customers_group_works_everywhere(self):
        self.named(self.foreign_journey, "A").with_user(self.manager).action_done()
        self.foreign_journey.with_user(self.manager).action_advance("Went faster")
        self.assertEqual(self.foreign_journey.visit_ids[0].decided_by_id, self.manager)

    def test_helper_does_a_task_of_a_foreign_customer(self):
        task = self.named(self.foreign_journey, "A")
        task.user_id = self.csm
        task.with_user(self.csm).action_done()
        self.assertEqual(task.done_by_id, self.csm)
        self.assertEqual(self.open_names(self.foreign_journey), ["B"])
        with self.assertRaises(AccessError):
            self.named(self.foreign_journey, "B").with_user(self.csm).action_done()

    def test_no_tasks_for_customers_of_others(self):
        tasks = self.env["cs.task"].with_user(self.csm)
        mine = tasks.create({"name": "Call", "account_id": self.account.id})
        self.assertEqual((mine.state, mine.user_id), ("open", self.csm))
        with self.assertRaises(AccessError):
            tasks.create(
                {
                    "name": "Call",
                    "account_id": self.foreign.id,
                    "user_id": self.csm.id,
                }
            )
        with self.assertRaises(UserError):
            mine.account_id = self.foreign

    def test_journey_is_kept_by_its_engine(self):
        task = self.named(self.journey, "A").with_user(self.csm)
        with self.assertRaises(UserError):
            task.state = "done"
        with self.assertRaises(UserError):
            task.unlink()
        with self.assertRaises(UserError):
            self.env["cs.task"].with_user(self.csm).create(
                {
                    "name": "X",
                    "account_id": self.account.id,
                    "journey_id": self.journey.id,
                }
            )
        with self.assertRaises(AccessError):
            self.journey.with_user(self.csm).state = "done"
        task.user_id = self.manager
        task.effort_hours = 3

    def test_no_task_gets_into_a_journey_by_hand(self):
        tasks = self.env["cs.task"].with_user(self.csm)
        values = {"name": "Call", "account_id": self.account.id}
        mine = tasks.create(values)
        theirs = self.named(self.foreign_journey, "A")
        given = {
            "journey_id": theirs.journey_id.id,
            "visit_id": theirs.visit_id.id,
            "stage_id": theirs.stage_id.id,
            "template_task_id": theirs.template_task_id.id,
            "previous_id": theirs.id,
        }
        for name, value in given.items():
            with self.subTest(name):
                self.assertTrue(value)
                with self.assertRaises(UserError):
                    tasks.create({**values, name: value})
                with self.assertRaises(UserError):
                    tasks.with_context(**{f"default_{name}": value}).create(values)
                with self.assertRaises(UserError):
                    mine[name] = value
        with self.assertRaises(UserError):
            mine.write({**given, "position": 1})
        mine.write({"name": "Call again", "visit_id": False})

    def test_templates_are_read_by_users_and_kept_by_specialists(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.manager).name = "Other"
        self.template.with_user(self.specialist).name = "Other"
        copy = self.template.with_user(self.specialist).copy()
        self.assertEqual(len(copy.stage_ids.task_ids), 3)

    def test_outsiders_see_nothing(self):
        outsider = self.make_user("outsider", "base.group_user")
        for model in ("cs.task", "cs.journey", "cs.journey.template", "cs.interaction"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(outsider).search([])

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Company B"})
        stranger = self.make_user(
            "stranger",
            "customer_success.group_cs_admin",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for model in ("cs.task", "cs.journey", "cs.journey.visit", "cs.interaction"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
        theirs = self.make_template([self.task("A")], company_id=company.id)
        self.assertFalse(
            self.env["cs.journey.template"]
            .with_user(self.admin)
            .search([("id", "=", theirs.id)])
        )
        with self.assertRaisesRegex(UserError, "Company B"):
            self.make_account("Third").start_journey(theirs)

    def test_helper_logs_without_owning_the_customer(self):
        with self.assertRaises(AccessError):
            self.env["cs.interaction"].with_user(self.csm).create(
                {"account_id": self.foreign.id}
            )

    def test_history_and_people_stay_with_their_customer(self):
        values = {"account_id": self.account.id}
        person = self.make_partner("Marta", is_company=False)
        interactions = self.env["cs.interaction"].with_user(self.csm)
        contacts = self.env["cs.contact"].with_user(self.csm)
        for record in (
            interactions.create(values),
            contacts.create({**values, "partner_id": person.id}),
        ):
            with self.assertRaises(UserError):
                record.account_id = self.foreign
            record.write(values)
            record.sudo().account_id = self.foreign

    def test_windows_are_their_own_users(self):
        task = self.named(self.journey, "A")
        for model, values in {
            "cs.reason": {"decision": "task_skip", "reason": "Secret"},
            "cs.interaction.log": {"task_id": task.id, "kind": "call"},
            "cs.journey.start": {
                "account_ids": self.account.ids,
                "template_id": self.template.id,
            },
        }.items():
            window = self.env[model].with_user(self.csm).create(values)
            window.read([])
            with self.subTest(model), self.assertRaises(AccessError):
                window.with_user(self.other_csm).read([])
