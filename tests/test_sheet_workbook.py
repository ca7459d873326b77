import io
import zipfile
from datetime import date, datetime, time
from unittest.mock import patch

import openpyxl
import xlsxwriter

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..sheets import table as tables
from ..sheets import workbook as workbooks
from ..sheets.table import read_table
from .sheet_common import SheetCase
from .workbooks import saved, with_part, workbook

FIRST_SHEET = "xl/worksheets/sheet1.xml"


@tagged("post_install", "-at_install")
class TestWorkbook(SheetCase):
    """XLSX files: what a cell is, the workbook says."""

    def load_book(self, kind, *args, **kwargs):
        return self.wizard._import_bytes(kind, workbook(*args, **kwargs), "livro.xlsx")

    def check_refused(self, data, reason):
        with self.assertRaisesRegex(UserError, reason):
            read_table(self.env, data)

    # Cells

    def test_cells_are_what_they_are_typed_as(self):
        with self.at_time("2026-06-15 12:00:00"):
            report = self.load_book(
                "measurements",
                [
                    ["Código", "Data", "Métrica", "Valor"],
                    ["C-1", date(2026, 2, 1), "nps", 1.234],
                    ["C-1", datetime(2026, 3, 1, 10, 30), "nps", 8],
                    ["C-1", "01/04/2026", "nps", "1.234,5"],
                    ["C-1", date(2026, 5, 1), "nps", "1.234"],
                    ["C-1", date(2026, 5, 2), "renewal", date(2030, 12, 31)],
                    ["C-1", date(2026, 5, 2), "from_competitor", True],
                    ["C-1", 46000, "nps", 7],
                    ["C-1", date(2026, 5, 3), "nps", date(2026, 1, 1)],
                    ["C-1", date(2026, 5, 3), "nps", True],
                ],
            )
        bad = [(8, "Not a date: 46000"), (9, "Not a number"), (10, "Not a number")]
        self.check_report(report, kept=6, bad=bad)
        self.assertEqual(
            self.history(),
            [
                ("2026-02-01 03:00:00", 1.234),
                ("2026-03-01 13:30:00", 8),
                ("2026-04-01 03:00:00", 1234.5),
                ("2026-05-01 03:00:00", 1234),
            ],
        )
        self.assertEqual(self.account.renewal_on, date(2030, 12, 31))
        self.assertEqual(self.present("from_competitor").value, 1)

    def test_a_percentage_is_the_number_that_is_seen(self):
        self.load_book(
            "measurements",
            [["Código", "Data", "engagement"], ["C-1", date(2026, 2, 1), 0.07]],
            formats={"C2": "0.00%"},
        )
        self.assertEqual(self.present("engagement").value, 7)

    def test_a_time_of_day_is_rounded_to_the_second(self):
        moment = datetime(2026, 2, 1, 10, 29, 59, 999_999)
        table = read_table(self.env, workbook([["a", "b"], [moment, time(8, 0)]]))
        cells = table.rows[0][1]
        self.assertEqual(cells[0], datetime(2026, 2, 1, 10, 30))
        self.assertEqual(cells[1], "08:00:00")

    def test_a_cnpj_gets_back_its_zeros(self):
        self.account.partner_id.vat = "00.000.000/0001-91"
        other = self.make_account(partner_id=self.make_partner("Lua", ref="191").id)
        rows = [["CNPJ", "Data", "NPS"], [191, date(2026, 2, 1), 9]]
        self.load_book("measurements", rows)
        # A reference that is written exactly so is meant before any CNPJ.
        self.assertEqual(self.present(account=other).value, 9)
        other.partner_id.ref = False
        self.check_report(self.load_book("measurements", rows), kept=1)
        self.assertEqual(self.present().value, 9)
        report = self.load_book(
            "customers", [["Nome", "CNPJ"], ["Nova", 123456000107], ["Velha", 191]]
        )
        self.check_report(report, kept=2, created=1)
        self.assertEqual(self.customer("Nova").partner_id.vat, "00123456000107")
        self.assertEqual(self.account.partner_id.name, "Velha")

    def test_digits_that_the_spreadsheet_lost_are_named(self):
        report = self.load("customers", "Nome;CNPJ", "Nova;1,23457E+13")
        self.check_report(report, bad=[(2, "its last digits are lost")])

    def test_formulas_count_by_the_value_that_was_saved(self):
        data = workbook(
            [
                ["Código", "Data", "NPS", "Dobro"],
                ["C-1", date(2026, 2, 1), "=4+5", "=C2*2"],
                ["C-1", date(2026, 3, 1), "=4+4", "=C3*2"],
                ["C-1", date(2026, 4, 1), "=1/0", 3],
            ]
        )

        def give_value(xml):
            xml = xml.replace(b"<f>4+5</f><v></v>", b"<f>4+5</f><v>9</v>")
            xml = xml.replace(b"<f>4+5</f><v/>", b"<f>4+5</f><v>9</v>")
            return xml.replace(b'<c r="C4"', b'<c t="e" r="C4"').replace(
                b"<f>1/0</f><v", b"<f>1/0</f><v>#DIV/0!</v><v"
            )

        data = with_part(data, FIRST_SHEET, give_value)
        report = self.wizard._import_bytes("measurements", data)
        self.assertEqual(self.history(), [("2026-02-01 03:00:00", 9)])
        lines = {row["line"]: row["reason"] for row in report["bad"]}
        self.assertIn("The formula has no value", lines[3])
        self.assertIn("#DIV/0!", lines[4])

    def test_as_another_program_writes_it(self):
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file)
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Uso")
        sheet.write_row(0, 0, ["Código", "Data", "NPS"])
        sheet.write(1, 0, "C-1")
        sheet.write_datetime(1, 1, datetime(2026, 2, 1), day)
        sheet.write_formula(1, 2, "=4+5", value=9)
        book.close()
        report = self.wizard._import_bytes("measurements", file.getvalue())
        self.check_report(report, kept=1)
        self.assertEqual(self.history(), [("2026-02-01 03:00:00", 9)])

    def test_an_empty_text_is_the_value_of_a_formula(self):
        data = workbook([["Nome", "Cidade"], ["Padaria Sol", '=IF(1,"","x")']])
        data = with_part(
            data,
            FIRST_SHEET,
            lambda xml: xml.replace(b'<c r="B2"', b'<c t="str" r="B2"'),
        )
        report = self.wizard._import_bytes("customers", data)
        self.check_report(report, unchanged=1)

    # Sheets, headers, gaps

    def test_the_header_is_found_below_titles_and_gaps(self):
        report = self.load_book(
            "measurements",
            [
                [],
                [None, "Relatório de uso", None, None],
                [None, "Emitido em", date(2026, 6, 1)],
                [],
                [None, "Cliente", None, "Data", "NPS"],
                [],
                [None, "C-1", None, date(2026, 2, 1), 9],
                [None, "C-9", None, date(2026, 2, 1), 9],
            ],
            merged=["B2:E2"],
        )
        self.check_report(report, kept=1, unmatched=[(8, "C-9")])
        self.assertEqual(report["unused"], [])

    def test_merged_cells_hold_for_all_their_rows(self):
        report = self.load_book(
            "measurements",
            [
                ["Cliente", "Data", "NPS"],
                ["C-1", date(2026, 2, 1), 9],
                [None, date(2026, 3, 1), 8],
                [None, date(2026, 4, 1), 7],
                [None, date(2026, 5, 1), 6],
            ],
            merged=["A2:A4"],
        )
        self.check_report(report, kept=3, bad=[(5, "Empty: Customer")])

    def test_the_first_sheet_with_data_or_another(self):
        data = workbook(
            [],
            name="Capa",
            Uso=[["Cliente", "Data", "NPS"], ["C-1", date(2026, 2, 1), 9]],
            Outro=[["Cliente", "Data", "CSAT"], ["C-1", date(2026, 2, 1), 4]],
        )
        table = read_table(self.env, data)
        self.assertEqual((table.sheet, table.sheets), ("Uso", ["Uso", "Outro"]))
        self.assertEqual(read_table(self.env, data, sheet="Outro").header[2], "CSAT")

    def test_hidden_and_empty_sheets_are_none(self):
        book = openpyxl.Workbook()
        book.create_sheet("Oculta").append(["a"])
        book["Oculta"].sheet_state = "hidden"
        self.check_refused(saved(book), "The workbook is empty")

    def test_columns_without_a_name_and_without_anything(self):
        data = workbook([["a", None, None, "a"], [1, None, 3, 4]])
        table = read_table(self.env, data)
        self.assertEqual(table.header, ["a", "Column C", "a (2)"])
        self.assertEqual(table.rows, [(2, [1, 3, 4])])

    def test_the_size_that_a_sheet_claims_is_not_believed(self):
        data = with_part(
            workbook([["a", "b"], [1, 2], [3, 4]]),
            FIRST_SHEET,
            lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1"'),
        )
        self.assertEqual(len(read_table(self.env, data).rows), 2)

    # What harms

    def test_a_zip_bomb_is_not_unpacked(self):
        file = io.BytesIO(workbook([["a"], [1]]))
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/image1.bin", b"\0" * (301 * 2**20))
        self.assertLess(len(file.getvalue()), 2**20)
        self.check_refused(file.getvalue(), "Unpacked, the workbook has 301 MB")

    def test_a_bomb_of_entities_is_not_expanded(self):
        entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
        for name, of in zip(b"bcdefghij", b"abcdefghi", strict=True):
            entities += b'<!ENTITY %c "%s">' % (name, b"&%c;" % of * 30)
        bomb = with_part(
            workbook([["a"], ["b"]]),
            FIRST_SHEET,
            lambda xml: entities + b"]>" + xml.replace(b"<t>b</t>", b"<t>&j;</t>"),
        )
        self.check_refused(bomb, "damaged")

    def test_cells_far_away_cost_nothing(self):
        def far(xml):
            row = b'<row r="%d"><c r="ZZZ%d"><v>1</v></c></row></sheetData>'
            return xml.replace(b"</sheetData>", row % (10**12, 10**12))

        data = with_part(workbook([["a"], [1]]), FIRST_SHEET, far)
        self.assertEqual(read_table(self.env, data).rows, [(2, [1])])

    def test_too_many_rows_are_named(self):
        data = workbook([["a"], *([n] for n in range(60))])
        with patch.object(tables, "MAX_ROWS", 50):
            self.check_refused(data, "more than 50 rows")

    def test_damaged_encrypted_and_old_workbooks(self):
        good = workbook([["a"], [1]])
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        for data, reason in (
            (good[:300], "damaged"),
            (with_part(good, FIRST_SHEET, lambda xml: xml[:200]), "damaged"),
            (with_part(good, "xl/workbook.xml", lambda _xml: b"<a/>"), "workbook"),
            (ole + "EncryptedPackage".encode("utf-16-le"), "password"),
            (ole + "Workbook".encode("utf-16-le"), r"\(.xls\).*save it as XLSX or CSV"),
        ):
            self.check_refused(data, reason)

    def test_an_office_document_is_no_workbook(self):
        for part, reason in (
            ("word/document.xml", "no spreadsheet"),
            ("content.xml", "read as XLSX only"),
        ):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(part, "<a/>")
            self.check_refused(file.getvalue(), reason)

    def test_strict_workbooks_are_named(self):
        data = with_part(
            workbook([["a"], [1]]),
            "xl/workbook.xml",
            lambda xml: xml.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
        )
        self.check_refused(data, "Strict Open XML")

    def test_a_limit_reads_no_more(self):
        data = workbook([["a"], *([n] for n in range(100))])
        with patch.object(workbooks, "_SAMPLE_ROWS", 5):
            table = read_table(self.env, data, limit=10)
        self.assertEqual((len(table.rows), table.is_cut), (10, True))
        self.assertFalse(read_table(self.env, data, limit=100).is_cut)
