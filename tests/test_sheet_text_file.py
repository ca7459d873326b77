from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..sheets import table as tables
from ..sheets.cells import BrokenCell
from ..sheets.table import read_table
from .sheet_common import SheetCase

_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=12
).map(str.strip)


@tagged("post_install", "-at_install")
class TestTextFile(SheetCase):
    """CSV in the dialects of spreadsheet programs."""

    def table(self, *lines, encoding="utf-8", **wanted):
        data = "\r\n".join(lines).encode(encoding)
        return read_table(self.env, data, **wanted)

    def check_rows(self, table, *rows):
        self.assertEqual([cells for _line, cells in table.rows], list(rows))

    def test_encodings(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            table = self.table("Código\tCidade", "1\tSão João", encoding=encoding)
            self.assertEqual(table.header, ["Código", "Cidade"], encoding)
            self.check_rows(table, ["1", "São João"])

    def test_unicode_text_of_excel(self):
        report = self.load(
            "measurements",
            "Código\tData\tMétrica\tValor",
            "C-1\t31/12/2025\tnps\t8,5",
            encoding="utf-16",
        )
        self.check_report(report, kept=1)
        self.assertEqual(self.history(), [("2025-12-31 03:00:00", 8.5)])

    def test_the_delimiter_is_the_one_that_fits_all_lines(self):
        for delimiter in ",;\t":
            table = self.table(f"a{delimiter}b", f"x{delimiter}y", "z")
            self.check_rows(table, ["x", "y"], ["z", ""])
        self.check_rows(
            self.table("a;b", "1,5;2,5", "2,5;3,5"), ["1,5", "2,5"], ["2,5", "3,5"]
        )
        self.check_rows(self.table("sep=;", "a;b", "1,5;2"), ["1,5", "2"])
        self.check_rows(self.table("nome", "Sol e Lua"), ["Sol e Lua"])

    def test_lines_keep_their_numbers(self):
        table = self.table('"a\nx";b', "", '"1\n2";3', "4;5")
        self.assertEqual(table.header, ["a x", "b"])
        self.assertEqual([line for line, _cells in table.rows], [4, 6])
        self.assertEqual(self.table("sep=;", "a;b", "1;2").rows[0][0], 3)

    def test_titles_above_the_header(self):
        known = {"codigo", "data", "valor"}
        table = self.table(
            "Relatório de uso;;",
            "Empresa:;Acme;",
            "Código;Data;Valor",
            "C-1;01/02/2026;3",
            known=known,
        )
        self.assertEqual((table.header_line, table.header[0]), (3, "Código"))
        self.check_rows(table, ["C-1", "01/02/2026", "3"])

    def test_a_quotation_mark_that_stands_alone_spoils_its_line_only(self):
        table = self.table("a;b", '"Sol;1', "Lua;2", 'Bar "do Zé";3', '"Céu" Azul;4')
        self.assertEqual(list(table.problems), [2])
        self.assertEqual(dict(table.rows)[3], ["Lua", "2"])
        self.assertEqual(dict(table.rows)[4], ['Bar "do Zé"', "3"])
        self.assertEqual(dict(table.rows)[5], ["Céu Azul", "4"])

    def test_a_line_wider_than_the_header_is_named(self):
        table = self.table("ref,metric,value", "C-1,nps,1,234.5", "C-1,nps,7,,")
        self.assertEqual(list(table.problems), [2])
        report = self.load(
            "measurements", "ref,metric,value", "C-1,nps,1,234.5", "C-1,nps,7,,"
        )
        self.check_report(report, kept=1, bad=[(2, "4 cells, the header only 3")])

    def test_errors_of_formulas_are_no_names(self):
        table = self.table("a;b", "#N/D;#REF!")
        self.check_rows(table, [BrokenCell("#N/D"), BrokenCell("#REF!")])
        report = self.load("customers", "nome;cidade", "Padaria Sol;#REF!")
        self.check_report(report, bad=[(2, "#REF!")])

    def test_too_many_rows_are_named(self):
        with (
            patch.object(tables, "MAX_ROWS", 50),
            self.assertRaisesRegex(UserError, "more than 50 rows"),
        ):
            self.table("a;b", *["1;2"] * 60)

    @settings(max_examples=50, deadline=None)
    @given(
        st.lists(st.tuples(_TEXT, _TEXT, _TEXT), min_size=1, max_size=8),
        st.sampled_from(",;\t"),
    )
    def test_whatever_a_cell_holds_it_is_read_or_named(self, rows, delimiter):
        lines = [delimiter.join(row) for row in [("a", "b", "c"), *rows]]
        try:
            table = self.table(*lines)
        except UserError:
            return
        self.assertTrue(
            all(len(cells) == len(table.header) for _l, cells in table.rows)
        )


@tagged("post_install", "-at_install")
class TestNoSpreadsheet(SheetCase):
    """What people drop by mistake."""

    def test_each_is_called_by_its_name(self):
        for data, reason in (
            (b"", "The file is empty"),
            (b" \r\n ", "The file is empty"),
            (b"\xef\xbb\xbf", "The file is empty"),
            (b"nome;cnpj", "no rows below its header"),
            (b"nome;cnpj\r\n;;\r\n", "no rows below its header"),
            (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF"),
            (b"\x89PNG\r\n\x1a\n\0\0", "This is a picture"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "This is a picture"),
            (b"<html><table><tr><td>1</td></tr></table></html>", "web page or XML"),
            (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "web page or XML"),
            (b"MZ\x90\0\x03\0\0\0\x04", "no spreadsheet"),
        ):
            with self.assertRaisesRegex(UserError, reason, msg=data[:20]):
                self.wizard._import_bytes("customers", data)

    def test_a_file_of_something_else_is_asked_about(self):
        with self.assertRaisesRegex(UserError, "which column holds: Product"):
            self.load("subscriptions", "ref,metric,value", "C-1,nps,9")
