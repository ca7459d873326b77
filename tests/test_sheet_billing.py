from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .sheet_common import SheetCase
from .workbooks import workbook


@tagged("post_install", "-at_install")
class TestBilling(SheetCase):
    """Files of billing: what is overdue, and what differs from the subscriptions."""

    HEADER = "Cliente;Competência;Produto;Valor;Recorrente;Vencimento;Pagamento"

    def lines(self):
        return self.env["cs.billing.line"].search(
            [("account_id", "=", self.account.id)], order="month, id"
        )

    def overdue(self):
        found = self.present("overdue_invoices"), self.present("overdue_amount")
        return tuple(fact.value for fact in found)

    def reconciled(self, account=None):
        """Return ``(month, billed, MRR, difference, state)`` of a customer."""
        rows = self.env["cs.billing.reconciliation"]
        rows.invalidate_model()
        row = rows.search([("account_id", "=", (account or self.account).id)])
        return row and (row.month, row.billed, row.mrr, row.difference, row.state)

    def subscribe(self, account=None, **values):
        return self.env["cs.subscription"].create(
            {
                "account_id": (account or self.account).id,
                "name": "Plano",
                "mrr": 1000,
                "start_on": "2026-01-01",
                **values,
            }
        )

    def test_amounts_are_kept_and_the_same_file_again_changes_nothing(self):
        file = (
            self.HEADER,
            "C-1;05/2026;Plano;1.000,00;sim;10/05/2026;09/05/2026",
            "C-1;05/2026;Treinamento;400,50;avulso;20/05/2026;",
            "C-1;05/2026;Treinamento;400,50;avulso;20/05/2026;",
            "C-1;mai/26;Plano;abc;sim;;",
            "C-1;;Plano;10;sim;;",
            "C-1;05/2026;Plano;10;talvez;;",
            "C-9;05/2026;Plano;10;sim;;",
        )
        refused = {
            "unmatched": [(8, "C-9")],
            "bad": [(5, "Not a number"), (6, "Neither the month"), (7, "Neither yes")],
        }
        report = self.load("billing", *file)
        self.check_report(report, kept=3, created=3, **refused)
        self.assertRecordValues(
            self.lines()[:2],
            [
                {
                    "month": date(2026, 5, 1),
                    "product": "Plano",
                    "amount": 1000,
                    "is_recurring": True,
                    "due_on": date(2026, 5, 10),
                    "paid_on": date(2026, 5, 9),
                },
                {
                    "month": date(2026, 5, 1),
                    "product": "Treinamento",
                    "amount": 400.5,
                    "is_recurring": False,
                    "due_on": date(2026, 5, 20),
                    "paid_on": False,
                },
            ],
        )
        self.check_report(self.load("billing", *file), unchanged=3, **refused)
        self.assertEqual(len(self.lines()), 3)

    def test_a_later_file_says_what_was_paid(self):
        header = "ref;due;amount;paid;invoice"
        self.load("billing", header, "C-1;2026-05-10;100;;NF-1", "C-1;2026-05-10;200;;")
        report = self.load(
            "billing",
            header,
            "C-1;2026-05-15;100;2026-05-14;NF-1",
            "C-1;2026-05-10;200;2026-05-10;",
            "C-1;2026-05-10;300;;",
        )
        self.check_report(report, kept=3, created=1)
        found = self.lines().mapped(lambda one: (one.amount, bool(one.paid_on)))
        self.assertEqual(found, [(100, True), (200, True), (300, False)])
        self.assertEqual(self.lines()[0].due_on, date(2026, 5, 15))

    def test_of_amounts_alike_each_stays_itself(self):
        header = "ref;month;amount;due;paid"
        a, b = "C-1;2026-05;100;2026-05-10;{}", "C-1;2026-05;200;2026-05-10;{}"
        self.load("billing", header, a.format("2026-05-09"), b.format(""))
        self.check_report(self.load("billing", header, b.format("2026-05-20")), kept=1)
        found = self.lines().mapped(lambda one: (one.amount, one.paid_on))
        self.assertEqual(found, [(100, date(2026, 5, 9)), (200, date(2026, 5, 20))])

    def test_what_is_overdue_is_a_fact_that_moves_with_the_days(self):
        with self.at_time("2026-05-15 12:00:00"):
            self.load(
                "billing",
                "ref;due;amount;paid;invoice",
                "C-1;2026-05-10;100;;NF-1",
                "C-1;2026-05-10;50;;NF-1",
                "C-1;2026-05-14;30;;",
                "C-1;2026-05-15;70;;",
                "C-1;2026-05-01;900;2026-05-12;",
                "C-1;2026-05-02;5;2026-06-30;",
            )
            self.assertEqual(self.overdue(), (3, 185))
            self.lines().filtered(lambda one: one.amount == 30).paid_on = "2026-05-15"
            self.assertEqual(self.overdue(), (2, 155))
        with self.at_time("2026-05-16 12:00:00"):
            self.env["cs.metric.source"]._run_builtin(builtins=["billing"])
            self.assertEqual(self.overdue(), (3, 225))
            self.lines().unlink()
            self.assertEqual(self.overdue(), (False, False))
            self.assertIsNone(self.judged(metric="overdue_amount"))

    def test_nothing_overdue_is_zero_and_no_billing_is_unknown(self):
        with self.at_time("2026-05-15 12:00:00"):
            self.assertIsNone(self.judged(metric="overdue_invoices"))
            self.load("billing", "ref;due;amount", "C-1;2026-05-20;100")
            self.assertEqual(self.judged(metric="overdue_invoices"), 0)
            self.assertEqual(self.overdue(), (0, 0))

    def test_it_is_as_fresh_as_the_last_file(self):
        file = ("ref;due;amount", "C-1;2026-05-10;100")
        for day in ("2026-05-15", "2026-05-20"):
            with self.at_time(f"{day} 12:00:00"):
                self.load("billing", *file)
                self.assertEqual(str(self.present("overdue_amount").at)[:10], day)
        with self.at_time("2026-05-25 12:00:00"):
            self.env["cs.metric.source"]._run_builtin(builtins=["billing"])
            self.assertEqual(self.present("overdue_amount").age_days, 5)

    def test_the_newest_month_is_compared_with_the_subscriptions(self):
        with self.at_time("2026-06-15 12:00:00"):
            self.subscribe()
            self.subscribe(mrr=300, start_on="2026-06-01")
            self.subscribe(mrr=500, end_on="2026-04-30")
            self.assertFalse(self.reconciled())
            self.load(
                "billing",
                self.HEADER,
                "C-1;04/2026;Plano;1.500;sim;;",
                "C-1;05/2026;Plano;900;sim;;",
                "C-1;05/2026;Implantação;5.000;não;;",
                "C-1;06/2026;Consultoria;800;não;;",
            )
            may = date(2026, 5, 1)
            self.assertEqual(self.reconciled(), (may, 900, 1000, -100, "less"))
            self.load("billing", self.HEADER, "C-1;06/2026;Plano;1.300;sim;;")
            june = date(2026, 6, 1)
            self.assertEqual(self.reconciled(), (june, 1300, 1300, 0, "equal"))

    def test_who_is_not_billed_and_who_has_no_subscription(self):
        behind, never, unknown, gone = self.make_accounts(4)
        with self.at_time("2026-06-15 12:00:00"):
            for account in (self.account, behind, never, gone):
                self.subscribe(account)
            behind.partner_id.ref, unknown.partner_id.ref = "B", "U"
            gone.state = "churned"
            self.load(
                "billing",
                "ref;month;amount",
                "C-1;2026-06;1200",
                "B;2026-05;1000",
                "U;2026-06;70",
            )
            june, may = date(2026, 6, 1), date(2026, 5, 1)
            self.assertEqual(self.reconciled(), (june, 1200, 1000, 200, "more"))
            self.assertEqual(self.reconciled(behind), (may, 1000, 1000, 0, "behind"))
            self.assertEqual(self.reconciled(never), (False, 0, 1000, -1000, "never"))
            self.assertEqual(self.reconciled(unknown), (june, 70, 0, 70, "unknown"))
            self.assertFalse(self.reconciled(gone))

    def test_as_a_workbook(self):
        data = workbook(
            [
                ["CNPJ", "Mês", "Valor", "Recorrente", "Vencimento", "Pago em"],
                [191, date(2026, 5, 1), 10.5, "Mensalidade", date(2026, 5, 10), None],
            ]
        )
        self.account.partner_id.vat = "00000000000191"
        report = self.wizard._import_bytes("billing", data, "faturamento.xlsx")
        self.check_report(report, kept=1, created=1)
        self.assertEqual(report["unused"], [])
        self.assertEqual(self.lines().amount, 10.5)

    def test_it_needs_a_month_or_a_due_date(self):
        with self.assertRaisesRegex(UserError, "the month, or when it is due"):
            self.load("billing", "ref;amount", "C-1;10")

    def test_each_sees_the_bills_of_the_own_portfolio(self):
        other = self.make_account("Alheio", csm_id=self.other_csm.id)
        other.partner_id.ref = "A"
        self.account.csm_id = self.csm
        self.load("billing", "ref;month;amount", "C-1;2026-06;10", "A;2026-06;20")
        for user, customers in (
            (self.csm, self.account),
            (self.other_csm, other),
            (self.manager, self.account + other),
        ):
            for model in ("cs.billing.line", "cs.billing.reconciliation"):
                found = self.env[model].with_user(user).search([])
                found = found.filtered(
                    lambda one: one.account_id in self.account + other
                )
                self.assertEqual(found.account_id, customers, (user.login, model))
        with self.assertRaises(AccessError):
            self.lines().with_user(self.csm).amount = 1
        self.lines().with_user(self.specialist).amount = 1

    def test_of_another_company_nothing_is_seen(self):
        self.load("billing", "ref;month;amount", "C-1;2026-06;10")
        other = self.env["res.company"].create({"name": "Filial"})
        stranger = self.make_user(
            "cs_filial",
            "customer_success.group_cs_admin",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("cs.billing.line", "cs.billing.reconciliation"):
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
