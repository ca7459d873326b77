from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .facts_common import FactsCase

NOON = "2026-01-05 12:00:00"


@tagged("post_install", "-at_install")
class TestRecord(FactsCase):
    """The one door through which facts come in."""

    def test_the_same_call_twice_changes_nothing(self):
        call = [self.reading("nps", 9, at=NOON), self.reading("csat", 4.5, at=NOON)]
        self.assertEqual(
            self.values.record(call), {"recorded": 2, "unchanged": 0, "errors": []}
        )
        self.assertEqual(
            self.values.record(call), {"recorded": 0, "unchanged": 2, "errors": []}
        )
        self.assertEqual(self.present().value, 9)
        self.assertEqual(self.history("csat"), [(NOON, 4.5)])

    def test_one_bad_row_among_a_thousand(self):
        accounts = self.make_accounts(1000)
        call = [self.reading("employees", 5, one.id) for one in accounts]
        call[500]["value"] = "many"
        answer = self.values.record(call)
        self.assertEqual((answer["recorded"], answer["unchanged"]), (999, 0))
        self.assertEqual(
            answer["errors"], [{"index": 500, "reason": "Not a number: many"}]
        )

    def test_each_bad_reading_is_named_in_order(self):
        tomorrow = datetime.now() + timedelta(days=1)
        answer = self.record_all(
            self.reading(value=float("nan")),
            self.reading(value=float("inf")),
            self.reading(value=10**400),
            self.reading(value="9"),
            self.reading(value=True),
            self.reading(value=[9]),
            self.reading(at=tomorrow.isoformat()),
            self.reading(at="soon"),
            self.reading(at=""),
            self.reading(at=20260105),
            self.reading(metric="shoe_size"),
            self.reading(metric=["nps"]),
            self.reading(account="NOBODY"),
            self.reading(account=2**60),
            self.reading(account=True),
            {"account": self.account.id, "metric": "nps"},
            ["nps", 9],
            self.reading(company="Nowhere"),
            self.reading(value=8),
        )
        self.check_refused(
            answer,
            *["Not a finite number"] * 3,
            *["Not a number"] * 3,
            "In the future",
            *["Not a time"] * 3,
            *["Unknown metric"] * 2,
            *["Unknown customer"] * 3,
            "“value” is missing",
            "Not a reading",
            "Not one of your companies",
        )
        self.assertEqual([error["index"] for error in answer["errors"]], [*range(18)])
        self.assertEqual(answer["recorded"], 1)

    def test_a_number_that_is_no_id_hides_no_id(self):
        for odd in (float(self.account.id), True):
            answer = self.record_all(self.reading(account=odd), self.reading(value=9))
            self.check_refused(answer, "Unknown customer")
            self.assertEqual(answer["recorded"] + answer["unchanged"], 1)

    def test_huge_numbers_are_refused(self):
        answer = self.record_all(
            self.reading(value=1e308),
            self.reading(value=-1.1e15),
            self.reading("csat", value=1e15),
        )
        self.check_refused(answer, "Too large: 1e+308", "Too large")
        self.assertEqual(answer["recorded"], 1)

    def test_texts_the_database_cannot_hold_are_refused(self):
        for text in ("A\x00B", "x.\x00", "A\ud800"):
            answer = self.record_all(
                self.reading(account=text),
                self.reading(metric=text),
                self.reading(company=text),
                self.reading("mrr", currency=text),
                self.reading(at=text),
                self.reading(value=text),
                self.reading("renewal", value=text),
                self.reading(value=8),
            )
            self.check_refused(
                answer,
                "Unknown customer",
                "Unknown metric",
                "Not one of your companies",
                "Unknown currency",
                "Not a time",
                "Not a number",
                "Not a date",
            )
            self.assertEqual(len(answer["errors"]), 7)
            for error in answer["errors"]:
                self.assertNotIn("\x00", error["reason"])
                error["reason"].encode()

    def test_mirrors_of_what_became_unknown_are_empty(self):
        facts = {
            "mrr": 10,
            "mood": 4,
            "renewal": "2026-01-05",
            "last_interaction": "2026-01-05",
        }
        fields = ("mrr", "mood", "renewal_on", "last_interaction_on")
        self.record_all(*(self.reading(key, one) for key, one in facts.items()))
        self.assertTrue(all(self.account[name] for name in fields))
        self.record_all(*(self.reading(key, None) for key in facts))
        for name in fields:
            self.assertFalse(self.account[name], name)

    def test_wrong_calls(self):
        with self.assertRaises(UserError):
            self.values.record({"account": 1})
        with self.assertRaises(UserError):
            self.values.record([{}] * 50_001)
        self.assertEqual(
            self.values.record([]), {"recorded": 0, "unchanged": 0, "errors": []}
        )

    def test_clocks_may_be_five_minutes_ahead(self):
        with self.at_time(NOON):
            answer = self.record_all(
                self.reading("nps", at="2026-01-05T12:05:00"),
                self.reading("csat", 4, at="2026-01-05T12:05:01"),
            )
            self.check_refused(answer, "In the future")
            self.assertEqual(answer["recorded"], 1)

    def test_moments_are_utc_unless_they_say_otherwise(self):
        self.record_all(
            self.reading("nps", 1, at="2026-01-05T12:00:00"),
            self.reading("nps", 2, at="2026-01-05T12:00:00-03:00"),
            self.reading("nps", 3, at="2026-01-05T16:00:00.5Z"),
            self.reading("nps", 4, at=datetime(2026, 1, 5, 17)),
        )
        self.assertEqual(
            self.history(),
            [
                ("2026-01-05 12:00:00", 1),
                ("2026-01-05 15:00:00", 2),
                ("2026-01-05 16:00:00", 3),
                ("2026-01-05 17:00:00", 4),
            ],
        )

    def test_a_date_alone_begins_at_the_company(self):
        self.record_all(self.reading(at="2026-01-05"))
        self.assertEqual(self.history(), [("2026-01-05 03:00:00", 9)])

    def test_without_a_moment_it_is_now(self):
        with self.at_time(NOON):
            self.record_all(self.reading())
        self.assertEqual(self.history(), [(NOON, 9)])

    def test_a_correction_of_the_same_moment_wins(self):
        self.record_all(self.reading(value=3, at=NOON))
        answer = self.record_all(self.reading(value=8, at=NOON))
        self.assertEqual(answer["recorded"], 1)
        self.assertEqual(self.history(), [(NOON, 8)])
        self.assertEqual(self.present().value, 8)

    def test_the_last_of_one_call_wins(self):
        call = [self.reading(value=3, at=NOON), self.reading(value=8, at=NOON)]
        self.assertEqual(
            self.values.record(call), {"recorded": 1, "unchanged": 1, "errors": []}
        )
        self.assertEqual(self.present().value, 8)
        self.assertEqual(self.values.record(call)["recorded"], 0)

    def test_a_late_arrival_goes_into_history_only(self):
        self.record_all(self.reading(value=8, at=NOON))
        self.record_all(self.reading(value=3, at="2025-12-01"))
        self.assertEqual(len(self.history()), 2)
        self.assertEqual(self.present().value, 8)

    def test_nothing_is_known_after_a_null(self):
        self.record_all(self.reading(value=8, at=NOON))
        answer = self.record_all(self.reading(value=None, at="2026-01-06"))
        self.assertEqual(answer["recorded"], 1)
        self.assertFalse(self.present().is_known)
        self.assertEqual(self.present().display_value, "unknown")
        self.assertIsNone(self.judged())
        self.assertEqual(self.judged(date(2026, 1, 5)), 8)

    def test_zero_is_a_value(self):
        self.record_all(self.reading("products", 0, at=NOON))
        self.assertTrue(self.present("products").is_known)
        self.assertEqual(self.judged(metric="products"), 0)

    def test_kinds_take_their_own_values(self):
        answer = self.record_all(
            self.reading("from_competitor", True),
            self.reading("from_competitor", 2),
            self.reading("renewal", "2027-03-31"),
            self.reading("renewal", 30),
            self.reading("renewal", "31/03/2027"),
            self.reading("tenure", date(2020, 1, 1)),
        )
        self.check_refused(answer, "Neither yes", "Not a date", "Not a date")
        self.assertEqual(self.present("from_competitor").display_value, "Yes")
        self.assertEqual(self.account.renewal_on, date(2027, 3, 31))
        self.assertIn("2020", self.present("tenure").display_value)


@tagged("post_install", "-at_install")
class TestOwner(FactsCase):
    """One owner per fact."""

    def test_the_owner_alone_writes(self):
        sheet, other = self.make_source("Faturamento"), self.make_source("Outra")
        self.record_all(self.reading(value=8, at=NOON), source=sheet)
        for source in (None, other):
            answer = self.record_all(self.reading(value=2), source=source)
            self.check_refused(answer, "Faturamento")
        # The same sheet of the next month is the same source.
        answer = self.record_all(self.reading(value=7), source=sheet)
        self.assertEqual(answer["recorded"], 1)

    def test_other_facts_are_free(self):
        self.record_all(self.reading(value=8), source=self.make_source())
        answer = self.record_all(self.reading("csat", 4))
        self.assertEqual(answer["recorded"], 1)

    def test_a_source_that_ends_gives_its_facts_back(self):
        sheet = self.make_source()
        self.record_all(self.reading(value=8, at=NOON), source=sheet)
        sheet.active = False
        self.assertEqual(self.record_all(self.reading(value=2))["recorded"], 1)
        self.assertFalse(self.present().source_id)

    def test_a_source_takes_what_nobody_owns(self):
        sheet = self.make_source()
        self.record_all(self.reading(value=8, at=NOON))
        self.record_all(self.reading(value=7), source=sheet)
        self.assertEqual(self.present().source_id, sheet)


@tagged("post_install", "-at_install")
class TestWhichAccount(FactsCase):
    """Accounts are named by id, external id, reference or CNPJ."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.partner_id.write({"ref": "C-1", "vat": "12.345.678/0001-95"})
        cls.env["ir.model.data"].create(
            {
                "module": "crm_import",
                "name": "padaria.sol",
                "model": "cs.account",
                "res_id": cls.account.id,
            }
        )
        cls.env["ir.model.data"].create(
            {
                "module": "crm_import",
                "name": "partner",
                "model": "res.partner",
                "res_id": cls.account.partner_id.id,
            }
        )
        cls.other_company = cls.env["res.company"].create({"name": "Filial"})
        cls.there = cls.make_account(
            partner_id=cls.make_partner("Longe", ref="C-9").id,
            company_id=cls.other_company.id,
        )

    def test_every_way_to_name_it(self):
        names = (
            self.account.id,
            "crm_import.padaria.sol",
            "crm_import.partner",
            "C-1",
            "12.345.678/0001-95",
            "12345678000195",
            "BR12345678000195",
        )
        answer = self.record_all(
            *(self.reading(value=n, account=name) for n, name in enumerate(names))
        )
        self.assertFalse(answer["errors"])
        self.assertEqual(self.present().value, len(names) - 1)

    def test_a_reference_is_stronger_than_a_cnpj(self):
        rival = self.make_account(partner_id=self.make_partner(ref="12345678000195").id)
        self.record_all(self.reading(account="12345678000195"))
        self.assertTrue(self.present(account=rival))
        self.assertFalse(self.present())

    def test_an_ambiguous_name_is_refused(self):
        self.make_account(partner_id=self.make_partner(ref="C-1").id)
        self.check_refused(
            self.record_all(self.reading(account="C-1")), "2 customers are meant"
        )

    def test_the_same_customer_in_two_companies(self):
        self.make_account(
            partner_id=self.account.partner_id.id, company_id=self.other_company.id
        )
        answer = self.record_all(
            self.reading(account="C-1"),
            self.reading(account="C-1", company=self.company.id),
            self.reading(account="C-1", company="Filial", value=2),
        )
        self.check_refused(answer, "2 customers are meant")
        self.assertEqual(self.present().value, 9)

    def test_accounts_of_other_companies_are_unknown(self):
        door = self.values.with_user(self.specialist)
        for reference in (self.there.id, "C-9"):
            answer = door.record([self.reading(account=reference)])
            self.check_refused(answer, "Unknown customer")
        answer = door.record([self.reading(account="C-9", company="Filial")])
        self.check_refused(answer, "Not one of your companies")


@tagged("post_install", "-at_install")
class TestMoney(FactsCase):
    """Money comes into the currency of the customer's company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currencies = cls.env["res.currency"].with_context(active_test=False)
        cls.foreign = currencies.search(
            [("name", "=", "CHF"), ("id", "!=", cls.company.currency_id.id)]
        )
        cls.foreign.active = True
        cls.foreign.rate_ids.unlink()

    def test_converted_at_the_rate_of_its_day(self):
        for day, rate in (("2026-01-01", 0.5), ("2026-02-01", 0.25)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.foreign.id,
                    "name": day,
                    "rate": rate,
                    "company_id": self.company.id,
                }
            )
        for at, expected in (("2026-01-15", 200), ("2026-02-15", 400)):
            self.record_all(self.reading("mrr", 100, currency="CHF", at=at))
            self.assertAlmostEqual(self.present("mrr").value, expected)

    def test_what_cannot_be_converted_is_named(self):
        own = self.company.currency_id
        own.rate_ids.unlink()
        answer = self.record_all(
            self.reading("mrr", 100, currency="CHF"),
            self.reading("mrr", 100, currency="XXZ"),
            self.reading("mrr", 100, currency=["CHF"]),
            self.reading("nps", 9, currency=own.name),
            self.reading("mrr", 100, currency=own.name),
        )
        self.check_refused(
            answer,
            "No exchange rate of CHF",
            *["Unknown currency"] * 2,
            "Only money",
        )
        self.assertEqual(self.account.mrr, 100)


@tagged("post_install", "-at_install")
class TestMerge(FactsCase):
    """Customers that are merged keep all that is known of both."""

    def test_facts_move_and_the_newest_is_the_present(self):
        twin = self.make_account("Padaria Sol ME")
        self.record_all(
            self.reading("nps", 3, at=NOON),
            self.reading("mrr", 10, at=NOON),
            self.reading("nps", 5, twin.id, at=NOON),
            self.reading("nps", 9, twin.id, at="2026-02-01"),
            self.reading("csat", 4, twin.id, at=NOON),
            self.reading("mrr", 20, twin.id, at="2026-02-01"),
        )
        self.account._take_facts(twin)
        self.assertEqual(self.history(), [(NOON, 3), ("2026-02-01 03:00:00", 9)])
        self.assertEqual(self.present("csat").value, 4)
        self.assertEqual(self.account.mrr, 20)
        self.assertFalse(self.present(account=twin))
