from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    """The main flows, clicked in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="cs_tour",
            name="Helena Tour",
            groups="customer_success.group_cs_admin,sales_team.group_sale_manager,"
            "crm.group_use_recurring_revenues",
        )

    def test_the_line_from_a_won_deal_to_the_second_task(self):
        self.env["cs.team.member"].search([]).action_archive()
        self.env["cs.team.member"].create({"user_id": self.user.id})
        customer = self.env["res.partner"].create(
            {
                "name": "Transportes Aurora",
                "is_company": True,
                "child_ids": [Command.create({"name": "Marta"})],
            }
        )
        lead = self.env["crm.lead"].create(
            {
                "name": "Despesas",
                "type": "opportunity",
                "partner_id": customer.id,
                "user_id": self.user.id,
                "recurring_revenue": 3000,
                "recurring_plan": self.env.ref("crm.crm_recurring_plan_monthly").id,
            }
        )
        self.start_tour(
            f"/odoo/crm/{lead.id}", "cs_line_tour", login="cs_tour", timeout=120
        )
        account = self.env["cs.account"].search([("partner_id", "=", customer.id)])
        self.assertEqual(account.csm_id, self.user)
        self.assertEqual(account.mood, "5")
        kick_off = account.task_ids.filtered(lambda task: "Kick-off" in task.name)
        self.assertEqual(kick_off.state, "done")
        self.assertEqual((kick_off.date_deadline - kick_off.date_open).days, 3)
        opened = account.task_ids.filtered(lambda task: task.state == "open")
        self.assertEqual(set(opened.mapped("date_open")), {account._today()})
