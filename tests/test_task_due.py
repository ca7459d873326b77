from odoo.tests import tagged

from .journey_common import JourneyCase


@tagged("post_install", "-at_install")
class TestTaskDue(JourneyCase):
    """Late, today, next: computed, searched and grouped alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_account()
        cls.tasks = cls.env["cs.task"].create(
            [
                {"name": name, "account_id": cls.account.id, "date_deadline": deadline}
                for name, deadline in (
                    ("late", "2026-03-09"),
                    ("today", "2026-03-10"),
                    ("next", "2026-03-11"),
                    ("later", "2026-05-11"),
                )
            ]
        )
        cls.done = cls.env["cs.task"].create(
            {
                "name": "done",
                "account_id": cls.account.id,
                "date_deadline": "2026-03-01",
            }
        )
        cls.done.action_done()

    def found(self, *domain):
        return self.names(
            self.env["cs.task"].search([("account_id", "=", self.account.id), *domain])
        )

    def test_computed_and_searched_alike(self):
        with self.at("2026-03-10"):
            self.assertEqual(
                self.tasks.mapped("due_bucket"), ["late", "today", "next", "next"]
            )
            self.assertFalse(self.done.due_bucket)
            for bucket in ("late", "today"):
                self.assertEqual(self.found(("due_bucket", "=", bucket)), [bucket])
            self.assertEqual(
                self.found(("due_bucket", "not in", ["late", "today"])),
                ["done", "later", "next"],
            )
            self.assertEqual(self.found(("due_bucket", "=", False)), ["done"])

    def test_grouped_in_the_order_of_time_with_empty_columns(self):
        with self.at("2026-03-10"):
            self.assertEqual(self.columns(), [("late", 1), ("today", 1), ("next", 2)])
        with self.at("2026-01-01"):
            self.assertEqual(self.columns(), [("late", 0), ("today", 0), ("next", 4)])

    def columns(self):
        groups = (
            self.env["cs.task"]
            .with_context(read_group_expand=True)
            .web_read_group(
                [("account_id", "=", self.account.id), ("state", "=", "open")],
                ["due_bucket"],
                auto_unfold=True,
                unfold_read_specification={"name": {}},
            )["groups"]
        )
        for group in groups:
            self.assertEqual(len(group["__records"]), group["__count"])
        return [(group["due_bucket"], group["__count"]) for group in groups]

    def test_field_is_offered_for_grouping(self):
        field = self.env["cs.task"].fields_get(["due_bucket"])["due_bucket"]
        self.assertTrue(field["groupable"])
        self.assertTrue(field["searchable"])

    def test_midnight_is_the_companys(self):
        """23:30 of the 10th in São Paulo is 02:30 of the 11th in UTC."""
        with self.at("2026-03-11 02:30:00"):
            self.assertEqual(self.found(("due_bucket", "=", "today")), ["today"])

    def test_each_company_has_its_own_today(self):
        tokyo = self.env["res.company"].create({"name": "Tokyo"})
        tokyo.resource_calendar_id.tz = "Asia/Tokyo"
        account = self.make_account("Sakura", company_id=tokyo.id, csm_id=False)
        task = self.env["cs.task"].create(
            {"name": "x", "account_id": account.id, "date_deadline": "2026-03-10"}
        )
        with self.at("2026-03-10 16:00:00"):
            groups = dict(
                self.env["cs.task"]._read_group(
                    [
                        ("id", "in", (self.tasks | task).ids),
                        ("due_bucket", "=", "late"),
                    ],
                    ["due_bucket"],
                    ["id:recordset"],
                )
            )
            self.assertEqual(groups["late"], self.tasks[0] | task)
            self.assertEqual(task.due_bucket, "late")

    def test_customers_count_their_tasks(self):
        with self.at("2026-03-10"):
            account = self.account
            self.assertEqual(
                (
                    account.late_task_count,
                    account.today_task_count,
                    account.open_task_count,
                ),
                (1, 1, 4),
            )
            free = self.make_account("Free")
            accounts = self.env["cs.account"]
            both = account | free
            for domain, expected in (
                ([("late_task_count", ">", 0)], account),
                ([("late_task_count", "=", 0)], free),
                ([("open_task_count", ">=", 5)], accounts),
                ([("open_task_count", "<=", 4)], both),
                ([("today_task_count", "!=", 1)], free),
            ):
                found = accounts.search([("id", "in", both.ids), *domain])
                self.assertEqual(found, expected, domain)
