from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import CsCase


class TestHandoff(CsCase):
    """A won deal becomes a customer under care, by one document, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cs.team.member"].search([]).action_archive()
        cls.env["cs.team.member"].create({"user_id": cls.csm.id})
        cls.customer = cls.make_partner(
            "Transportes Aurora",
            child_ids=[
                Command.create({"name": "Marta", "function": "CFO"}),
                Command.create({"name": "Depósito", "type": "delivery"}),
            ],
        )
        cls.lead = cls.make_lead()

    @classmethod
    def make_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Despesas",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "user_id": cls.salesperson.id,
                "recurring_revenue": 36000,
                "recurring_plan": cls.env.ref("crm.crm_recurring_plan_yearly").id,
                "date_deadline": date(2026, 2, 1),
                "description": "<p>Planilhas</p>",
                **values,
            }
        )

    def hand_off(self, lead=None):
        lead = lead or self.lead
        lead.action_set_won()
        return lead.with_user(self.salesperson).action_cs_handoff()

    def accept(self, handoff):
        handoff.action_submit()
        handoff.with_user(self.manager).action_accept()
        return handoff.sudo().account_id

    def test_deal_knows_already(self):
        handoff = self.hand_off()
        self.assertEqual(handoff.partner_id, self.customer)
        self.assertEqual(handoff.mrr, 3000)
        self.assertEqual(handoff.expected_close_on, date(2026, 2, 1))
        self.assertIn("Planilhas", handoff.history)
        self.assertEqual(handoff.contact_ids.partner_id.mapped("name"), ["Marta"])
        self.assertEqual(handoff.user_id, self.salesperson)
        self.assertTrue(handoff.item_ids)

    def test_only_won_deals(self):
        with self.assertRaisesRegex(UserError, "won"):
            self.lead.with_user(self.salesperson).action_cs_handoff()

    def test_made_once(self):
        handoff = self.hand_off()
        self.assertEqual(self.lead.action_cs_handoff(), handoff)

    def test_a_deal_without_customer_gets_one(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Só contato",
                "type": "opportunity",
                "partner_name": "Gráfica Sol",
                "contact_name": "Beto",
                "user_id": self.salesperson.id,
            }
        )
        lead.action_set_won()
        handoff = lead.with_user(self.salesperson).action_cs_handoff()
        self.assertEqual(handoff.partner_id.name, "Gráfica Sol")

    def test_accepted_makes_a_followed_customer(self):
        handoff = self.hand_off()
        handoff.employees = 250
        account = self.accept(handoff)
        self.assertEqual(account.partner_id, self.customer)
        self.assertEqual(account.csm_id, self.csm)
        self.assertEqual(account.contact_ids.partner_id.mapped("name"), ["Marta"])
        self.assertEqual(account.mrr, 3000)
        self.assertTrue(account.segment_id)
        self.assertTrue(account.renewal_on)
        lifecycle = account.journey_ids
        self.assertEqual(len(lifecycle), 1)
        self.assertEqual(lifecycle.state, "running")
        self.assertEqual(account.phase_id.kind, "project")
        self.assertEqual(handoff.state, "accepted")

    def test_a_large_deal_with_three_products_is_served_as_enterprise(self):
        products = self.env["product.product"].create(
            [{"name": name, "type": "service"} for name in ("RDV", "Card", "Viagens")]
        )
        handoff = self.hand_off(
            self.make_lead(
                recurring_revenue=10000,
                recurring_plan=self.env.ref("crm.crm_recurring_plan_monthly").id,
            )
        )
        handoff.employees = 250
        handoff.line_ids = [
            Command.create({"product_id": product.id}) for product in products
        ]
        account = self.accept(handoff)
        self.assertEqual(account.mrr, 10000)
        self.assertEqual(account.subscription_ids.product_id, products)
        enterprise = self.env.ref("customer_success.cs_segment_enterprise")
        self.assertEqual(account.segment_id, enterprise)
        self.assertEqual(account.touch_model, "high")
        self.assertEqual(
            account.lifecycle_journey_id.template_id, enterprise.journey_template_id
        )

    def test_three_products_alone_leave_the_segment_open(self):
        """Of the five facts two hold: who fills in the employees decides."""
        handoff = self.hand_off(
            self.make_lead(
                recurring_revenue=10000,
                recurring_plan=self.env.ref("crm.crm_recurring_plan_monthly").id,
            )
        )
        for name in ("RDV", "Card", "Viagens"):
            product = self.env["product.product"].create({"name": name})
            handoff.line_ids = [Command.create({"product_id": product.id})]
        account = self.accept(handoff)
        self.assertEqual(
            account.segment_id, self.env.ref("customer_success.cs_segment_me_pme")
        )
        self.assertTrue(account.segment_provisional)
        self.assertIn("Unknown: ", account.segment_explanation)

    def test_kick_off_has_three_days_after_the_handoff(self):
        """Accepted on January 23, the kick-off is due on January 26."""
        handoff = self.hand_off()
        with self.at_time("2026-01-23 15:00:00"):
            account = self.accept(handoff)
        done = account.task_ids.filtered(lambda task: task.state == "done")
        self.assertEqual(done.mapped("closed_by"), ["handoff_accepted"])
        self.assertEqual(done.date_done, date(2026, 1, 23))
        opened = account.task_ids.filtered(lambda task: task.state == "open")
        self.assertIn(date(2026, 1, 26), opened.mapped("date_deadline"))

    def test_accepting_again_does_nothing(self):
        handoff = self.hand_off()
        account = self.accept(handoff)
        handoff.with_user(self.manager).action_accept()
        self.assertEqual(len(account.journey_ids), 1)
        self.assertEqual(len(account.subscription_ids), 1)

    def test_a_second_deal_of_a_customer_adds_to_it(self):
        account = self.accept(self.hand_off())
        handoff = self.hand_off(self.make_lead(recurring_revenue=1200))
        self.assertEqual(self.accept(handoff), account)
        self.assertEqual(len(account.journey_ids), 1)
        self.assertEqual(account.mrr, 3100)

    def test_a_customer_that_left_starts_anew(self):
        account = self.accept(self.hand_off())
        account.state = "churned"
        account.sudo()._on_churned()
        self.assertEqual(account.journey_ids.state, "cancelled")
        self.accept(self.hand_off(self.make_lead()))
        self.assertEqual(account.state, "active")
        self.assertEqual(
            sorted(account.journey_ids.mapped("state")), ["cancelled", "running"]
        )

    def test_the_managers_are_told_where_no_csm_is_named(self):
        handoff = self.hand_off()
        handoff.sudo().csm_id = False
        self.env["cs.team.member"].create(
            {"user_id": self.manager.id, "role": "manager"}
        )
        handoff.action_submit()
        self.assertEqual(handoff.sudo().activity_ids.user_id, self.manager)
        handoff.with_user(self.manager).action_accept()
        self.assertFalse(handoff.sudo().activity_ids)

    def test_without_managers_who_sees_all_is_told(self):
        handoff = self.hand_off()
        handoff.sudo().csm_id = False
        handoff.action_submit()
        told = handoff.sudo().activity_ids.user_id
        self.assertIn(self.manager, told)
        self.assertNotIn(self.other_csm, told)

    def test_sent_back_with_a_reason(self):
        handoff = self.hand_off()
        handoff.action_submit()
        for_cs = handoff.with_user(self.csm)
        with self.assertRaises(UserError):
            for_cs.action_send_back("  ")
        for_cs.action_send_back("Falta o escopo")
        self.assertEqual(handoff.state, "sent_back")
        self.assertEqual(handoff.send_back_reason, "Falta o escopo")
        self.assertEqual(handoff.sudo().activity_ids.user_id, self.salesperson)
        handoff.pains = "<p>Reembolso lento</p>"
        handoff.action_submit()
        self.assertEqual(handoff.state, "submitted")

    def test_a_draft_is_not_accepted(self):
        handoff = self.hand_off()
        with self.assertRaises(UserError):
            handoff.with_user(self.manager).action_accept()

    def test_sales_neither_accepts_nor_changes_what_it_submitted(self):
        handoff = self.hand_off()
        handoff.action_submit()
        with self.assertRaises(UserError):
            handoff.action_accept()
        with self.assertRaises(UserError):
            handoff.mrr = 1

    def test_sales_does_not_make_up_a_state(self):
        handoff = self.hand_off()
        with self.assertRaises(UserError):
            handoff.state = "accepted"
        with self.assertRaises(UserError):
            self.env["cs.handoff"].with_user(self.salesperson).create(
                {"partner_id": self.customer.id, "state": "accepted"}
            )

    def test_its_parts_stay_as_they_were_submitted(self):
        handoff = self.hand_off()
        handoff.action_submit()
        product = self.env["product.product"].create({"name": "A", "type": "service"})
        with self.assertRaises(UserError):
            handoff.item_ids[0].done = True
        with self.assertRaises(UserError):
            self.env["cs.handoff.line"].with_user(self.salesperson).create(
                {"handoff_id": handoff.id, "product_id": product.id}
            )
        handoff.with_user(self.manager).item_ids[0].done = True

    def test_products_that_bring_more_than_the_deal_are_named(self):
        product = self.env["product.product"].create({"name": "A", "type": "service"})
        handoff = self.hand_off()
        handoff.line_ids = [
            Command.create({"product_id": product.id, "mrr": 5000}),
        ]
        handoff.mrr = 3000
        with self.assertRaisesRegex(UserError, "5,000.*3,000"):
            handoff.action_submit()

    def test_a_fact_that_a_source_owns_stays_its_own(self):
        account = self.make_account(partner_id=self.customer.id)
        source = self.env["cs.metric.source"].create({"name": "RH", "kind": "sheet"})
        self.env["cs.metric.value"].record(
            [{"account": account.id, "metric": "employees", "value": 80}], source
        )
        handoff = self.hand_off()
        handoff.employees = 60
        self.assertEqual(self.accept(handoff), account)
        known = account.value_ids.filtered(lambda f: f.metric_id.key == "employees")
        self.assertEqual(known.value, 80)
        self.assertIn("RH", "".join(account.message_ids.mapped("body")))

    def test_who_accepts_for_a_colleague_is_led_back_to_the_list(self):
        handoff = self.hand_off()
        handoff.action_submit()
        action = handoff.with_user(self.other_csm).action_accept()
        self.assertEqual(handoff.sudo().csm_id, self.csm)
        self.assertEqual(action["res_model"], "cs.handoff")

    def test_completeness_names_what_is_missing(self):
        handoff = self.hand_off()
        before = handoff.completeness
        self.assertIn("Pains", handoff.missing)
        handoff.pains = "<p>Reembolso lento</p>"
        self.assertNotIn("Pains", handoff.missing)
        self.assertGreater(handoff.completeness, before)

    def test_products_become_subscriptions(self):
        products = self.env["product.product"].create(
            [{"name": name, "type": "service"} for name in ("A", "B", "C")]
        )
        handoff = self.hand_off()
        handoff.line_ids = [
            Command.create({"product_id": product.id, "mrr": 1000})
            for product in products
        ]
        account = self.accept(handoff)
        self.assertEqual(account.subscription_ids.product_id, products)
        self.assertEqual(account.mrr, 3000)

    def test_a_contract_that_begins_later_counts_as_sold(self):
        handoff = self.hand_off()
        handoff.contract_start_on = date(2099, 1, 1)
        account = self.accept(handoff)
        self.assertEqual(account.mrr, 3000)
        self.assertTrue(account.segment_id)

    def test_sales_reads_no_customers(self):
        account = self.accept(self.hand_off())
        with self.assertRaises(AccessError):
            account.with_user(self.salesperson).read(["health_score"])
        with self.assertRaises(AccessError):
            self.env["cs.account"].with_user(self.salesperson).search([])

    def test_sales_fills_in_the_form(self):
        """The form asks nothing that a salesperson may not read."""
        handoff = self.hand_off()
        with Form(handoff) as form:
            form.employees = 120
            form.competitor_known = True
            with form.contact_ids.new() as contact:
                contact.partner_id = self.env["res.partner"].create({"name": "Rui"})
        self.assertEqual(handoff.employees, 120)
        handoff.action_submit()
        self.assertEqual(handoff.state, "submitted")

    def test_sales_sees_only_its_own_handoffs(self):
        handoff = self.hand_off()
        colleague = self.make_user("cs_sales2", "sales_team.group_sale_salesman")
        seen = self.env["cs.handoff"].with_user(colleague).search([])
        self.assertNotIn(handoff, seen)
