from datetime import date

from odoo.tests import tagged

from .sheet_common import SheetCase


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

    def test_whom_nobody_knows_can_be_explained(self):
        file = (self.HEADER, "Sol & Cia,Basic,2026-01-01,,100,1,1")
        report = self.load("subscriptions", *file)
        self.check_report(report, unmatched=[(2, "Unknown customer: Sol & Cia")])
        names = self.env["cs.metric.unmatched"].with_user(self.specialist)
        names.search([("reference", "=", "Sol & Cia")]).account_id = self.account
        self.check_report(self.load("subscriptions", *file), kept=1, created=1)

    def test_a_fraction_of_a_cent_is_no_change(self):
        file = (self.HEADER, "C-1,Basic,2026-01-01,,33.3333,1,1")
        self.load("subscriptions", *file)
        self.check_report(self.load("subscriptions", *file), unchanged=1)
