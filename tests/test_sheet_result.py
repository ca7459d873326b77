import base64
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import HttpCase, new_test_user, tagged

from ..sheets import result_file
from ..sheets.cells import CellReader
from ..sheets.loader import LOADERS
from ..sheets.table import read_table
from .sheet_common import SheetCase
from .workbooks import workbook


@tagged("post_install", "-at_install")
class TestResult(SheetCase):
    """What became of each row, as files that can be mended."""

    def load_of(self, kind, data, filename="uso.csv", **values):
        values |= {"kind": kind, "filename": filename, "data": base64.b64encode(data)}
        action = self.wizard.create(values).action_import()
        return self.env["cs.sheet.load"].browse(action["res_id"])

    def lines(self, load, outcome):
        _name, content = load._result_file(outcome)
        return content.decode("utf-8-sig").splitlines()

    def test_each_class_has_its_file_with_the_columns_of_the_original(self):
        self.record_all(self.reading(at="2026-01-01", value=5))
        file = (
            "Código;Data;Obs;NPS",
            "C-1;01/02/2026;=1+1;9",
            "C-1;01/03/2026;;nove",
            'C-2;01/03/2026;"a;b";7',
            "C-1;01/04/2026;x;8",
        )
        self.load("measurements", file[0], file[4])
        load = self.load_of("measurements", "\n".join(file).encode())
        heading = "Código;Data;Obs;NPS;Line;Reason"
        for outcome, row in (
            ("kept", "C-1;01/02/2026;'=1+1;9;2;"),
            ("unchanged", "C-1;01/04/2026;x;8;5;"),
            ("unmatched", 'C-2;01/03/2026;"a;b";7;4;Unknown customer: C-2'),
            ("bad", "C-1;01/03/2026;;nove;3;NPS: Not a number: nove"),
        ):
            self.assertEqual(load[outcome], 1, outcome)
            self.assertEqual(self.lines(load, outcome), [heading, row])
        self.assertEqual(load._result_file("bad")[0], "uso (refused).csv")
        self.assertIn("nove", load.bad_rows)
        self.assertIn("C-2", load.unmatched_rows)

    def test_mended_it_loads(self):
        data = workbook(
            [
                ["Cliente", "Data", "NPS", "Uso (h)"],
                ["C-1", date(2026, 2, 1), 9, 1.234],
                ["C-1", "31/02/2026", 8, 1.234],
                ["C-1", date(2026, 4, 1), "sete", 0.125],
            ]
        )
        load = self.load_of("measurements", data, "uso.xlsx")
        self.assertEqual((load.kept, load.bad), (1, 2))
        self.assertEqual(load.delimiter, False)
        name, content = load._result_file("bad")
        self.assertEqual(name, "uso (refused).csv")
        mended = content.replace(b"31/02/2026", b"28/02/2026").replace(b"sete", b"7")
        again = self.load_of("measurements", mended, name)
        self.assertEqual((again.kept, again.bad, again.unused), (2, 0, "Line, Reason"))
        self.assertEqual(again.source_id, load.source_id)
        self.assertEqual(
            [value for _at, value in self.history("uso_h")], [1.234, 1.234, 0.125]
        )
        self.assertFalse(self.env["cs.metric"].search([("key", "=", "line")]))
        # Refused once more, it has its own line and reason, not those of before too.
        worse = self.load_of("measurements", content.replace(b"sete", b"oito"), name)
        self.assertEqual(worse.bad, 2)
        self.assertEqual(
            self.lines(worse, "bad")[0].replace(",", ";"),
            "Cliente;Data;NPS;Uso (h);Line;Reason",
        )

    def test_a_result_in_portuguese_is_known_as_one(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        load = self.load_of("measurements", b"ref;date;nps\nC-1;2026-02-01;x")
        _name, content = load.with_context(lang="pt_BR")._result_file("bad")
        report = self.wizard._import_bytes(
            "measurements", content.replace(b";x;", b";9;")
        )
        self.assertEqual((report["kept"], len(report["unused"])), (1, 2))

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.one_of(
                st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 6)),
                st.integers(-(10**9), 10**9),
                st.dates(date(1990, 1, 1), date(2090, 1, 1)),
                st.sampled_from(
                    ["1.234", "1,234", "1.234,56", "-12,5", "R$ 3.000", "x"]
                ),
            ),
            min_size=1,
            max_size=6,
        ),
        st.sampled_from([",", ";", "\t", None]),
        st.booleans(),
    )
    def test_a_cell_reads_the_same_in_the_result(self, cells, delimiter, comma):
        """Whatever rows a result leaves out, and with them the evidence."""
        traits = {"numbers": [1], "decimal_comma": comma}
        rows = [(n, ["C", cell], "why") for n, cell in enumerate(cells, 2)]
        content = result_file.write(self.env, ["a", "b"], rows, delimiter, traits)
        table = read_table(self.env, content)
        before = CellReader(self.env, self.company, comma)
        for other in (True, False):
            after = CellReader(self.env, self.company, other)
            for cell, (_line, found) in zip(cells, table.rows, strict=True):
                if isinstance(cell, date):
                    self.assertEqual(after.date(found[1]), cell)
                elif cell != "x":
                    self.assertEqual(after.number(found[1]), before.number(cell))

    def test_rows_of_long_ago_are_given_up(self):
        load = self.load_of("measurements", b"ref;date;nps\nC-1;2026-02-01;x")
        self.env.cr.execute(
            "UPDATE cs_sheet_load SET create_date = now() - interval '91 days'"
            " WHERE id = %s",
            [load.id],
        )
        load.invalidate_recordset()
        self.env["cs.sheet.load"]._gc_rows()
        self.assertEqual((load.is_emptied, load.data, load.bad), (True, False, 1))
        self.assertFalse(load.page_ids)


@tagged("post_install", "-at_install")
class TestDownload(HttpCase):
    """The address from which results are downloaded."""

    def test_whose_rows_they_are(self):
        specialist = "customer_success.group_cs_specialist"
        new_test_user(self.env, login="ana", groups=specialist)
        bia = new_test_user(self.env, login="bia", groups=specialist)
        wizard = self.env["cs.sheet.import"].with_user(bia)
        wizard._import_bytes("customers", "nome;cidade\n;Belém".encode())
        load = self.env["cs.sheet.load"].search([("create_uid", "=", bia.id)])
        url = f"/customer_success/import/{load.id}"
        self.authenticate("bia", "bia")
        answer = self.url_open(f"{url}/bad")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("Belém;2;Neither name", answer.content.decode("utf-8-sig"))
        for wrong in (f"{url}/all", "/customer_success/import/999999999/bad"):
            self.assertEqual(self.url_open(wrong).status_code, 404)
        # Customers first: the others are about them.
        for kind in sorted(LOADERS, key=lambda kind: kind != "customers"):
            example = self.url_open(f"/customer_success/import/example/{kind}")
            self.assertEqual(example.status_code, 200)
            report = wizard._import_bytes(kind, example.content)
            self.assertEqual((report["unused"], report["bad"]), ([], []), kind)
            self.assertEqual(report["kept"], 2)
        wrong = self.url_open("/customer_success/import/example/invoices")
        self.assertEqual(wrong.status_code, 404)
        self.authenticate("ana", "ana")
        self.assertEqual(self.url_open(f"{url}/bad").status_code, 404)
