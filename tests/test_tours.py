from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .workbooks import workbook


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

    def test_a_workbook_comes_in(self):
        customer = self.env["res.partner"].create(
            {"name": "Padaria Sol", "is_company": True, "ref": "C-1"}
        )
        account = self.env["cs.account"].create({"partner_id": customer.id})
        rows = [
            ["Relatório de uso"],
            [],
            ["Conta", "Data", "NPS", "Obs"],
            ["C-1", date(2026, 2, 1), 9, "x"],
            ["C-1", date(2026, 3, 1), "nove", "y"],
        ]
        self.env["ir.attachment"].create(
            {"name": "uso.xlsx", "raw": workbook(rows), "public": True}
        )
        self.start_tour(
            "/odoo/action-customer_success.cs_account_action",
            "cs_sheet_tour",
            login="cs_tour",
            timeout=120,
        )
        load = self.env["cs.sheet.load"].search([], limit=1)
        self.assertEqual((load.kept, load.bad, load.state), (1, 1, "done"))
        nps = account.value_ids.filtered(lambda fact: fact.metric_id.key == "nps")
        self.assertEqual(nps.value, 9)
