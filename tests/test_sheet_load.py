import base64
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..sheets.customers import CustomerLoader
from ..sheets.measurements import MeasurementLoader
from ..sheets.subscriptions import SubscriptionLoader
from ..sources.sheet import SheetSource
from .sheet_common import SheetCase


class Killed(BaseException):
    """What ends a worker; nobody catches it."""


@tagged("post_install", "-at_install")
class TestLongFiles(SheetCase):
    """Files that are loaded in the background, ten rows a page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.make_accounts(35)
        for number, account in enumerate(cls.accounts):
            account.partner_id.ref = f"N-{number}"
        for loader in (CustomerLoader, MeasurementLoader, SubscriptionLoader):
            cls.startClassPatcher(patch.object(loader, "page_rows", 10))

    def drop(self, *lines, kind="measurements", user=None, **values):
        """Drop a file in the wizard; return its load, still to be done."""
        wizard = self.wizard.with_user(user or self.specialist).create(
            {
                "kind": kind,
                "filename": "longo.csv",
                "data": base64.b64encode("\n".join(lines).encode()),
                **values,
            }
        )
        action = wizard.action_import()
        return self.env["cs.sheet.load"].browse(action["res_id"])

    def measurements(self, count=35):
        return [f"N-{number};2026-02-01;{number}" for number in range(count)]

    def work(self):
        """Run the scheduled action, as often as it takes."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron = self.env.ref("customer_success.ir_cron_load_sheets")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def work_and_die(self, page):
        """Run the scheduled action; kill it when the rows of a page are written."""
        load = MeasurementLoader.load
        pages = []

        def killed(loader, rows):
            pages.append(rows)
            report = load(loader, rows)
            if len(pages) == page:
                raise Killed
            return report

        # Not assertRaises, which would undo what was committed.
        try:
            with patch.object(MeasurementLoader, "load", killed):
                self.work()
        except Killed:
            self.env.invalidate_all()
        else:
            self.fail("Nothing was killed")

    def recorded(self):
        return self.readings.search_count([("account_id", "in", self.accounts.ids)])

    def test_it_waits_and_is_done(self):
        load = self.drop("ref;date;nps", *self.measurements(), "N-99;2026-02-01;7")
        self.assertEqual((load.state, load.rows_total), ("waiting", 0))
        self.assertFalse(self.recorded())
        self.work()
        self.assertRecordValues(
            load,
            [
                {
                    "state": "done",
                    "rows_total": 36,
                    "rows_done": 36,
                    "kept": 35,
                    "unmatched": 1,
                    "bad": 0,
                }
            ],
        )
        self.assertEqual(len(load.page_ids), 4)
        self.assertEqual(self.recorded(), 35)
        self.assertEqual(load.source_id.rows_recorded, 35)

    def test_a_short_one_is_done_at_once(self):
        load = self.drop("ref;date;nps", *self.measurements(9))
        self.assertEqual((load.state, load.kept), ("done", 9))

    def test_killed_in_the_middle_it_goes_on(self):
        load = self.drop("ref;date;nps", *self.measurements())
        self.work_and_die(page=2)
        self.assertEqual((load.state, load.rows_done, load.kept), ("running", 10, 10))
        self.assertEqual(self.recorded(), 10)
        self.work()
        self.assertEqual((load.state, load.rows_done, load.kept), ("done", 35, 35))
        self.assertEqual(self.recorded(), 35)

    def test_what_kills_each_time_is_given_up_and_can_go_on(self):
        load = self.drop("ref;date;nps", *self.measurements())
        for _time in range(3):
            self.work_and_die(page=1)
        self.work()
        self.assertEqual((load.state, load.rows_done), ("failed", 0))
        self.assertIn("stopped 3 times", load.error)
        load.with_user(self.specialist).action_go_on()
        self.work()
        self.assertEqual((load.state, load.kept), ("done", 35))

    def test_one_poisoned_row_stops_nothing(self):
        record = type(self.values).record

        def poisoned(values, readings, source=None):
            if any(reading["value"] == 13 for reading in readings):
                raise ZeroDivisionError
            return record(values, readings, source)

        load = self.drop("ref;date;nps", *self.measurements())
        with patch.object(type(self.values), "record", poisoned):
            self.work()
        self.assertEqual((load.state, load.kept, load.bad), ("done", 34, 1))
        [(line, _cells, reason)] = load._rows_of("bad")
        self.assertEqual(line, 15)
        self.assertIn("nobody foresaw: ZeroDivisionError", reason)

    def test_where_every_row_is_poisoned_it_fails(self):
        load = self.drop("ref;date;nps", *self.measurements())
        broken = patch.object(
            type(self.values), "record", side_effect=ZeroDivisionError
        )
        with (
            broken,
            patch.object(MeasurementLoader, "page_rows", 100),
            patch(
                "odoo.addons.customer_success.models.cs_sheet_load_work.MAX_POISONED", 5
            ),
        ):
            self.work()
        self.assertEqual((load.state, load.rows_done), ("failed", 0))
        self.assertIn("More than 5 rows fail", load.error)
        self.assertEqual(load.source_id.last_error, load.error)

    def test_a_file_that_fails_stops_no_other(self):
        first = self.drop("ref;date;nps", *self.measurements())
        second = self.drop("ref;date;csat", *self.measurements())
        read, reason = SheetSource.read_file, "Nobody can read this."

        def fails_once(sheet, data, *args, **kwargs):
            if b"nps" in data:
                raise UserError(reason)
            return read(sheet, data, *args, **kwargs)

        with patch.object(SheetSource, "read_file", fails_once):
            self.work()
        self.assertEqual((first.state, first.error), ("failed", reason))
        self.assertEqual((second.state, second.kept), ("done", 35))

    def test_it_is_loaded_with_the_rights_of_who_imported_it(self):
        load = self.drop(
            "nome", *(f"Cliente novo {n}" for n in range(15)), kind="customers"
        )
        self.specialist.write(
            {"group_ids": [(6, 0, self.env.ref("base.group_user").ids)]}
        )
        self.work()
        self.assertEqual(load.state, "failed")
        self.assertTrue(load.error)
        self.assertFalse(self.customer("Cliente novo 1"))

    def test_it_is_loaded_in_the_language_of_who_imported_it(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.specialist.lang = "pt_BR"
        load = self.drop(
            "nome;cidade", *(f";Belém {n}" for n in range(15)), kind="customers"
        )
        self.work()
        [(_line, _cells, reason)] = load._first_rows("bad", 1)
        expected = self.env(context={"lang": "pt_BR"})._(
            "Neither name, reference nor CNPJ/VAT is given."
        )
        self.assertEqual((load.bad, reason), (15, expected))

    def test_who_left_is_named(self):
        load = self.drop("ref;date;nps", *self.measurements())
        self.specialist.active = False
        self.work()
        self.assertEqual(load.state, "failed")
        self.assertIn("no longer active", load.error)

    def test_stopped_and_taken_up(self):
        load = self.drop("ref;date;nps", *self.measurements())
        self.work_and_die(page=2)
        load.with_user(self.specialist).action_stop()
        self.work()
        self.assertEqual((load.state, load.rows_done), ("stopped", 10))
        load.with_user(self.specialist).action_go_on()
        self.work()
        self.assertEqual((load.state, load.kept), ("done", 35))

    def test_the_same_file_while_it_is_loaded_is_the_same_load(self):
        lines = ["ref;date;nps", *self.measurements()]
        load = self.drop(*lines)
        self.assertEqual(self.drop(*lines), load)
        self.work()
        again = self.drop(*lines)
        self.assertNotEqual(again, load)
        self.work()
        self.assertEqual((again.kept, again.unchanged), (0, 35))

    def test_measurements_without_a_date_are_of_when_they_came_first(self):
        lines = ["ref;nps", *(f"N-{n};{n}" for n in range(35))]
        with self.at_time("2026-02-01 12:00:00"):
            load = self.drop(*lines)
        with self.at_time("2026-02-02 12:00:00"):
            self.work()
            again = self.drop(*lines)
            self.work()
        self.assertEqual((load.kept, again.unchanged), (35, 35))
        self.assertEqual(
            self.history(account=self.accounts[3]), [("2026-02-01 12:00:00", 3)]
        )

    def test_numbers_are_read_as_the_whole_file_writes_them(self):
        lines = [f'N-{n},2026-02-01,"1.234"' for n in range(20)]
        self.drop("ref,date,nps", *lines, 'N-20,2026-02-01,"12,5"')
        self.work()
        self.assertEqual(self.present(account=self.accounts[3]).value, 1234)

    def test_all_periods_of_a_customer_are_in_one_page(self):
        header = "ref;product;start;end;mrr"
        months = [
            f"N-{n};Plan;2026-{month:02}-01;2026-{month + 1:02}-01;{100 + month}"
            for month in (3, 1, 2)
            for n in range(8)
        ]
        load = self.drop(header, *months, kind="subscriptions")
        self.work()
        self.assertEqual((load.state, load.kept, load.created), ("done", 24, 8))
        subscription = self.env["cs.subscription"].search(
            [("account_id", "=", self.accounts[2].id)]
        )
        self.assertEqual((len(subscription), subscription.mrr), (1, 103))
        again = self.drop(header, *months, kind="subscriptions")
        self.work()
        self.assertEqual((again.kept, again.unchanged), (0, 24))

    def test_a_customer_named_twice_is_found_across_pages(self):
        names = [f"Nova {n};X-{n}" for n in range(25)]
        load = self.drop("nome;ref", *names, "Nova outra;X-3", kind="customers")
        self.work()
        self.assertEqual((load.kept, load.created, load.bad), (25, 25, 1))
        [(line, _cells, reason)] = load._rows_of("bad")
        self.assertEqual((line, reason), (27, "The same customer as in line 5"))
