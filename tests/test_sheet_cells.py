import doctest
from datetime import date, datetime
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ..sheets import cells, cnpj, header, notation, result_file, stored_cells, text_file
from ..sheets.notation import parse_moment, parse_number, writes_decimal_comma

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@tagged("post_install", "-at_install")
class TestCells(BaseCase):
    """How people write numbers and dates."""

    def test_examples_in_the_code(self):
        modules = (cells, cnpj, header, notation, result_file, stored_cells, text_file)
        for module in modules:
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_numbers_that_read_one_way_only(self):
        for text, number in (
            ("1.234,56", 1234.56),
            ("1,234.56", 1234.56),
            ("R$ 1.234.567,00", 1234567),
            ("-R$ 12,50", -12.5),
            ("R$ -12,50", -12.5),
            ("12,5%", 12.5),
            ("0.5", 0.5),
            ("1e3", 1000),
            ("\xa01\xa0234,5", 1234.5),
            ("7", 7),
        ):
            for decimal_comma in (True, False):
                self.assertEqual(parse_number(text, decimal_comma), number, text)

    def test_what_is_no_number(self):
        for text in ("", "-", "abc", "nan", "inf", "1,2,3", "1.2.3", "12/05", "0x1F"):
            self.assertIsNone(parse_number(text, True), text)

    def test_the_file_says_how_numbers_are_written(self):
        self.assertTrue(writes_decimal_comma(["1.234", "12,5"], False))
        self.assertFalse(writes_decimal_comma(["1,234", "12.5"], True))
        self.assertTrue(writes_decimal_comma(["1.234", "7"], True))
        self.assertFalse(writes_decimal_comma(["1.234", "7"], False))

    def test_dates_begin_with_the_day(self):
        for text in ("31/12/2026", "31-12-2026", "31.12.26", "2026-12-31"):
            self.assertEqual(parse_moment(text, SAO_PAULO), date(2026, 12, 31), text)
            midnight = f"{text} 00:00:00"
            self.assertEqual(parse_moment(midnight, SAO_PAULO), date(2026, 12, 31))

    def test_times_are_the_companys_unless_they_say_otherwise(self):
        for text, hour in (
            ("31/12/2026 10:30", 13),
            ("2026-12-31T10:30:00", 13),
            ("2026-12-31T10:30:00Z", 10),
        ):
            moment = datetime(2026, 12, 31, hour, 30)
            self.assertEqual(parse_moment(text, SAO_PAULO), moment)

    def test_what_is_no_date(self):
        for text in ("12/31/2026", "31/02/2026", "soon", "2026", "31/12/2026 25:00"):
            self.assertIsNone(parse_moment(text, SAO_PAULO), text)
