from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.customer_success.diagnostic.probe_tables import tables_of

from .customer_erp import CustomerErp
from .database_common import ODOO, DatabaseCase
from .sql_common import PASSWORD

CODES = (
    "database_copy",
    "database_alive",
    "types_registered",
    "cost_centres",
    "module_released",
    "bills_complete",
    "right_type",
    "right_month",
    "receivables_real",
    "defaults_followed",
    "cards_reconciled",
    "bank_reconciled",
    "balances_equal",
    "accounts_real",
    "right_account",
    "operation_types",
)
UNTIDY, TIDY = date(2025, 6, 30), date(2025, 9, 30)
#: By hand, from the story: question → answer, number, and what else is counted.
FIRST = {
    # 26 days with entries, of 12 weeks of 5 days, and 4.
    "database_alive": (
        "partly",
        40.6,
        {"fed_days": 26, "working_days": 64, "people": 2, "behind": 0},
    ),
    # 12 of the chart and 3 more; used: rent, energy, expenses, others, salaries,
    # bank fees, cash difference.
    "types_registered": (
        "partly",
        53.3,
        {"types": 15, "unused": 8, "doubles": 1, "others": 1, "groups": 0},
    ),
    # 20 bills, 3 salaries, a fee, a transfer, a cash difference; 14 classified.
    "cost_centres": (
        "partly",
        53.8,
        {
            "expenses": 26,
            "unclassified": 12,
            "bills": 20,
            "bills_unclassified": 6,
            "centres": 2,
        },
    ),
    "module_released": ("partly", 1, {"people": 2, "released": 1, "required": 0}),
    "bills_complete": ("partly", 50, {"bills": 20, "in_time": 10}),
    # 2000 of bills, 1500 of salaries, 15, 300, 10.
    "right_type": ("partly", 10.46, {"total": 3825, "others": 400, "unsorted": 700}),
    "right_month": ("partly", 80, {"bills": 20, "same_month": 16}),
    "receivables_real": ("partly", 1, {"oldest": 5, "unmatched": 300}),
    "defaults_followed": (
        "partly",
        15,
        {
            "open": 4000,
            "overdue": 600,
            "days_30": 1000,
            "days_60": 300,
            "days_90": 200,
            "longer": 100,
        },
    ),
    "cards_reconciled": (
        "partly",
        75,
        {"sales": 8, "reconciled": 6, "earlier": 0, "journals": 1},
    ),
    "bank_reconciled": (
        "partly",
        25,
        {"banks": 2, "late": 1, "late_names": "BNK1", "worst": 25, "open_lines": 2},
    ),
    "balances_equal": (
        "partly",
        1,
        {"compared": 2, "differing": 1, "names": "BNK1", "most": 25, "unknown": 2},
    ),
    "accounts_real": (
        "partly",
        2,
        {
            "accounts": 5,
            "cash": 2,
            "unused": 1,
            "unused_names": "CSH2",
            "negative": 1,
            "negative_names": "CSH1",
        },
    ),
    "right_account": (
        "not_done",
        70,
        {"payments": 10, "matched": 7, "from_cash": 0},
    ),
    # 13 of the first bank, 2 of the second, 6 of cards, 3 of cash.
    "operation_types": (
        "not_done",
        16.67,
        {"movements": 24, "adjustments": 2, "transfers": 2},
    ),
}
#: The same a quarter later.
SECOND = {
    "database_alive": (100, {"fed_days": 64, "working_days": 64, "people": 2}),
    "types_registered": (0, {"types": 7, "unused": 0, "doubles": 0, "others": 1}),
    "cost_centres": (100, {"expenses": 64, "unclassified": 0, "bills": 64}),
    "module_released": (2, {"people": 2, "released": 2, "required": 1}),
    "bills_complete": (100, {"bills": 64, "in_time": 64, "average": 0}),
    "right_type": (0, {"total": 6400, "others": 0, "unsorted": 2100}),
    "right_month": (100, {"bills": 64, "same_month": 64}),
    "receivables_real": (0, {"oldest": 1, "unmatched": 0}),
    "defaults_followed": (0, {"open": 5000, "overdue": 0}),
    "cards_reconciled": (100, {"sales": 4, "reconciled": 4, "earlier": 6}),
    "bank_reconciled": (1, {"banks": 2, "late": 0, "worst": 1, "open_lines": 0}),
    "balances_equal": (0, {"compared": 2, "differing": 0, "unknown": 2}),
    "accounts_real": (0, {"accounts": 4, "cash": 1, "unused": 0, "negative": 0}),
    # One for each working day of August.
    "right_account": (100, {"payments": 21, "matched": 21}),
    # 21 payments, 4 cards, 2 of a transfer, one of cash.
    "operation_types": (0, {"movements": 28, "adjustments": 0, "transfers": 0}),
}


class OdooErpCase(DatabaseCase):
    """A customer whose ERP is Odoo: before and after its finances were put in order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.erp = cls.env.ref(ODOO)
        cls.customer_erp = CustomerErp(cls.other, "aurora")
        cls.customer_erp.work("erp_story.py", "untidy")
        cls.counted_first = cls.customer_erp.work("erp_count.py", str(UNTIDY))
        cls.customer_erp.keep_copy("aurora_june")
        cls.customer_erp.work("erp_story.py", "tidy")
        cls.counted_second = cls.customer_erp.work("erp_count.py", str(TIDY))
        # The role of the other tests, with what the ERP's form says and no more.
        grants = cls.erp.grants.partition("\n")[2]
        for name in ("aurora_june", "aurora"):
            cls.other.execute(grants, database=name)

    def probed_copy(self, copied_on, database="aurora", **values):
        """Return a diagnostic, all of whose questions the copy was asked."""
        diagnostic = self.start()
        diagnostic.database_id = self.make_database(
            database=database, copied_on=copied_on, **values
        )
        diagnostic.probe_all()
        return diagnostic

    def proposals(self, diagnostic):
        """Return the answer with its proposal, by the question's code."""
        return {code: self.row(diagnostic, code) for code in CODES}

    def problems(self, diagnostic):
        """Return why nothing is proposed, for each question where that is so."""
        rows = self.proposals(diagnostic)
        for row in rows.values():
            self.assertEqual(bool(row.proposed_answer), not row.proposed_problem)
        return {
            code: row.proposed_problem
            for code, row in rows.items()
            if row.proposed_problem
        }

    def assert_counted(self, row, numbers):
        self.assertFalse(row.proposed_problem)
        found = {name: row.proposed_numbers[name] for name in numbers}
        self.assertEqual(found, numbers)


@tagged("post_install", "-at_install")
class TestProbeOdoo(OdooErpCase):
    """What the shipped probes say of a real database of Odoo with accounting."""

    def test_untidy_finances(self):
        rows = self.proposals(self.probed_copy(UNTIDY, "aurora_june"))
        for code, (answer, value, numbers) in FIRST.items():
            with self.subTest(code):
                self.assert_counted(rows[code], numbers)
                self.assertEqual(rows[code].proposed_value, value)
                self.assertEqual(rows[code].proposed_answer, answer)
        self.assertEqual(
            rows["cost_centres"].proposed_note,
            "12 of 26 expenses of the last 90 days have no analytic account, among "
            "them lines of 6 of 20 vendor bills; 2 analytic accounts are registered.",
        )
        self.assertIn("(CSH2)", rows["accounts_real"].proposed_note)

    def test_tidy_finances(self):
        rows = self.proposals(self.probed_copy(TIDY))
        for code, (value, numbers) in SECOND.items():
            with self.subTest(code):
                self.assert_counted(rows[code], numbers)
                self.assertEqual(rows[code].proposed_value, value)
                self.assertEqual(rows[code].proposed_answer, "done")

    def test_numbers_are_those_of_the_erp_itself(self):
        """Its ORM counts the same; so do its accounts' balances."""
        for counted, copied_on, database in (
            (self.counted_first, UNTIDY, "aurora_june"),
            (self.counted_second, TIDY, "aurora"),
        ):
            rows = self.proposals(self.probed_copy(copied_on, database))
            for code, names in (
                ("database_alive", ("fed_days", "working_days")),
                ("types_registered", ("types", "unused")),
                ("cost_centres", ("expenses", "unclassified")),
                ("bills_complete", ("bills", "in_time")),
                ("right_type", ("total", "others")),
                ("right_month", ("same_month",)),
                (
                    "defaults_followed",
                    ("open", "days_30", "days_60", "days_90", "longer"),
                ),
                ("cards_reconciled", ("sales", "reconciled")),
                ("bank_reconciled", ("open_lines",)),
                ("right_account", ("payments", "matched")),
                ("operation_types", ("movements", "adjustments")),
            ):
                with self.subTest(code, database=database):
                    self.assert_counted(
                        rows[code], {name: counted[name] for name in names}
                    )
        balances = self.counted_first["balances"]
        self.assertEqual(balances["BNK1"], 1025 - 25)
        self.assertEqual(balances["CSH1"], -60)

    def test_a_customer_who_stopped(self):
        """Nobody came back after September: what is not there proves nothing."""
        diagnostic = self.probed_copy(date(2025, 12, 31))
        rows, problems = self.proposals(diagnostic), self.problems(diagnostic)
        for code, value in (
            ("database_alive", 0),
            ("defaults_followed", 100),
            ("bank_reconciled", 90),
            ("accounts_real", 4),
        ):
            with self.subTest(code):
                self.assertEqual(rows[code].proposed_answer, "not_done")
                self.assertEqual(rows[code].proposed_value, value)
        self.assertEqual(
            set(problems),
            {
                *("cost_centres", "module_released", "bills_complete", "right_type"),
                *("right_month", "cards_reconciled", "balances_equal"),
                *("right_account", "operation_types"),
            },
        )
        for problem in problems.values():
            self.assertIn("Nothing can be said", problem)

    def test_a_customer_who_has_just_begun(self):
        rows = self.proposals(self.probed_copy(date(2025, 1, 20), "aurora_june"))
        self.assertEqual(rows["database_alive"].proposed_answer, "not_applicable")
        self.assertEqual(rows["types_registered"].proposed_answer, "not_done")

    def test_age_of_the_copy(self):
        today = self.account._today()
        for days, answer in ((1, "done"), (29, "done"), (60, "partly")):
            rows = self.proposals(self.probed_copy(today - timedelta(days)))
            with self.subTest(days):
                row = rows["database_copy"]
                self.assertEqual(row.proposed_answer, answer)
                # Days there are those of UTC, ours those of the company.
                self.assertAlmostEqual(row.proposed_value, days, delta=1)
                self.assertIn("09/30/2025", row.proposed_note)

    def test_probes_are_of_questions_that_data_can_answer(self):
        questions = self.template.area_ids.question_ids
        probed = questions.filtered("probe_ids")
        self.assertEqual(set(self.codes(probed)), set(CODES))
        self.assertEqual(
            set(self.codes(questions - probed)),
            {
                *("charging_rule", "cards_registered"),
                *("income_statement", "results_meeting"),
            },
        )
        self.assertEqual(self.erp.probe_count, len(CODES))

    # What is in the way is said by each question, and the others go on.

    def asking(self, table):
        """Return the codes of the questions whose probes read a table."""
        return {
            code
            for code in CODES
            for probe in self.of("question", code).probe_ids
            if table in tables_of(probe.query)
        }

    def june(self):
        return self.probed_copy(UNTIDY, "aurora_june")

    def test_no_right_on_a_table(self):
        self.other.execute(
            "REVOKE SELECT ON account_bank_statement_line FROM cs_reader",
            database="aurora_june",
        )
        self.addCleanup(
            self.other.execute,
            "GRANT SELECT ON account_bank_statement_line TO cs_reader",
            database="aurora_june",
        )
        problems = self.problems(self.june())
        self.assertEqual(set(problems), self.asking("account_bank_statement_line"))
        self.assertEqual(
            set(problems), {"receivables_real", "cards_reconciled", "bank_reconciled"}
        )
        for problem in problems.values():
            self.assertRegex(
                problem, "lacks rights.*account_bank_statement_line.*GRANT SELECT"
            )

    def test_a_table_that_is_not_there(self):
        self.other.execute(
            "ALTER TABLE account_payment RENAME TO payment", database="aurora_june"
        )
        self.addCleanup(
            self.other.execute,
            "ALTER TABLE payment RENAME TO account_payment",
            database="aurora_june",
        )
        problems = self.problems(self.june())
        self.assertEqual(set(problems), {"cards_reconciled", "right_account"})
        for problem in problems.values():
            self.assertRegex(problem, "no table.*account_payment")

    def test_a_wrong_password(self):
        diagnostic = self.probed_copy(UNTIDY, "aurora_june", password="wrong")
        problems = self.problems(diagnostic)
        self.assertEqual(set(problems), set(CODES))
        for problem in problems.values():
            self.assertIn("password", problem)
            self.assertNotIn(PASSWORD, problem)

    def test_a_server_that_is_down(self):
        self.allow_every_port()
        diagnostic = self.probed_copy(UNTIDY, "aurora_june", port=1)
        problems = self.problems(diagnostic)
        self.assertEqual(set(problems), set(CODES))
        for problem in problems.values():
            self.assertIn("does not answer", problem)

    def test_the_role_reads_what_the_form_names_and_nothing_else(self):
        readable = self.other.execute(
            """
            SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
             WHERE relkind IN ('r', 'v', 'm') AND nspname = 'public'
               AND has_table_privilege('cs_reader', c.oid, 'SELECT')
               AND NOT has_table_privilege('public', c.oid, 'SELECT')
            """,
            database="aurora_june",
        )
        readable = {name for (name,) in readable}
        self.assertEqual(readable, set(self.erp._probed_tables()))
        self.assertFalse({"res_partner", "res_users", "mail_message"} & readable)
        self.assertFalse(self.problems(self.june()))

    def test_nothing_was_written(self):
        self.june()
        statements = self.other.statements("cs_reader")
        self.assertTrue(statements)
        for word in ("INSERT", "UPDATE", "DELETE", "CREATE", "COPY"):
            with self.subTest(word):
                self.assertFalse([one for one in statements if one.startswith(word)])


@tagged("post_install", "-at_install")
class TestProbeTables(DatabaseCase):
    """Which tables a query reads, for the rights of the role."""

    def test_tables_of_a_query(self):
        for query, tables in (
            ("SELECT 1 AS value", []),
            ("SELECT * FROM a", ["a"]),
            ("SELECT * FROM b JOIN a USING (id)", ["a", "b"]),
            (
                "SELECT * FROM a x, b AS y (id), LATERAL (SELECT 1 FROM c) z",
                list("abc"),
            ),
            ("SELECT * FROM shop.a, generate_series(1, 2) g, b", ["b", "shop.a"]),
            ("WITH x AS (SELECT * FROM a) SELECT * FROM x", ["a"]),
            ("WITH RECURSIVE x (n) AS (SELECT 1 FROM a) SELECT * FROM x", ["a"]),
            ("WITH x AS NOT MATERIALIZED (SELECT 1 FROM a) TABLE x", ["a"]),
            ("WITH x AS (SELECT 1 FROM a), y AS (SELECT 2) SELECT 1 FROM y", ["a"]),
            ("SELECT extract(day FROM due_on) FROM a", ["a"]),
            ("SELECT a IS DISTINCT FROM b FROM c", ["c"]),
            ("SELECT 'FROM b' FROM a -- FROM c", ["a"]),
            ('SELECT * FROM "Cost centres"', ["Cost centres"]),
            ("SELECT 'never closed FROM a", []),
        ):
            with self.subTest(query):
                self.assertEqual(tables_of(query), tables)

    def test_statements_for_the_role(self):
        self.assertFalse(self.erp.grants)
        self.make_probe('SELECT count(*) AS value FROM invoice, "Cost centres"')
        self.assertIn(
            '    "Cost centres",\n    invoice\nTO cs_reader;', self.erp.grants
        )
