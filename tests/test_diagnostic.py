from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from .diagnostic_common import DiagnosticCase


class TestDiagnostic(DiagnosticCase):
    """Answers, by whom they are given, and the level they come to."""

    def small_template(self, **weights):
        """Make a template with one area a letter: ``a1=3`` is a question of A."""
        template = self.env["cs.diagnostic.template"].create({"name": "Small"})
        areas = {}
        for code, weight in weights.items():
            letter = code[0]
            if letter not in areas:
                areas[letter] = self.env["cs.diagnostic.area"].create(
                    {"template_id": template.id, "name": letter}
                )
            self.env["cs.diagnostic.question"].create(
                {"area_id": areas[letter].id, "name": code, "weight": weight}
            )
        return template

    def fill(self, template, **answers):
        diagnostic = self.env["cs.diagnostic"].start(self.account, template)
        for row in diagnostic.answer_ids:
            row.answer = answers.get(row.question_id.name)
        return diagnostic

    def test_three_examples_counted_by_hand(self):
        template = self.small_template(a1=3, a2=1, b1=2, b2=2)
        # (3×1 + 1×0 + 2×½ + 2×½) ÷ 8 = 5 ÷ 8
        first = self.fill(template, a1="done", a2="not_done", b1="partly", b2="partly")
        self.assertEqual((first.score, first.level), (62.5, "organised"))
        # without a1: (1×1 + 2×0 + 2×½) ÷ 5 = 2 ÷ 5
        second = self.fill(
            template, a1="not_applicable", a2="done", b1="not_done", b2="partly"
        )
        self.assertEqual((second.score, second.level), (40.0, "basic"))
        # (3×½ + 1×½ + 2×1 + 2×1) ÷ 8 = 6 ÷ 8; A: 2 ÷ 4, B: 4 ÷ 4
        third = self.fill(template, a1="partly", a2="partly", b1="done", b2="done")
        self.assertEqual((third.score, third.level), (75.0, "organised"))
        self.assertEqual([row["score"] for row in third.area_results], [50.0, 100.0])
        self.assertEqual(
            [row["level"] for row in third.area_results], ["basic", "managed"]
        )

    def of_area(self, diagnostic, code):
        area = self.of("area", code)
        [row] = [row for row in diagnostic.area_results if row["area_id"] == area.id]
        return row["score"], row["level"]

    def shipped(self, done=(), partly=(), not_applicable=(), not_done=()):
        """Fill in the Ello template; each of its 20 questions is named once."""
        named = {
            "done": done,
            "partly": partly,
            "not_applicable": not_applicable,
            "not_done": not_done,
        }
        answers = {code: found for found, codes in named.items() for code in codes}
        self.assertEqual(len(answers), 20)
        self.assertEqual(sum(self.template.question_ids.mapped("weight")), 41)
        return self.filled(answers, others=None)

    def test_ello_of_a_customer_at_the_beginning(self):
        diagnostic = self.shipped(
            # 1 + 2 + 2 = 5 × 1
            done=("database_copy", "database_alive", "bills_complete"),
            # 3 + 2 + 1 + 2 + 2 = 10 × ½
            partly=(
                "types_registered",
                "receivables_real",
                "cards_registered",
                "accounts_real",
                "income_statement",
            ),
            # 2 + 1 + 3 + 2 + 3 + 1 + 3 + 3 + 3 + 2 + 2 + 1 = 26 × 0
            not_done=(
                "cost_centres",
                "module_released",
                "right_type",
                "right_month",
                "defaults_followed",
                "charging_rule",
                "cards_reconciled",
                "bank_reconciled",
                "balances_equal",
                "right_account",
                "operation_types",
                "results_meeting",
            ),
        )
        # (5 + 5) ÷ (5 + 10 + 26) = 10 ÷ 41 = 0.2439
        self.assertEqual((diagnostic.score, diagnostic.level), (24.4, "initial"))
        # (1 + 2) ÷ 3; (3×½ + 2×0 + 1×0) ÷ 6; (3×0 + 3×0) ÷ 6
        self.assertEqual(self.of_area(diagnostic, "database"), (100.0, "managed"))
        self.assertEqual(self.of_area(diagnostic, "expense_types"), (25.0, "initial"))
        self.assertEqual(self.of_area(diagnostic, "bank"), (0.0, "initial"))

    def test_ello_of_a_customer_without_cards(self):
        diagnostic = self.shipped(
            # 1 + 2 + 3 + 2 + 2 + 2 + 2 + 3 + 2 = 19 × 1
            done=(
                "database_copy",
                "database_alive",
                "types_registered",
                "cost_centres",
                "bills_complete",
                "right_month",
                "receivables_real",
                "balances_equal",
                "accounts_real",
            ),
            # 3 + 3 + 3 + 2 = 11 × ½
            partly=(
                "right_type",
                "defaults_followed",
                "bank_reconciled",
                "right_account",
            ),
            # 1 + 1 + 2 + 2 + 1 = 7 × 0
            not_done=(
                "module_released",
                "charging_rule",
                "operation_types",
                "income_statement",
                "results_meeting",
            ),
            # 1 + 3 = 4, left out
            not_applicable=("cards_registered", "cards_reconciled"),
        )
        # (19 + 5.5) ÷ (41 − 4) = 24.5 ÷ 37 = 0.6622
        self.assertEqual((diagnostic.score, diagnostic.level), (66.2, "organised"))
        # (3×½ + 3×1) ÷ 6; (2×1 + 3×½ + 1×0) ÷ 6 = 3.5 ÷ 6; none counts
        self.assertEqual(self.of_area(diagnostic, "bank"), (75.0, "organised"))
        self.assertEqual(self.of_area(diagnostic, "receivables"), (58.3, "basic"))
        self.assertEqual(self.of_area(diagnostic, "cards")[0], None)

    def test_ello_of_a_customer_in_command(self):
        diagnostic = self.shipped(
            # 41 − 1 − 1 − 1 − 3 − 1 = 34 × 1
            done=(
                "database_alive",
                "types_registered",
                "cost_centres",
                "bills_complete",
                "right_type",
                "right_month",
                "receivables_real",
                "defaults_followed",
                "cards_registered",
                "bank_reconciled",
                "balances_equal",
                "accounts_real",
                "right_account",
                "operation_types",
                "income_statement",
            ),
            # 3 + 1 = 4 × ½
            partly=("cards_reconciled", "results_meeting"),
            # 1 × 0
            not_done=("charging_rule",),
            # 1 + 1 = 2, left out
            not_applicable=("database_copy", "module_released"),
        )
        # (34 + 2) ÷ (41 − 2) = 36 ÷ 39 = 0.9231
        self.assertEqual((diagnostic.score, diagnostic.level), (92.3, "managed"))
        # (1×1 + 3×½) ÷ 4; 2 ÷ 2; (2×1 + 1×½) ÷ 3
        self.assertEqual(self.of_area(diagnostic, "cards"), (62.5, "organised"))
        self.assertEqual(self.of_area(diagnostic, "database"), (100.0, "managed"))
        self.assertEqual(self.of_area(diagnostic, "results"), (83.3, "managed"))

    def test_limits_of_the_levels(self):
        diagnostic = self.start()
        levels = {
            0.0: "initial",
            39.9: "initial",
            40.0: "basic",
            59.9: "basic",
            60.0: "organised",
            79.9: "organised",
            80.0: "managed",
            100.0: "managed",
        }
        for score, level in levels.items():
            with self.subTest(score):
                self.assertEqual(diagnostic._level_of(score), level)

    def test_nothing_applicable_gives_no_level(self):
        diagnostic = self.filled({}, others="not_applicable")
        self.assertFalse(diagnostic.level)
        self.assertTrue(all(row["score"] is None for row in diagnostic.area_results))
        diagnostic.action_conclude()
        self.assertFalse(diagnostic.final_level)
        self.assertFalse(diagnostic.proposed_actions())

    def test_a_template_edited_later_changes_no_score(self):
        template = self.small_template(a1=3, b1=1)
        diagnostic = self.fill(template, a1="done", b1="not_done")
        template.question_ids.weight = 10
        template.write({"organised_from": 90, "managed_from": 95})
        self.assertEqual((diagnostic.score, diagnostic.level), (75.0, "organised"))

    def test_limits_must_rise(self):
        with self.assertRaises(Exception) as raised, self.cr.savepoint():
            self.template.organised_from = 20
            self.env.flush_all()
        self.assertIn("limits_in_order", str(raised.exception))

    def test_each_start_is_a_new_one_and_open_ones_are_found(self):
        first, second = self.start(), self.start()
        self.assertNotEqual(first, second)
        self.assertEqual(len(second.answer_ids), len(self.template.question_ids))
        self.assertEqual(second.specialist_id, self.specialist)
        wizard = self.env["cs.diagnostic.wizard"].with_user(self.specialist)
        wizard = wizard.create(
            {"account_id": self.account.id, "template_id": self.template.id}
        )
        self.assertEqual(wizard.open_id, second)
        self.assertFalse(wizard.database_id)
        action = wizard.action_go_on()
        self.assertEqual(action["context"]["active_id"], second.id)
        action = wizard.action_start()
        self.assertNotIn(action["context"]["active_id"], (first | second).ids)

    def test_closed_in_the_middle_and_gone_on_by_another_person(self):
        colleague = self.make_user("cs_s2", "customer_success.group_cs_specialist")
        with self.at_time("2026-03-02 14:00:00"):
            begun = self.start()
            self.answer(begun, {"bank_reconciled": "partly"})
            begun.answer_ids.filtered("answer").write_evidence("3 of 5 accounts", "")
        with self.at_time("2026-03-03 14:00:00"):
            mine = begun.with_user(colleague)
            sheet = mine.sheet()
            self.assertTrue(sheet["can_write"])
            rows = [row for area in sheet["areas"] for row in area["rows"]]
            [answered] = [row for row in rows if row["answer"]]
            self.assertEqual(answered["evidence"], "3 of 5 accounts")
            self.assertEqual(answered["answered_by"], self.specialist.name)
            self.answer(mine, {}, others="done")
            mine.action_conclude()
        self.assertEqual(begun.state, "done")
        by = begun.answer_ids.mapped("answered_by_id.login")
        self.assertEqual(set(by), {"cs_specialist", "cs_s2"})
        of_first = begun.answer_ids.filtered(
            lambda row: row.answered_by_id == self.specialist
        )
        self.assertEqual(self.codes(of_first.question_id), ["bank_reconciled"])

    def test_conclude_asks_for_every_answer(self):
        diagnostic = self.start()
        self.answer(diagnostic, {"database_copy": "done"})
        with self.assertRaises(UserError) as raised:
            diagnostic.action_conclude()
        self.assertIn("19 questions", str(raised.exception))

    def test_concluded_answers_are_closed_until_it_is_reopened(self):
        diagnostic = self.filled({"right_type": "not_done"})
        diagnostic.action_conclude()
        self.assertEqual(diagnostic.final_score, diagnostic.score)
        self.assertEqual(self.account.diagnostic_level, diagnostic.level)
        with self.assertRaises(UserError):
            diagnostic.answer_ids[0].answer = "not_done"
        with self.assertRaises(UserError):
            diagnostic.answer_ids[0].attach("a.txt", "YQ==")
        diagnostic.action_reopen()
        diagnostic.answer_ids[0].answer = "not_done"
        self.assertFalse(self.account.diagnostic_level)

    def test_evidence_of_two_people_on_one_question_is_kept(self):
        row = self.start().answer_ids[0]
        row.write_evidence("First", "")
        self.assertEqual(row.write_evidence("Second", ""), "First\nSecond")
        self.assertEqual(row.write_evidence("Both", "First\nSecond"), "Both")
        self.assertEqual(row.write_evidence("", "Both"), "")

    def test_files_are_evidence_that_the_csm_can_open(self):
        row = self.start().answer_ids[0]
        row.attach("saldo.txt", "c2FsZG8=")
        file = row.with_user(self.csm).attachment_ids
        self.assertEqual(file.with_user(self.csm).raw, b"saldo")
        with self.assertRaises(AccessError):
            file.with_user(self.other_csm).raw  # noqa: B018
        row.detach(file.id)
        self.assertFalse(file.exists())

    def test_a_proposal_is_confirmed_by_a_person(self):
        row = self.start().answer_ids[0]
        row.sudo().write({"proposed_answer": "partly", "proposed_value": 12})
        self.assertFalse(row.answer)
        row.answer = row.proposed_answer  # as "So it is" on the screen writes it
        self.assertEqual((row.answer, row.answered_by_id), ("partly", self.specialist))

    def test_who_answered_is_not_written_by_hand(self):
        row = self.start().answer_ids[0]
        for values in (
            {"answered_by_id": self.csm.id},
            {"proposed_answer": "done"},
            {"weight": 9},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                row.write(values)

    def test_who_may_do_it(self):
        diagnostic = self.start()
        self.assertEqual(diagnostic.with_user(self.csm).level, False)
        with self.assertRaises(AccessError):
            diagnostic.with_user(self.csm).answer_ids[0].answer = "done"
        with self.assertRaises(AccessError):
            self.start(user=self.csm)
        with self.assertRaises(AccessError):
            diagnostic.with_user(self.other_csm).sheet()
        with self.assertRaises(AccessError):
            self.start(user=self.manager)
        self.assertFalse(diagnostic.with_user(self.csm).sheet()["can_write"])

    def test_questions_in_use_are_archived_not_deleted(self):
        diagnostic = self.start()
        question = diagnostic.answer_ids[0].question_id.with_user(self.specialist)
        with self.assertRaises(UserError):
            question.unlink()
        question.active = False
        self.assertNotIn(question, self.start().answer_ids.question_id)
        self.assertIn(question, diagnostic.answer_ids.question_id)
        self.assertIn(question.name, str(diagnostic.sheet()))

    def test_evolution_beside_the_one_before(self):
        with self.at_time("2026-01-10 14:00:00"):
            before = self.filled(
                {"bank_reconciled": "not_done", "balances_equal": "partly"}
            )
            before.action_conclude()
        with self.at_time("2026-07-10 14:00:00"):
            after = self.filled(
                {"bank_reconciled": "partly", "cards_reconciled": "partly"}
            )
        self.assertEqual(after.previous_id, before)
        self.assertFalse(before.previous_id)
        rows = {row["name"]: row for row in after.compare()}
        bank = rows["Bank reconciliation"]
        # before (3×0 + 3×½) ÷ 6, after (3×½ + 3×1) ÷ 6
        self.assertEqual((bank["before"], bank["after"]), (25.0, 75.0))
        self.assertEqual(bank["change"], 50.0)
        self.assertEqual([row["change"] for row in bank["questions"]], [1, 1])
        cards = rows["Card reconciliation"]
        self.assertEqual([row["change"] for row in cards["questions"]], [0, -1])
        self.assertIn('stroke-dasharray="5 4"', after.radar)

    def test_radar_escapes_what_people_write(self):
        template = self.small_template(a1=1, b1=1, c1=1)
        template.area_ids[0].name = "<script>&"
        radar = self.fill(template, a1="done").radar
        self.assertNotIn("<script>", radar)
        self.assertIn("&lt;script&gt;&amp;", radar)

    def test_a_manager_writes_another_template(self):
        copied = self.template.with_user(self.specialist).copy()
        self.assertEqual(copied.name, f"{self.template.name} (copy)")
        self.assertEqual(len(copied.question_ids), len(self.template.question_ids))
        called = copied.question_ids.not_done_action_ids
        self.assertEqual(called.template_id, copied)
        self.assertEqual(copied.action_ids.after_ids.template_id, copied)
        with self.assertRaises(ValidationError):
            copied.question_ids[0].partly_action_ids = [
                Command.link(self.of("action", "register").id)
            ]
