from datetime import timedelta
from unittest import SkipTest

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .odoo_source_common import OdooSourceCase


class NeighbourCase(OdooSourceCase):
    """An app that is really installed: proposed, added, fetched, counted by hand."""

    #: Its model, and the group of who sees all of its records.
    model = group = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.model not in cls.env:
            raise SkipTest(f"{cls.model} is not installed")
        cls.keeper = cls.make_user(
            "cs_keeper", "customer_success.group_cs_specialist", cls.group
        )

    def add_and_fetch(self, key):
        """Add what is proposed and let the scheduled action fetch it."""
        row = self.find(self.keeper, key=key)
        self.assertEqual(row.state, "new", row.note)
        row.action_add()
        source = row.source_id
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("customer_success.ir_cron_fetch_facts").method_direct_trigger()
        source.invalidate_recordset()
        self.assertFalse(source.last_error)
        self.assertTrue(source.last_success)
        self.assertFalse(source.rows_bad, source.sudo().run_ids[:1].reason)
        return row

    def days_ago(self, days):
        return self.env["cs.account"]._today(self.company) - timedelta(days=days)


@tagged("post_install", "-at_install")
class TestHelpdesk(NeighbourCase):
    """Tickets of the helpdesk of the Odoo Community Association."""

    model = "helpdesk.ticket"
    group = "helpdesk_mgmt.group_helpdesk_user"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Filial"})
        cls.theirs = cls.make_account(
            partner_id=cls.partner.id, company_id=cls.other_company.id
        )
        stages = cls.env["helpdesk.ticket.stage"]
        cls.open_stage = stages.search([("closed", "=", False)], limit=1)
        cls.closed_stage = stages.search([("closed", "=", True)], limit=1)
        cls.make_tickets(cls.partner, cls.person, cls.person)
        cls.make_tickets(cls.person, stage_id=cls.closed_stage.id)
        cls.make_tickets(cls.partner, active=False)
        cls.make_tickets(cls.partner, cls.person, company_id=cls.other_company.id)
        cls.make_tickets(cls.make_partner("Ninguém"))
        old = cls.make_tickets(cls.partner, cls.partner)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = create_date - interval '40 days'"
            " WHERE id = ANY(%s)",
            [old.ids],
        )
        cls.env.invalidate_all()

    @classmethod
    def make_tickets(cls, *partners, **values):
        return cls.env["helpdesk.ticket"].create(
            [
                {
                    "name": "Não abre",
                    "description": "Não abre",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "stage_id": cls.open_stage.id,
                    **values,
                }
                for partner in partners
            ]
        )

    def by_hand(self, account, *conditions, archived=False):
        tickets = self.env["helpdesk.ticket"].with_context(active_test=not archived)
        return tickets.search_count(
            [
                ("partner_id", "child_of", account.partner_id.id),
                ("company_id", "=", account.company_id.id),
                *conditions,
            ]
        )

    def test_open_tickets_are_those_counted_by_hand(self):
        row = self.add_and_fetch("tickets_open")
        self.assertEqual(row.customer_count, 1)
        expected = {self.account: 5, self.quiet: 0}
        for account, number in expected.items():
            by_hand = self.by_hand(account, ("stage_id.closed", "=", False))
            self.assertEqual(by_hand, number)
            self.assertEqual(self.value("tickets_open", account), number)
        self.assertFalse(self.present("tickets_open", self.theirs))

    def test_tickets_of_30_days_are_those_counted_by_hand(self):
        self.add_and_fetch("tickets_30d")
        since = fields.Datetime.now() - timedelta(days=30)
        recent = self.by_hand(self.account, ("create_date", ">=", since), archived=True)
        self.assertEqual(recent, 5)
        self.assertEqual(self.value("tickets_30d"), recent)
        self.assertEqual(self.value("tickets_30d", self.quiet), 0)

    def test_each_company_counts_its_own(self):
        self.keeper.company_ids += self.other_company
        row = self.find(self.keeper, key="tickets_open", company=self.other_company)
        row.action_add()
        self.fetch(row.source_id)
        self.assertEqual(self.value("tickets_open", self.theirs), 2)
        self.assertFalse(self.present("tickets_open"))

    def test_a_closed_ticket_leaves_a_known_0(self):
        row = self.add_and_fetch("tickets_open")
        self.env["helpdesk.ticket"].search([]).stage_id = self.closed_stage
        with self.at_time(row.source_id.last_run + timedelta(hours=6)):
            self.fetch(row.source_id)
        self.assertEqual(self.value("tickets_open"), 0)

    def test_who_sees_only_their_own_tickets_is_told(self):
        row = self.find(self.specialist, key="tickets_open")
        self.assertEqual((row.state, row.customer_count), ("refused", 0))
        self.assertIn("Rules hide some", row.note)
        with self.assertRaisesRegex(UserError, "sees only part"):
            self.make_counting(model="helpdesk.ticket", user=self.specialist)

    def test_without_an_sla_it_is_not_proposed(self):
        if "sla_expired" in self.env["helpdesk.ticket"]._fields:
            self.assertTrue(self.find(self.keeper, key="tickets_out_of_sla"))
        else:
            self.assertFalse(self.find(self.keeper, key="tickets_out_of_sla"))


@tagged("post_install", "-at_install")
class TestInvoices(NeighbourCase):
    """Invoices past their due date."""

    model = "account.move"
    group = "account.group_account_invoice"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"]
        receivable, income = (
            accounts.create({"name": kind, "code": code, "account_type": kind})
            for code, kind in {"CS1": "asset_receivable", "CS2": "income"}.items()
        )
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Vendas",
                "code": "CSV",
                "type": "sale",
                "default_account_id": income.id,
            }
        )
        (cls.partner + cls.person).property_account_receivable_id = receivable

    def make_invoice(self, partner, amount, due_days_ago, post=True, **values):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": self.journal.id,
                "invoice_date": self.days_ago(60),
                "invoice_date_due": self.days_ago(due_days_ago),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Mensalidade", "price_unit": amount, "tax_ids": []}
                    )
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def test_overdue_ones_and_what_is_owed(self):
        self.make_invoice(self.partner, 100, 1)
        self.make_invoice(self.person, 50, 30)
        self.make_invoice(self.partner, 1000, 0)
        self.make_invoice(self.partner, 1000, 5, post=False)
        self.make_invoice(self.partner, 1000, 5, move_type="out_refund")
        self.add_and_fetch("overdue_invoices")
        keys = "overdue_invoices", "overdue_amount"
        self.assertEqual(self.values_of(*keys), [2, 150])
        self.assertEqual(self.values_of(*keys, account=self.quiet), [0, 0])

    def test_without_rights_on_invoices_nothing_of_them_is_told(self):
        row = self.find(self.specialist, key="overdue_invoices")
        self.assertEqual(row.state, "refused")
        self.assertIn("You may not read", row.note)
        with self.assertRaisesRegex(UserError, "not allowed to access"):
            self.make_counting(model="account.move", user=self.specialist)
        for domain in (
            "[('invoice_ids', '!=', False)]",
            "[('credit', '>', 0)]",
            "[('credit_limit', '>', 0)]",
            "[('parent_id.credit_limit', '>', 0)]",
        ):
            with self.subTest(domain), self.assertRaisesRegex(UserError, "access"):
                self.make_counting(
                    model="res.partner",
                    partner_path="commercial_partner_id",
                    domain=domain,
                    user=self.specialist,
                )

    def test_who_sees_all_invoices_of_customers_may_count_them(self):
        self.make_invoice(self.partner, 100, 1)
        # Rules show a sales manager those of customers alone, which are asked for.
        row = self.find(self.counter, key="overdue_invoices")
        self.assertEqual((row.state, row.customer_count), ("new", 1), row.note)
        salesperson = self.make_user(
            "cs_mine",
            "customer_success.group_cs_specialist",
            "sales_team.group_sale_salesman",
        )
        row = self.find(salesperson, key="overdue_invoices")
        self.assertEqual(row.state, "refused")


@tagged("post_install", "-at_install")
class TestContracts(NeighbourCase):
    """Contracts of the Odoo Community Association."""

    model = "contract.contract"
    group = "account.group_account_invoice"

    def test_those_in_force_and_their_next_end(self):
        self.env["contract.contract"].create(
            [
                {
                    "name": "Contrato",
                    "partner_id": partner.id,
                    "date_end": end,
                    "contract_type": kind,
                    "company_id": self.company.id,
                }
                for partner, end, kind in (
                    (self.partner, False, "sale"),
                    (self.person, self.days_ago(-10), "sale"),
                    (self.partner, self.days_ago(-90), "sale"),
                    (self.partner, self.days_ago(1), "sale"),
                    (self.partner, self.days_ago(-5), "purchase"),
                )
            ]
        )
        self.add_and_fetch("contracts")
        self.assertEqual(self.value("contracts"), 3)
        end = self.days_ago(-10) - fields.Date.to_date("1970-01-01")
        self.assertEqual(self.value("contract_end"), end.days)
        self.assertEqual(self.value("contracts", self.quiet), 0)
        self.assertFalse(self.present("contract_end", self.quiet))


@tagged("post_install", "-at_install")
class TestProjects(NeighbourCase):
    """Tasks of projects."""

    model = "project.task"
    group = "project.group_project_manager"

    def test_open_and_overdue_tasks(self):
        project = self.env["project.project"].create(
            {"name": "Implantação", "company_id": self.company.id}
        )
        now = fields.Datetime.now()
        self.env["project.task"].create(
            [
                {
                    "name": "Tarefa",
                    "project_id": project.id,
                    "partner_id": partner.id,
                    "state": state,
                    "date_deadline": deadline,
                }
                for partner, state, deadline in (
                    (self.partner, "01_in_progress", False),
                    (self.person, "01_in_progress", now - timedelta(days=1)),
                    (self.person, "02_changes_requested", now + timedelta(days=1)),
                    (self.partner, "1_done", now - timedelta(days=1)),
                    (self.partner, "1_canceled", now - timedelta(days=1)),
                )
            ]
        )
        self.add_and_fetch("project_tasks")
        self.add_and_fetch("project_tasks_overdue")
        keys = "project_tasks", "project_tasks_overdue"
        self.assertEqual(self.values_of(*keys), [3, 1])
        self.assertEqual(self.values_of(*keys, account=self.quiet), [0, 0])


@tagged("post_install", "-at_install")
class TestSales(NeighbourCase):
    """Orders, in whatever currency."""

    model = "sale.order"
    group = "sales_team.group_sale_salesman_all_leads"

    def make_order(self, partner, amount, currency=None, days_ago=1, state="sale"):
        currency = currency or self.company.currency_id
        pricelist = self.env["product.pricelist"].create(
            {"name": currency.name, "currency_id": currency.id}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": amount,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        order.write({"state": state, "date_order": self.days_ago(days_ago)})
        return order

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "Licença"})

    def make_currency(self, name, **rate):
        currency = self.env["res.currency"].create({"name": name, "symbol": name})
        if rate:
            self.env["res.currency.rate"].create(
                {"currency_id": currency.id, "name": "2020-01-01", **rate}
            )
        return currency

    def test_orders_of_a_year_in_the_money_of_the_company(self):
        half = self.make_currency("XHF", rate=2)
        self.make_order(self.partner, 100)
        self.make_order(self.person, 100, half)
        self.make_order(self.partner, 1000, days_ago=400)
        self.make_order(self.partner, 1000, state="draft")
        self.add_and_fetch("orders_365d")
        keys = "orders_365d", "ordered_365d"
        self.assertEqual(self.values_of(*keys), [2, 150])
        self.assertEqual(self.values_of(*keys, account=self.quiet), [0, 0])

    def test_aggregates_of_amounts_in_several_currencies(self):
        half = self.make_currency("XHF", rate=2)
        self.make_order(self.partner, 60)
        self.make_order(self.partner, 200, half)
        self.make_order(self.person, 20)
        for aggregate, value in {"avg": 60, "min": 20, "max": 100, "sum": 180}.items():
            with self.subTest(aggregate):
                source = self.make_counting(
                    ("potential", aggregate, "amount_untaxed"),
                    ("active_users", "count_distinct", "partner_id"),
                    model="sale.order",
                    user=self.keeper,
                )
                self.fetch(source)
                self.assertEqual(
                    self.values_of("potential", "active_users"), [value, 2]
                )
                source.unlink()

    def test_an_amount_without_a_rate_is_refused_by_its_currency(self):
        strange = self.make_currency("XST")
        self.make_order(self.partner, 60)
        self.make_order(self.person, 60, strange)
        self.make_order(self.quiet.partner_id, 60)
        row = self.find(self.keeper, key="orders_365d")
        row.action_add()
        source = row.source_id
        source.sudo()._run()
        self.assertEqual(source.rows_bad, 1)
        self.assertIn("No exchange rate of XST", source.sudo().run_ids[0].reason)
        self.assertEqual(self.values_of("orders_365d", "ordered_365d"), [2, None])
        self.assertEqual(self.value("ordered_365d", self.quiet), 60)


@tagged("post_install", "-at_install")
class TestEvents(NeighbourCase):
    """Events that people of the customer came to."""

    model = "event.registration"
    group = "event.group_event_user"

    def test_events_attended(self):
        now = fields.Datetime.now()
        events = self.env["event.event"].create(
            [
                {
                    "name": name,
                    "date_begin": now - timedelta(days=2),
                    "date_end": now - timedelta(days=1),
                    "company_id": self.company.id,
                }
                for name in ("Encontro", "Curso")
            ]
        )
        meeting, course = events
        self.env["event.registration"].create(
            [
                {"event_id": event.id, "partner_id": partner.id, "state": state}
                for event, partner, state in (
                    (meeting, self.partner, "done"),
                    (meeting, self.person, "done"),
                    (course, self.person, "open"),
                )
            ]
        )
        self.add_and_fetch("events_365d")
        self.assertEqual(self.value("events_365d"), 1)
        self.assertEqual(self.value("events_365d", self.quiet), 0)
