from datetime import date
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_success.diagnostic import probe_query, probe_verdict
from odoo.addons.customer_success.models import cs_customer_database_link as link
from odoo.addons.customer_success.models import cs_diagnostic_probing as probing

from .common import CsCase
from .database_common import DatabaseCase
from .sql_common import PASSWORD

OVERDUE = """
    SELECT round(100 * sum(amount) FILTER (WHERE late) / sum(amount), 2) AS value,
           count(*) FILTER (WHERE late) AS late, count(*) AS total
      FROM (SELECT amount, NOT paid AND due_on < %(copy_date)s AS late FROM invoice) i
"""
NOTE = "{late} of {total} invoices are overdue: {value} % of the amount"
NUMBERS = st.floats(-1e6, 1e6)


@tagged("post_install", "-at_install")
class TestProposal(DatabaseCase):
    """A specialist has the customer's database read, and confirms what it says."""

    def test_number_answer_and_sentence(self):
        self.make_probe(OVERDUE, note=NOTE, unit="%")
        row = self.probed(self.diagnosed())
        # 200.5 + 50 of 360.5 by the day of the copy.
        self.assertEqual(row.proposed_value, 69.49)
        self.assertEqual(row.proposed_answer, "not_done")
        self.assertEqual(
            row.proposed_note, "2 of 4 invoices are overdue: 69.49 % of the amount"
        )
        self.assertEqual(row.proposed_numbers, {"value": 69.49, "late": 2, "total": 4})
        self.assertEqual(row.proposed_copy_on, date(2026, 2, 15))
        self.assertTrue(row.proposed_at)
        self.assertFalse(row.proposed_problem)
        self.assertFalse(row.answer)

    def test_each_answer(self):
        probe = self.make_probe("SELECT 1 AS value")
        row = self.row(self.diagnosed())
        for query, thresholds, answer in (
            ("SELECT 5 AS value", (5, 10), "done"),
            ("SELECT 5.01 AS value", (5, 10), "partly"),
            ("SELECT 10 AS value", (5, 10), "partly"),
            ("SELECT 10.1 AS value", (5, 10), "not_done"),
            ("SELECT 95 AS value", (95, 50), "done"),
            ("SELECT 50::float AS value", (95, 50), "partly"),
            ("SELECT 49.9 AS value", (95, 50), "not_done"),
            ("SELECT true AS value", (1, 0.5), "done"),
            (
                "SELECT NULL::int AS value, false AS applicable",
                (1, 0),
                "not_applicable",
            ),
            ("SELECT 9 AS value, true AS applicable", (5, 10), "partly"),
        ):
            with self.subTest(query):
                done_at, partly_at = thresholds
                probe.write(
                    {"query": query, "done_at": done_at, "partly_at": partly_at}
                )
                row.probe()
                self.assertFalse(row.proposed_problem)
                self.assertEqual(row.proposed_answer, answer)

    def test_what_is_in_the_way_is_said_by_the_question(self):
        probe = self.make_probe("SELECT 1 AS value")
        row = self.row(self.diagnosed())
        for query, said in (
            ("SELECT 1 AS value FROM invoice", "more than one row"),
            ("SELECT 1 AS value WHERE false", "no row"),
            ("SELECT 1 AS amount", "no column “value”. It gives: amount"),
            ("SELECT 1 AS value, 2 AS value", "more than one column “value”"),
            ("SELECT NULL::int AS value", "Nothing can be said"),
            ("SELECT 'x' AS value", "must be a number"),
            ("SELECT 'NaN'::numeric AS value", "must be a number"),
            ("SELECT 1 AS value FROM expenses", "has no table or view.*expenses"),
            ("SELECT sum(price) AS value FROM invoice", "has no column.*price"),
            ("SELECT count(*) AS value FROM payroll", "lacks rights.*payroll"),
            ("SELECT 1 / 0 AS value", "division by zero"),
            ("SELECT nap(20) AS value", "did not end within 1 seconds"),
        ):
            with self.subTest(query), patch.object(link, "MOST_SECONDS", 1):
                probe.query = query
                row.probe()
                self.assertRegex(row.proposed_problem, said)
                self.assertFalse(row.proposed_answer)
                self.assertFalse(row.proposed_note)
        probe.write({"query": "SELECT 7 AS value", "note": "{value} of {total}"})
        row.probe()
        self.assertIn("{total}", row.proposed_problem)
        probe.note = "{value}"
        row.probe()
        self.assertEqual((row.proposed_answer, row.proposed_problem), ("partly", False))

    def test_one_that_fails_stops_no_other(self):
        self.make_probe("SELECT count(*) AS value FROM expenses", "types_registered")
        self.make_probe("SELECT nap(20) AS value", "cost_centres")
        self.make_probe("SELECT 7 AS value", "bank_reconciled")
        diagnostic = self.diagnosed()
        with patch.object(link, "MOST_SECONDS", 1):
            self.assertEqual(diagnostic.probe_all(), {"proposed": 1, "problems": 2})
        self.assertEqual(
            self.row(diagnostic, "bank_reconciled").proposed_answer, "partly"
        )
        asked = diagnostic.answer_ids.filtered("proposed_at")
        self.assertEqual(len(asked), 3)

    def test_those_left_when_time_is_over_say_so(self):
        for code in ("types_registered", "bank_reconciled"):
            self.make_probe("SELECT 7 AS value", code)
        diagnostic = self.diagnosed()
        with patch.object(probing, "MOST_SECONDS_IN_ALL", 0):
            self.assertEqual(diagnostic.probe_all(), {"proposed": 0, "problems": 2})
        for code in ("types_registered", "bank_reconciled"):
            row = self.row(diagnostic, code)
            self.assertIn("It was not asked", row.proposed_problem)
        # One by one each has its own time.
        row = self.probed(diagnostic, "bank_reconciled")
        self.assertEqual((row.proposed_answer, row.proposed_problem), ("partly", False))

    def test_an_unexpected_error_stops_no_other(self):
        self.make_probe("SELECT 7 AS value", "types_registered")
        self.make_probe("SELECT 7 AS value", "bank_reconciled")
        diagnostic = self.diagnosed()
        errors = [ZeroDivisionError("x"), {"value": 7}]
        judge = "odoo.addons.customer_success.models.cs_diagnostic_probe."
        judge += "CsDiagnosticProbe._only_row"
        with patch(judge, side_effect=errors), mute_logger(link.__name__):
            self.assertEqual(diagnostic.probe_all(), {"proposed": 1, "problems": 1})

    def test_a_database_that_cannot_be_opened_is_said_by_every_question(self):
        for code in ("types_registered", "bank_reconciled"):
            self.make_probe("SELECT 7 AS value", code)
        diagnostic = self.diagnosed()
        for name, value, said in (
            ("password", "wr0ng/", "role or its password is wrong"),
            ("port", 1, "does not answer"),
            ("database", "gone", "no database of this name"),
            ("username", "nobody_known", "role or its password is wrong"),
        ):
            with self.subTest(name):
                values = {"host": self.other.host, "port": self.other.port}
                values |= {"database": "erp", "username": "cs_reader"}
                values |= {"password": PASSWORD}
                self.allow_every_port()
                self.database.write(values | {name: value})
                self.assertEqual(diagnostic.begin_probing(), [])
                for code in ("types_registered", "bank_reconciled"):
                    row = self.row(diagnostic, code)
                    self.assertRegex(row.proposed_problem, said)

    def test_the_one_who_answered_is_not_overruled(self):
        self.make_probe("SELECT 7 AS value")
        diagnostic = self.diagnosed()
        row = self.row(diagnostic)
        row.write({"answer": "done", "evidence": "Seen on the screen"})
        row.probe()
        self.assertEqual((row.answer, row.proposed_answer), ("done", "partly"))
        with self.assertRaisesRegex(UserError, "another answer already"):
            row.accept_proposal()
        self.assertEqual(row.evidence, "Seen on the screen")
        self.assertEqual(diagnostic.probe_all()["proposed"], 1)
        self.assertEqual(row.answer, "done")

    def test_accepting_answers_and_leaves_the_evidence(self):
        self.make_probe("SELECT 7 AS value")
        row = self.probed(self.diagnosed())
        row.evidence = "Asked the owner"
        row.accept_proposal()
        self.assertEqual(row.answer, "partly")
        self.assertEqual(row.answered_by_id, self.specialist)
        sentence = "7 seen (copy of the database of 02/15/2026)"
        self.assertEqual(row.evidence, f"Asked the owner\n{sentence}")
        row.accept_proposal()
        self.assertEqual(row.evidence, f"Asked the owner\n{sentence}")

    def test_only_open_diagnostics_are_probed(self):
        self.make_probe("SELECT 7 AS value")
        diagnostic = self.diagnosed()
        row = self.row(diagnostic)
        self.answer(diagnostic, {}, "done")
        diagnostic.action_conclude()
        for ask in (row.probe, row.accept_proposal, diagnostic.probe_all):
            with self.assertRaisesRegex(UserError, "Reopen it"):
                ask()

    def test_without_a_database_or_a_probe(self):
        diagnostic = self.start()
        with self.assertRaisesRegex(UserError, "Choose the customer's database"):
            diagnostic.probe_all()
        diagnostic.database_id = self.database
        with self.assertRaisesRegex(UserError, "has no probe for ERP of the tests"):
            diagnostic.probe_all()
        self.make_probe("SELECT 7 AS value", "bank_reconciled")
        with self.assertRaisesRegex(UserError, "no probe of this question"):
            self.row(diagnostic).probe()

    def test_the_database_is_of_the_customer(self):
        other = self.make_account("Outra")
        diagnostic = self.start()
        with self.assertRaisesRegex(ValidationError, "another customer"):
            diagnostic.database_id = self.make_database(other)

    def test_who_may_have_it_read(self):
        self.make_probe("SELECT 7 AS value")
        row = self.row(self.diagnosed())
        for user in (self.csm, self.manager):
            for ask in ("probe", "accept_proposal"):
                with self.assertRaises(AccessError):
                    getattr(row.with_user(user), ask)()
            with self.assertRaises(AccessError):
                row.with_user(user).diagnostic_id.probe_all()
        row.with_user(self.admin).probe()
        self.assertEqual(row.with_user(self.csm).proposed_answer, "partly")
        with self.assertRaisesRegex(UserError, "by hand"):
            row.proposed_answer = "done"

    def test_sentences_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.account.partner_id.lang = "pt_BR"
        probe = self.make_probe("SELECT 1234.5 AS value, date '2026-02-01' AS since")
        probe.note = "{value} since {since}"
        probe.with_context(lang="pt_BR").note = "{value} desde {since}"
        row = self.probed(self.diagnosed())
        self.assertEqual(row.proposed_note, "1.234,5 desde 01/02/2026")


@tagged("post_install", "-at_install")
class TestProbeAttacks(DatabaseCase):
    """Whatever a probe holds, nothing is changed at the customer's."""

    def check_untouched(self):
        self.assertEqual(self.canary(), ["alive"])
        self.assertFalse(self.mark.exists())
        found = self.other.execute(
            "SELECT count(*) FROM pg_class WHERE relname = 'stolen'", database="erp"
        )
        self.assertEqual(found, [(0,)])

    REFUSED = {
        "UPDATE canary SET note = 'x'": "begins with “UPDATE”",
        "UPDATE canary SET note = 'x' RETURNING 1 AS value": "begins with “UPDATE”",
        "COPY canary TO PROGRAM 'touch {mark}'": "begins with “COPY”",
        "SELECT 1 AS value INTO stolen": "INTO writes",
        "WITH x AS (DELETE FROM canary RETURNING 1 AS value) SELECT * FROM x": (
            "DELETE changes data"
        ),
        "SELECT set_config('transaction_read_only', 'off', false), 1 AS value": (
            "set_config"
        ),
        "SELECT 1 AS value; DELETE FROM canary": "more than one statement",
        "": "Write the query",
        "SELECT 1 AS value WHERE %(today)s = 1": "%\\(today\\)s is filled in",
    }

    def test_refused_when_it_is_saved(self):
        for query, said in self.REFUSED.items():
            with (
                self.subTest(query),
                self.assertRaisesRegex(ValidationError, said),
                self.env.cr.savepoint(),
            ):
                self.make_probe(query)

    def test_saved_all_the_same_nothing_is_written(self):
        probe = self.make_probe("SELECT 1 AS value")
        row = self.row(self.diagnosed())
        for query, said in self.REFUSED.items():
            if not query or "today" in query:
                continue
            with self.subTest(query):
                self.env.cr.execute(
                    "UPDATE cs_diagnostic_probe SET query = %s WHERE id = %s",
                    (query.replace("{mark}", str(self.mark)), probe.id),
                )
                probe.invalidate_recordset()
                row.probe()
                self.assertRegex(row.proposed_problem, said)
                self.assertFalse(row.proposed_answer)
                self.check_untouched()

    def test_hidden_in_functions(self):
        probe = self.make_probe("SELECT 1 AS value")
        row = self.row(self.diagnosed())
        for query, said in {
            "SELECT write_canary() AS value": "does more than read",
            "SELECT run_program() AS value": "lacks rights",
            "SELECT unlock() AS value": "must be set before any query",
        }.items():
            with self.subTest(query):
                probe.query = query
                row.probe()
                self.assertRegex(row.proposed_problem, said)
                self.check_untouched()

    def test_roles_that_may_more_are_refused(self):
        self.make_role("cs_super", "SUPERUSER")
        self.make_role("cs_program")
        self.other.execute("GRANT pg_execute_server_program TO cs_program")
        self.make_probe("SELECT run_program() AS value")
        diagnostic = self.diagnosed()
        row = self.row(diagnostic)
        password = {"password": PASSWORD}
        for role, said in (
            ("cs_super", "it is a superuser"),
            ("cs_program", "pg_execute_server_program"),
        ):
            self.database.write({"username": role, **password})
            for ask in (diagnostic.probe_all, row.probe):
                ask()
                self.assertRegex(row.proposed_problem, said)
                self.check_untouched()


class TestProbeWriting(CsCase):
    """A manager writes a probe; what can't work is refused at once."""

    def make(self, **values):
        question = self.env["cs.diagnostic.question"].search([], limit=1)
        return (
            self.env["cs.diagnostic.probe"]
            .with_user(self.specialist)
            .create(
                {
                    "question_id": question.id,
                    "erp_id": self.env["cs.diagnostic.erp"].create({"name": "X"}).id,
                    "query": "SELECT 1 AS value",
                    "done_at": 1,
                    "partly_at": 0,
                    "note": "{value}",
                    **values,
                }
            )
        )

    def test_thresholds_differ(self):
        with self.assertRaisesRegex(ValidationError, "begin at the same number"):
            self.make(done_at=5, partly_at=5)

    def test_sentence(self):
        self.make(note="{value} of {total_2}, {{as it is}}")
        for note in ("{}", "{0}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{a", "a}"):
            with (
                self.subTest(note),
                self.assertRaisesRegex(ValidationError, "can't be read near"),
            ):
                self.make(note=note)

    def test_one_a_question_and_erp(self):
        probe = self.make()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(UniqueViolation, "one_an_erp"),
            self.env.cr.savepoint(),
        ):
            probe.copy().flush_recordset()
        probe.active = False
        probe.flush_recordset()
        probe.copy({"active": True})

    def test_a_copied_template_keeps_its_probes(self):
        probe = self.make()
        copied = probe.question_id.template_id.copy()
        probes = copied.question_ids.probe_ids
        kept = probes.filtered(lambda one: one.erp_id == probe.erp_id)
        self.assertEqual(kept.query, probe.query)


class TestProbeParts(CsCase):
    """The date of the copy in the query, and the verdict on a number."""

    def test_the_copys_date_stands_where_sql_reads_it(self):
        day = date(2026, 2, 1)
        for sql, wanted in (
            ("a < %(copy_date)s", "a < CAST('2026-02-01' AS date)"),
            ("(%(copy_date)s - 30)", "(CAST('2026-02-01' AS date) - 30)"),
            ("%(copy_date)s::timestamp", "CAST('2026-02-01' AS date)::timestamp"),
            ("a LIKE '%(copy_date)s'", "a LIKE '%(copy_date)s'"),
            ("a -- %(copy_date)s\n", "a -- %(copy_date)s\n"),
            ("a % 2 = 0 AND b LIKE 'x%'", "a % 2 = 0 AND b LIKE 'x%'"),
            (
                "%(copy_date)s %(copy_date)s",
                "CAST('2026-02-01' AS date) CAST('2026-02-01' AS date)",
            ),
        ):
            self.assertEqual(probe_query.with_copy_date(sql, day), wanted)

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(NUMBERS, NUMBERS, NUMBERS, st.floats(0, 9))
    def test_better_numbers_give_no_worse_answer(self, value, done, partly, more):
        order = ["not_done", "partly", "done"]
        if round(done, 9) == round(partly, 9):
            return
        better = value + more if done > partly else value - more
        before = order.index(probe_verdict.answer(value, done, partly))
        self.assertGreaterEqual(
            order.index(probe_verdict.answer(better, done, partly)), before
        )
        self.assertEqual(probe_verdict.answer(done, done, partly), "done")
        self.assertEqual(probe_verdict.answer(partly, done, partly), "partly")
