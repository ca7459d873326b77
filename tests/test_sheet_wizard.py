import base64

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .sheet_common import SheetCase


@tagged("post_install", "-at_install")
class TestWizard(SheetCase):
    """What a person clicks."""

    def drop(self, *lines, **values):
        data = base64.b64encode("\n".join(lines).encode())
        values = {"kind": "measurements", "filename": "uso.csv", **values}
        return self.wizard.create({"data": data, **values})

    def choose(self, wizard, **uses):
        """Say what columns hold: ``{column: name of the choice}``."""
        with Form(wizard) as form:
            for position, name in enumerate(wizard.column_ids.mapped("name")):
                if name in uses:
                    with form.column_ids.edit(position) as line:
                        line.choice_id = wizard.choice_ids.filtered(
                            lambda one, name=name: one.name == uses[name]
                        )
        return form

    def load_of(self, wizard):
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "cs.sheet.load")
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_columns_are_guessed_shown_and_remembered(self):
        file = (
            "who,when,what,how many",
            "C-1,2026-02-01,nps,9",
            "C-9,2026-02-01,nps,1",
        )
        wizard = self.drop(*file)
        wizard.action_columns()
        self.assertEqual(wizard.step, "columns")
        self.assertIn("C-1", wizard.preview)
        self.assertEqual(wizard.column_ids[0].sample, "C-1, C-9")
        self.assertIn("Customer", wizard.missing)
        with self.assertRaises(UserError):
            wizard.action_import()
        columns = {"who": "Customer", "when": "Date", "what": "Metric"}
        form = self.choose(wizard, **columns, **{"how many": "Value"})
        self.assertFalse(form.missing)
        load = self.load_of(wizard)
        self.assertEqual((load.state, load.kept, load.unmatched), ("done", 1, 1))
        self.assertEqual(load.source_id.rows_recorded, 1)
        next_month = self.drop("when,who,how many,what", "2026-03-01,C-1,8,nps")
        self.assertEqual(self.load_of(next_month).source_id, load.source_id)
        self.assertEqual(self.present().value, 8)

    def test_what_is_not_used_is_named_before_and_after(self):
        wizard = self.drop("ref,date,metric,value,Obs", "C-1,2026-02-01,nps,9,ok")
        wizard.action_columns()
        self.assertEqual(wizard.unused, "Obs")
        self.assertEqual(self.load_of(wizard).unused, "Obs")

    def test_a_column_that_was_set_aside_stays_so(self):
        header = "ref,date,nps,Sapato"
        wizard = self.drop(header, "C-1,2026-02-01,9,42")
        wizard.action_columns()
        self.assertFalse(wizard.unused)
        self.choose(wizard, Sapato="Not used")
        self.assertEqual(self.load_of(wizard).unused, "Sapato")
        again = self.drop(header, "C-1,2026-03-01,8,42")
        self.assertEqual(self.load_of(again).unused, "Sapato")
        self.assertFalse(self.env["cs.metric"].search([("key", "=", "sapato")]))

    def test_headers_that_differ_in_case_only(self):
        wizard = self.drop("Quem,Data,NPS", "C-1,2026-02-01,9")
        wizard.action_columns()
        self.choose(wizard, Quem="Customer")
        self.assertEqual(self.load_of(wizard).kept, 1)
        report = self.load("measurements", "QUEM;nps;Nps;data", "C-1;7;5;2026-03-01")
        self.check_report(report, kept=1)
        self.assertEqual(report["unused"], ["Nps"])
        self.assertEqual(self.present().value, 7)

    def test_two_columns_for_one_thing_are_refused(self):
        wizard = self.drop("ref,codigo,date,nps", "C-1,C-2,2026-02-01,9")
        wizard.action_columns()
        self.choose(wizard, ref="Customer", codigo="Customer")
        with self.assertRaisesRegex(UserError, "ref, codigo"):
            wizard.action_import()

    def test_another_header_line(self):
        wizard = self.drop("a,b,c", "Código,Data,NPS", "C-1,2026-02-01,9")
        wizard.action_columns()
        self.assertEqual(wizard.header_line, 2)
        wizard.header_line = 1
        self.assertTrue(wizard.is_other_table)
        self.assertEqual(wizard.action_import()["res_model"], "cs.sheet.import")
        self.assertEqual(wizard.column_ids.mapped("name"), ["a", "b", "c"])
        wizard.header_line = 9
        with self.assertRaisesRegex(UserError, "Line 9 is empty"):
            wizard.action_columns()

    def test_the_day_of_measurements_that_say_none(self):
        wizard = self.drop("ref,metric,value", "C-1,nps,9", measured_on="2026-02-01")
        self.load_of(wizard)
        self.assertEqual(self.history(), [("2026-02-01 03:00:00", 9)])

    def test_two_clicks_load_it_once(self):
        wizard = self.drop("ref,metric,value", "C-1,nps,9")
        load = self.load_of(wizard)
        self.assertEqual(self.load_of(wizard), load)
        self.assertEqual(load.kept, 1)

    def test_from_the_button_of_a_source(self):
        source = self.make_source(sheet_kind="subscriptions")
        action = source.action_import_sheet()
        form = Form(self.wizard.with_context(**action["context"]))
        self.assertEqual(form.kind, "subscriptions")

    def test_what_it_holds_decides_over_a_source_of_another_kind(self):
        source = self.make_source(sheet_kind="customers")
        wizard = self.drop("ref,metric,value", "C-1,nps,9", source_id=source.id)
        wizard.kind = "measurements"
        self.assertEqual(self.load_of(wizard).kept, 1)
        self.assertNotEqual(wizard.source_id, source)

    def test_back_to_another_file(self):
        wizard = self.drop("a,b,c", "Código,Data,NPS", "C-1,2026-02-01,9")
        wizard.action_columns()
        wizard.action_back()
        wizard.data = base64.b64encode(b"ref,date,nps\nC-1,2026-02-01,9")
        wizard.action_columns()
        self.assertEqual(wizard.header_line, 1)

    def test_a_file_is_its_importers_alone(self):
        wizard = self.drop("ref,metric,value", "C-1,nps,9")
        wizard.action_columns()
        load = self.load_of(wizard).with_user(self.specialist)
        other = self.make_user("cs_two", "customer_success.group_cs_specialist")
        for records in (
            wizard,
            wizard.column_ids,
            wizard.choice_ids,
            load,
            load.page_ids,
        ):
            self.assertTrue(records.has_access("read"))
            self.assertFalse(records.with_user(other).has_access("read"))
        for records in (load, load.page_ids):
            self.assertTrue(records.with_user(self.admin).has_access("read"))
            self.assertFalse(records.with_user(self.manager).has_access("read"))

    def test_only_specialists_import(self):
        self.assertFalse(
            self.env["cs.sheet.import"].with_user(self.manager).has_access("create")
        )
