from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sheet_common import SheetCase


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
        refused = {
            "unmatched": [(4, "Unknown customer: C-2")],
            "bad": [(5, "Not a date"), (6, "Not a number"), (7, "Empty: Value")],
        }
        self.check_report(report, kept=2, created=1, **refused)
        self.assertEqual(
            self.history("usuarios_de_teste"),
            [("2026-02-01 03:00:00", 1234), ("2026-03-01 03:00:00", 12.5)],
        )
        again = self.load("measurements", *file, encoding="cp1252")
        self.check_report(again, unchanged=2, **refused)

    def test_one_column_a_metric(self):
        report = self.load(
            "measurements",
            "Cliente,Mês,NPS answer,active_users,Renovação",
            "Padaria Sol,2026-02-01,9,,1.5",
            "Padaria Sol,2026-03-01,x,7,2.5",
        )
        self.check_report(
            report, kept=1, created=1, bad=[(3, "NPS answer: Not a number")]
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
        self.check_report(report, kept=1, unmatched=[(3, "Unknown customer: C-9")])
        self.assertEqual(self.present().value, 9)

    def test_files_that_are_none(self):
        for lines in ((), ("ref,date,metric,value",), ("PK\x03\x04",), ("a;b", "1;2")):
            with self.assertRaises(UserError):
                self.load("measurements", *lines)

    def test_who_is_unknown_waits_to_be_explained(self):
        file = ("ref,date,metric,value", "Sol & Cia,2026-02-01,nps,9")
        report = self.load("measurements", *file)
        self.check_report(report, unmatched=[(2, "Unknown customer: Sol & Cia")])
        names = self.env["cs.metric.unmatched"].with_user(self.specialist)
        name = names.search([("reference", "=", "Sol & Cia")])
        self.assertEqual((name.state, name.waiting_count), ("waiting", 1))
        self.load("measurements", *file)
        self.assertEqual(name.waiting_count, 1)
        name.account_id = self.account
        self.assertEqual(self.history(), [("2026-02-01 03:00:00", 9)])
        self.check_report(self.load("measurements", *file), unchanged=1)
        report = self.load("measurements", file[0], "Sol & Cia,2026-03-01,nps,7")
        self.check_report(report, kept=1)
        self.assertEqual(self.present().value, 7)

    def test_the_same_file_again_changes_nothing(self):
        for lines in (
            ("ref;date;metric;value", "C-1;2026-02-01;nps;9", "C-1;2026-02-01;csat;4"),
            ("ref;date;nps;csat", "C-1;2026-03-01;9;4", "C-1;2026-04-01;;5"),
            ("ref;nps", "C-1;9"),
            ("ref;metric;value", "C-1;renewal;31/12/2030", "C-1;from_competitor;sim"),
        ):
            with self.at_time("2026-06-15 12:00:00"):
                first = self.load("measurements", *lines)
            rows = self.readings.search_count([])
            with self.at_time("2026-06-16 12:00:00"):
                again = self.load("measurements", *lines)
            self.assertEqual(first["kept"], len(lines) - 1, lines)
            self.check_report(again, unchanged=len(lines) - 1)
            self.assertEqual(self.readings.search_count([]), rows)

    def test_rows_that_contradict_each_other_are_named(self):
        file = (
            "ref,date,metric,value",
            "C-1,2026-02-01,nps,9",
            "C-1,2026-02-01,nps,7",
            "C-1,2026-02-01,nps,7.0",
            "C-1,2026-02-01,nps,many",
        )
        bad = [(2, "Line 4 says otherwise"), (5, "Not a number")]
        report = self.load("measurements", *file)
        self.assertEqual(self.present().value, 7)
        self.check_report(report, kept=2, bad=bad)
        self.check_report(self.load("measurements", *file), unchanged=2, bad=bad)

    def test_columns_of_texts_and_of_numbers_that_measure_nothing(self):
        report = self.load(
            "measurements",
            "Ref;Data;Telefone;Situação;Sapatos;CNPJ",
            "C-1;01/02/2026;11999;ativo;42;191",
        )
        self.assertEqual(report["unused"], ["Telefone", "Situação", "CNPJ"])
        self.assertEqual(self.present("sapatos").value, 42)

    def test_use_of_features_is_engagement_at_once(self):
        product = self.env["product.product"].create({"name": "Despesas"})
        self.env["cs.metric"].create(
            {
                "key": "reports_used",
                "name": "Reports used",
                "product_id": product.id,
                "feature_kind": "essential",
                "full_use": 10,
            }
        )
        self.env["cs.subscription"].create(
            {"account_id": self.account.id, "product_id": product.id, "mrr": 10}
        )
        self.load("measurements", "ref,reports_used", "C-1,5")
        self.assertEqual(self.present("engagement").value, 50)

    def test_an_archived_metric_is_not_made_again(self):
        self.env.ref("customer_success.cs_metric_csat").active = False
        report = self.load("measurements", "ref,metric,value", "C-1,csat,4")
        self.check_report(report, bad=[(2, "Unknown metric: csat")])
