import base64
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .facts_common import FactsCase


class SheetCase(FactsCase):
    """Files as short texts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.partner_id.ref = "C-1"
        cls.wizard = cls.env["cs.sheet.import"].with_user(cls.specialist)

    def load(self, kind, *lines, encoding="utf-8", **values):
        data = "\r\n".join(lines).encode(encoding)
        return self.wizard._import_bytes(kind, data, **values)

    def check_report(self, report, kept=0, unchanged=0, created=0, bad=()):
        found = (report["kept"], report["unchanged"], report["created"])
        self.assertEqual(found, (kept, unchanged, created), report["bad"])
        self.assertEqual(len(report["bad"]), len(bad), report["bad"])
        for row, (line, reason) in zip(report["bad"], bad, strict=True):
            self.assertEqual(row["line"], line)
            self.assertIn(reason, row["reason"])

    def customer(self, name):
        return self.env["cs.account"].search([("partner_id.name", "=", name)])


@tagged("post_install", "-at_install")
class TestMeasurements(SheetCase):
    """Files of measurements."""

    def test_as_a_brazilian_spreadsheet_writes_them(self):
        file = (
            "Código;Data;Métrica;Valor",
            "C-1;01/02/2026;Usuários de teste;1.234",
            "C-1;01/03/2026;Usuários de teste;12,5",
            "C-2;01/03/2026;Usuários de teste;3",
            "C-1;31/02/2026;Usuários de teste;3",
            "C-1;01/03/2026;Usuários de teste;muitos",
            "C-1;01/03/2026;Usuários de teste;",
            ";;;",
        )
        report = self.load("measurements", *file, encoding="cp1252")
        bad = (
            (4, "Unknown customer: C-2"),
            (5, "Not a date"),
            (6, "Not a number"),
            (7, "Empty: Value"),
        )
        self.check_report(report, kept=2, created=1, bad=bad)
        self.assertEqual(
            self.history("usuarios_de_teste"),
            [("2026-02-01 03:00:00", 1234), ("2026-03-01 03:00:00", 12.5)],
        )
        again = self.load("measurements", *file, encoding="cp1252")
        self.check_report(again, unchanged=2, bad=bad)

    def test_one_column_a_metric(self):
        report = self.load(
            "measurements",
            "Cliente,Mês,NPS answer,active_users,Renovação",
            "Padaria Sol,2026-02-01,9,,1.5",
            "Padaria Sol,2026-03-01,x,7,2.5",
        )
        self.check_report(
            report, kept=4, created=1, bad=[(3, "NPS answer: Not a number")]
        )
        self.assertEqual(self.present("nps").value, 9)
        self.assertEqual(self.present("active_users").value, 7)
        self.assertEqual(self.present("renovacao").value, 2.5)

    def test_metrics_are_made_only_if_asked_to(self):
        report = self.load(
            "measurements",
            "ref,date,metric,value",
            "C-1,2026-02-01,shoe_size,42",
            create_metrics=False,
        )
        self.check_report(report, bad=[(2, "Unknown metric")])

    def test_metrics_are_known_by_their_name(self):
        self.load("measurements", "ref,date,metric,value", "C-1,2026-02-01,Mood,4")
        self.assertEqual(self.present("mood").value, 4)

    def test_dates_and_answers(self):
        report = self.load(
            "measurements",
            "ref,metric,value",
            "C-1,renewal,31/12/2030",
            "C-1,from_competitor,sim",
            "C-1,from_competitor,talvez",
        )
        self.check_report(report, kept=2, bad=[(4, "Neither yes nor no")])
        self.assertEqual(self.account.renewal_on, date(2030, 12, 31))

    def test_the_next_month_is_the_same_source(self):
        header = "ref,date,metric,value"
        self.load("measurements", header, "C-1,2026-02-01,nps,9")
        self.load("measurements", header, "C-1,2026-03-01,nps,7")
        self.assertEqual(self.present().value, 7)
        self.check_refused(self.record_all(self.reading()), "Spreadsheet: Measurements")

    def test_what_another_source_owns_is_named(self):
        self.record_all(self.reading(at="2026-01-01"), source=self.make_source("API"))
        report = self.load(
            "measurements",
            "ref,date,metric,value",
            "C-1,2026-02-01,nps,9",
            source_id=self.make_source(company_id=self.company.id).id,
        )
        self.check_report(report, bad=[(2, "“API”")])

    def test_nul_is_no_part_of_a_text(self):
        report = self.load(
            "measurements",
            "r\0ef,date,metric,shoe\0_size,value",
            "C-1\0,2026-02-01,n\0ps,,9",
            "C-\x009,2026-02-01,nps,,9",
        )
        self.check_report(report, kept=1, bad=[(3, "Unknown customer: C-9")])
        self.assertEqual(self.present().value, 9)

    def test_files_that_are_none(self):
        for lines in ((), ("ref,date,metric,value",), ("PK\x03\x04",), ("a;b", "1;2")):
            with self.assertRaises(UserError):
                self.load("measurements", *lines)


@tagged("post_install", "-at_install")
class TestCustomers(SheetCase):
    """Files of customers."""

    def test_found_made_and_mended(self):
        follower = self.make_partner("Mercado Lua", vat="12.345.678/0001-95")
        file = (
            "Razão social;CNPJ;Código;UF;Cidade;CSM (login);Pacote",
            "Padaria Sol Ltda;;C-1;SP;Santos;cs_csm;Professional",
            "Mercado Lua;12345678000195;C-2;SP;;;",
            "Oficina Mar;;C-3;PA;Belém;cs_csm;",
            "Loja Céu;;C-4;;;nobody;",
            "Oficina Mar;;C-3;;;;",
            ";;;SP;;;",
        )
        report = self.load("customers", *file)
        bad = ((5, "Unknown csm"), (6, "as in line 4"), (7, "Neither name"))
        self.check_report(report, kept=3, created=2, bad=bad)
        self.assertEqual(self.account.partner_id.name, "Padaria Sol Ltda")
        self.assertEqual(self.account.partner_id.state_id.name, "São Paulo")
        self.assertEqual(self.account.csm_id, self.csm)
        self.assertEqual(self.account.package_id.name, "Professional")
        self.assertEqual(self.customer("Mercado Lua").partner_id, follower)
        # PA could be Pennsylvania, but SP is in Brazil only.
        self.assertEqual(self.customer("Oficina Mar").partner_id.state_id.name, "Pará")
        self.check_report(self.load("customers", *file), unchanged=3, bad=bad)

    def test_a_csm_is_an_active_user_of_the_company(self):
        other = self.env["res.company"].create({"name": "Filial"})
        self.make_user("gone", "customer_success.group_cs_user").active = False
        self.make_user("portal_ana", "base.group_portal")
        self.make_user(
            "elsewhere",
            "customer_success.group_cs_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        report = self.load(
            "customers",
            "name,ref,csm",
            "A,C-10,gone",
            "B,C-11,portal_ana",
            "C,C-12,elsewhere",
            "D,C-13,CS_CSM",
        )
        bad = [(line, "Unknown csm") for line in (2, 3, 4)]
        self.check_report(report, kept=1, created=1, bad=bad)

    def test_a_csm_by_name_and_a_row_without_a_name(self):
        self.csm.name = "Ana Beatriz"
        report = self.load(
            "customers",
            "name,vat,csm",
            "Padaria Lua,,Ana Beatriz",
            ",11.222.333/0001-81,",
        )
        bad = [(3, "A new customer needs a name or a reference.")]
        self.check_report(report, kept=1, created=1, bad=bad)
        self.assertEqual(self.customer("Padaria Lua").csm_id, self.csm)

    def test_a_value_that_a_company_refuses_stops_no_other(self):
        follower = self.make_partner("Mercado Lua", ref="C-2")
        check = type(follower).write
        refusal = "No such phone"

        def write(partner, vals):
            if vals.get("phone") == "wrong":
                raise ValidationError(refusal)
            return check(partner, vals)

        with patch.object(type(follower), "write", write):
            report = self.load(
                "customers", "name,ref,phone", "Lua,C-2,wrong", "Nova,C-5,11 5555"
            )
        self.check_report(report, kept=1, created=1, bad=[(2, "No such phone")])
        self.assertEqual(follower.name, "Mercado Lua")
        self.assertFalse(self.customer("Mercado Lua"))
        self.assertTrue(self.customer("Nova"))

    def test_empty_cells_change_nothing(self):
        self.account.partner_id.city = "Santos"
        self.load("customers", "ref,city", "C-1,")
        self.assertEqual(self.account.partner_id.city, "Santos")

    def test_a_name_alone(self):
        self.make_partner("Gêmeos")
        self.make_partner("Gêmeos")
        report = self.load("customers", "nome", "Nova", "Gêmeos", "Padaria Sol")
        self.check_report(
            report, kept=1, created=1, unchanged=1, bad=[(3, "Several companies")]
        )

    def test_another_reference_is_another_customer(self):
        report = self.load("customers", "name,ref", "Padaria Sol,C-77")
        self.check_report(report, kept=1, created=1)
        self.assertEqual(self.account.partner_id.ref, "C-1")

    def test_into_the_company_that_was_chosen(self):
        other = self.env["res.company"].create({"name": "Filial"})
        with self.assertRaises(AccessError):
            self.load("customers", "name,ref", "Nova,C-5", company_id=other.id)
        self.specialist.company_ids += other
        self.load("customers", "name,ref", "Padaria Sol,C-1", company_id=other.id)
        accounts = self.env["cs.account"].search(
            [("partner_id", "=", self.account.partner_id.id)]
        )
        self.assertEqual(accounts.company_id, self.company + other)


@tagged("post_install", "-at_install")
class TestSubscriptions(SheetCase):
    """Files of billed periods."""

    HEADER = "account_ref,product,start_date,end_date,mrr,quantity,bill_period_months"

    def subscriptions(self):
        return self.env["cs.subscription"].search(
            [("account_id", "=", self.account.id)], order="start_on, name"
        )

    def test_consecutive_periods_are_one_subscription(self):
        file = (
            self.HEADER,
            "C-1,Basic,2026-02-01,2026-03-01,200,2,1",
            "C-1,Basic,2026-01-01,2026-02-01,100,1,1",
            "C-1,Basic,2026-03-04,2026-04-01,300,3,1",
            "C-1,Basic,2026-06-01,2026-07-01,400,4,1",
            "C-1,Cards,2026-01-01,2026-12-31,50,1,12",
            "C-1,Cards,2026-13-01,2026-12-31,50,1,12",
            "C-1,Cards,2026-03-01,2026-02-01,50,1,12",
            "C-1,Cards,2026-03-01,2026-04-01,50,1,0",
            "C-1,Cards,2026-03-01,2026-04-01,-50,1,1",
            "C-1,,2026-03-01,2026-04-01,50,1,1",
        )
        report = self.load("subscriptions", *file)
        bad = [
            (7, "Not a date"),
            (8, "ends before"),
            (9, "billed every month"),
            (10, "negative"),
            (11, "Empty: Product"),
        ]
        self.check_report(report, kept=5, created=3, bad=bad)
        self.assertRecordValues(
            self.subscriptions(),
            [
                {
                    "name": "Basic",
                    "start_on": date(2026, 1, 1),
                    "end_on": date(2026, 4, 1),
                    "mrr": 300,
                    "quantity": 3,
                    "billing_months": 1,
                },
                {
                    "name": "Cards",
                    "start_on": date(2026, 1, 1),
                    "end_on": date(2026, 12, 31),
                    "mrr": 50,
                    "quantity": 1,
                    "billing_months": 12,
                },
                {
                    "name": "Basic",
                    "start_on": date(2026, 6, 1),
                    "end_on": date(2026, 7, 1),
                    "mrr": 400,
                    "quantity": 4,
                    "billing_months": 1,
                },
            ],
        )
        count = self.readings.search_count([("account_id", "=", self.account.id)])
        again = self.load("subscriptions", *file)
        self.check_report(again, unchanged=5, bad=bad)
        self.assertEqual(
            self.readings.search_count([("account_id", "=", self.account.id)]), count
        )

    def test_the_next_months_file_goes_on(self):
        with self.at_time("2026-02-15 12:00:00"):
            self.load(
                "subscriptions",
                self.HEADER,
                "C-1,Basic,2026-01-01,2026-02-01,100,1,1",
                "C-1,Cards,2026-01-01,2026-12-31,50,1,12",
            )
            self.load(
                "subscriptions",
                self.HEADER,
                "C-1,Basic,2026-02-01,2026-03-01,200,1,1",
            )
        basic, _cards = self.subscriptions()
        self.assertEqual((basic.end_on, basic.mrr), (date(2026, 3, 1), 200))
        # Cards isn't in the second file, and goes on being paid; that Basic ended
        # is what the first file said, until the second corrected it.
        self.assertEqual(
            self.history("mrr"),
            [
                ("2026-01-01 03:00:00", 150),
                ("2026-02-01 03:00:00", 250),
                ("2026-02-02 03:00:00", 250),
            ],
        )
        self.assertEqual(self.account.mrr, 250)

    def test_the_history_of_revenue(self):
        with self.at_time("2026-06-15 12:00:00"):
            self.load(
                "subscriptions",
                self.HEADER,
                "C-1,Small,2026-01-10,2026-02-10,100,1,1",
                "C-1,Big,2026-02-10,2026-03-10,300,1,1",
                "C-1,Cards,2026-02-10,2026-03-10,50,1,1",
            )
            for day, mrr, products, renewal in (
                ("2026-01-09", None, None, None),
                ("2026-01-10", 100, 1, 31),
                ("2026-02-09", 100, 1, 1),
                ("2026-02-10", 350, 2, 28),
                ("2026-03-10", 350, 2, 0),
                ("2026-03-11", 0, 0, None),
                ("2026-06-15", 0, 0, None),
            ):
                as_of = date.fromisoformat(day)
                found = [
                    self.judged(as_of, metric)
                    for metric in ("mrr", "products", "renewal")
                ]
                self.assertEqual(found, [mrr, products, renewal], day)
            self.assertEqual(self.judged(date(2026, 3, 1), "tenure"), 50)
            self.env["cs.account"]._update_churn()
        self.assertEqual(self.account.state, "churned")
        self.assertEqual(self.account.churned_on, date(2026, 3, 10))

    def test_a_period_within_a_longer_one_counts_while_it_lasts(self):
        with self.at_time("2026-06-15 12:00:00"):
            self.load(
                "subscriptions",
                self.HEADER,
                "C-1,Basic,2026-01-01,2026-12-31,100,1,12",
                "C-1,Basic,2026-03-01,2026-03-31,300,1,1",
            )
        self.assertEqual(self.subscriptions().end_on, date(2026, 12, 31))
        self.assertEqual(
            self.history("mrr"),
            [
                ("2026-01-01 03:00:00", 100),
                ("2026-03-01 03:00:00", 300),
                ("2026-04-01 03:00:00", 100),
            ],
        )

    def test_what_is_too_large_is_named(self):
        report = self.load(
            "subscriptions",
            "ref,product,start,mrr,billing_months",
            "C-1,Plan,2026-01-01,1e308,1",
            "C-1,Plan,2026-01-01,1e400,1",
            "C-1,Plan,2026-01-01,10,1e12",
            "C-1,Plan,2026-01-01,10,1",
        )
        bad = [(line, "Too large") for line in (2, 3, 4)]
        self.check_report(report, kept=1, created=1, bad=bad)

    def test_products_are_made_once(self):
        file = (self.HEADER, "C-1,Basic,2026-01-01,,100,1,1")
        self.load("subscriptions", *file)
        self.load("subscriptions", *file)
        product = self.env["product.product"].search([("name", "=", "Basic")])
        self.assertEqual((len(product), product.type), (1, "service"))
        self.assertFalse(self.subscriptions().end_on)


@tagged("post_install", "-at_install")
class TestWizard(SheetCase):
    """What a person clicks."""

    def drop(self, *lines, **values):
        data = base64.b64encode("\n".join(lines).encode())
        values = {"kind": "measurements", "filename": "uso.csv", **values}
        return self.wizard.create({"data": data, **values})

    def test_columns_are_guessed_shown_and_remembered(self):
        file = ("who,when,what,how many", "C-1,2026-02-01,nps,9", "C-9,x,nps,1")
        wizard = self.drop(*file)
        wizard.action_columns()
        self.assertEqual(wizard.step, "columns")
        self.assertIn("C-1", wizard.preview)
        with self.assertRaises(UserError):
            wizard.action_import()
        columns = {column.name: column for column in wizard.column_ids}
        for line in wizard.line_ids:
            name = {
                "customer": "who",
                "date": "when",
                "metric": "what",
                "value": "how many",
            }[line.key]
            line.column_id = columns[name]
        wizard.action_import()
        self.assertEqual((wizard.step, wizard.kept, wizard.bad), ("result", 1, 1))
        refused = base64.b64decode(wizard.bad_file).decode("utf-8-sig")
        self.assertEqual(
            refused.splitlines(), ["Line;Reason", "3;Unknown customer: C-9"]
        )
        self.assertEqual(wizard.source_id.rows_recorded, 1)
        next_month = self.drop("who,when,what,how many", "C-1,2026-03-01,nps,8")
        next_month.action_import()
        self.assertEqual(next_month.source_id, wizard.source_id)
        self.assertEqual(self.present().value, 8)

    def test_from_the_button_of_a_source(self):
        source = self.make_source(sheet_kind="subscriptions")
        action = source.action_import_sheet()
        form = Form(self.wizard.with_context(**action["context"]))
        self.assertEqual(form.kind, "subscriptions")

    def test_what_it_holds_decides_over_a_source_of_another_kind(self):
        source = self.make_source(sheet_kind="customers")
        wizard = self.drop("ref,metric,value", "C-1,nps,9", source_id=source.id)
        wizard.kind = "measurements"
        wizard.action_import()
        self.assertEqual(wizard.kept, 1)
        self.assertNotEqual(wizard.source_id, source)

    def test_a_file_is_its_importers_alone(self):
        wizard = self.drop("ref,metric,value", "C-1,nps,9")
        wizard.action_columns()
        other = self.make_user("cs_two", "customer_success.group_cs_specialist")
        for records in (wizard, wizard.column_ids, wizard.line_ids):
            self.assertTrue(records.has_access("read"))
            self.assertFalse(records.with_user(other).has_access("read"))

    def test_only_specialists_import(self):
        self.assertFalse(
            self.env["cs.sheet.import"].with_user(self.manager).has_access("create")
        )
