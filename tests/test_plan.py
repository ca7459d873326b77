from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..diagnostic.schedule import in_order, schedule
from .diagnostic_common import DiagnosticCase

# What each answer calls for, as who wrote the process reads it.
CALLS = """
question            partly                  not_done
database_copy       database                database
database_alive      routine                 routine,follow_up
types_registered    register                register,reclassify
cost_centres        register,reclassify     module,register,reclassify
module_released     register                module
bills_complete      routine                 routine,follow_up
right_type          reclassify              register,reclassify
right_month         routine                 routine,reclassify
receivables_real    balances                balances,routine
defaults_followed   defaults                defaults
charging_rule       defaults                defaults
cards_registered    cards                   cards
cards_reconciled    cards                   cards,operations
bank_reconciled     bank                    balances,bank
balances_equal      balances                balances
accounts_real       balances                balances
right_account       operations              operations,balances
operation_types     operations              operations,balances
income_statement    income_statement        income_statement
results_meeting     follow_up               follow_up
"""


class TestProposals(DiagnosticCase):
    """From answers to actions."""

    def test_every_question_and_answer(self):
        diagnostic = self.filled({})
        rows = {self.codes(row.question_id)[0]: row for row in diagnostic.answer_ids}
        table = [line.split() for line in CALLS.strip().splitlines()[1:]]
        self.assertEqual([line[0] for line in table], list(rows))
        for code, partly, not_done in table:
            expected = {
                "done": set(),
                "partly": set(partly.split(",")),
                "not_done": set(not_done.split(",")),
                "not_applicable": set(),
            }
            for answer, actions in expected.items():
                with self.subTest(f"{code}: {answer}"):
                    rows[code].answer = answer
                    called = self.codes(diagnostic.proposed_actions())
                    self.assertEqual(set(called), actions)
                    self.assertEqual(len(called), len(actions))
            rows[code].answer = "done"

    def test_best_first_and_ties_by_order(self):
        diagnostic = self.filled({}, others="not_done")
        self.assertEqual(
            self.codes(diagnostic.proposed_actions()),
            [
                "module",  # 5 ÷ 1
                "follow_up",  # 3 ÷ 1
                "balances",  # 4 ÷ 2, as the four that follow, by their order
                "database",
                "routine",
                "defaults",
                "bank",
                "register",  # 5 ÷ 3
                "income_statement",  # 5 ÷ 3
                "operations",  # 3 ÷ 2
                "cards",  # 4 ÷ 3
                "reclassify",  # 4 ÷ 4
            ],
        )

    def test_an_archived_action_is_proposed_no_more(self):
        diagnostic = self.filled({"cards_registered": "partly"})
        self.of("action", "cards").active = False
        self.assertFalse(diagnostic.proposed_actions())


class TestPlan(DiagnosticCase):
    """The plan: tasks in order, their dates, and what moves them."""

    def plan_of(self, answers, day="2026-03-02", user=None, actions=None):
        with self.at_time(f"{day} 15:00:00"):
            diagnostic = self.filled(answers)
            return diagnostic.with_user(user or self.specialist).create_plan(actions)

    def named(self, plan):
        """Return ``{code of the action or topic: task}``."""
        tasks = {}
        for task in plan.task_ids:
            source = task.action_id or task.topic_id
            name = source.get_external_id()[source.id].split(".")[1]
            for start in ("cs_diagnostic_action_", "cs_training_topic_"):
                if name.startswith(start):
                    tasks[name.removeprefix(start)] = task
        return tasks

    def test_deadlines_respect_the_order(self):
        plan = self.plan_of({"cost_centres": "not_done", "income_statement": "partly"})
        tasks = self.named(plan)
        dates = {
            code: (task.date_open, task.date_deadline) for code, task in tasks.items()
        }
        self.assertEqual(
            dates,
            {
                # 5 days; then 15; then 30; then 20
                "module": (date(2026, 3, 2), date(2026, 3, 7)),
                "register": (date(2026, 3, 7), date(2026, 3, 22)),
                "reclassify": (date(2026, 3, 22), date(2026, 4, 21)),
                "income_statement": (date(2026, 4, 21), date(2026, 5, 11)),
                # 7 days after the last action that asks for it
                "posting": (date(2026, 4, 21), date(2026, 4, 28)),
                "reports": (date(2026, 5, 11), date(2026, 5, 18)),
            },
        )
        self.assertEqual(plan.due_on, date(2026, 5, 18))
        self.assertEqual(
            {code for code, task in tasks.items() if task.state == "open"}, {"module"}
        )
        self.assertEqual(tasks["posting"].kind, "interaction")
        self.assertEqual(tasks["posting"].interaction_kind, "training")

    def test_who_does_it(self):
        plan = self.plan_of({"cost_centres": "not_done"})
        tasks = self.named(plan)
        self.assertEqual(plan.user_id, self.csm)
        self.assertEqual(tasks["module"].user_id, self.csm)
        self.assertEqual(tasks["register"].responsible, "customer")
        self.assertEqual(tasks["register"].partner_id, self.account.partner_id)
        self.assertFalse(tasks["register"].user_id)

    def test_income_statement_waits_for_all_findings_of_the_gate(self):
        plan = self.plan_of({"bills_complete": "partly", "income_statement": "partly"})
        tasks = self.named(plan)
        # The routine is no predecessor by itself: what it answers closes the gate.
        self.assertEqual(tasks["income_statement"].after_ids, tasks["routine"])
        plan = self.plan_of(
            {"cards_registered": "partly", "income_statement": "partly"}
        )
        self.assertFalse(self.named(plan)["income_statement"].after_ids)

    def test_each_opens_when_what_it_waits_for_is_settled(self):
        plan = self.plan_of({"cost_centres": "not_done"})
        tasks = self.named(plan)
        with self.at_time("2026-03-04 15:00:00"):
            with self.assertRaises(UserError) as raised:
                tasks["register"].action_done()
            self.assertIn("waits for: Release the module", str(raised.exception))
            tasks["module"].with_user(self.csm).action_done()
            self.assertEqual(tasks["register"].state, "open")
            # before its time: the deadline that was agreed on stays
            self.assertEqual(tasks["register"].date_open, date(2026, 3, 4))
            self.assertEqual(tasks["register"].date_deadline, date(2026, 3, 22))
            self.assertEqual(tasks["reclassify"].state, "waiting")
            tasks["register"].with_user(self.csm).action_skip("Done by themselves")
            self.assertEqual(tasks["reclassify"].state, "open")

    def test_progress_and_end(self):
        plan = self.plan_of({"cards_registered": "partly"})
        cards, practice = plan.task_ids.sorted("position")
        with self.at_time("2026-03-10 15:00:00"):
            self.assertEqual((plan.progress, plan.pace), (0, "on_time"))
        with self.at_time("2026-04-10 15:00:00"):
            plan.invalidate_recordset()
            cards.invalidate_recordset()
            self.assertEqual((plan.pace, plan.late_task_count), ("late", 1))
            late = self.env["cs.plan"].search([("pace", "=", "late")])
            self.assertIn(plan, late)
            cards.action_done()
            self.assertEqual(plan.progress, 50)
            practice.action_done()
        self.assertEqual((plan.progress, plan.state), (100, "done"))
        with self.at_time("2026-04-11 15:00:00"):
            self.env["cs.task"].with_user(self.csm).create(
                {"name": "One more", "account_id": self.account.id, "plan_id": plan.id}
            )
        self.assertEqual(plan.state, "running")

    def test_the_finding_and_the_reason_stay_with_the_task(self):
        plan = self.plan_of(
            {"cards_registered": "partly", "cards_reconciled": "partly"}
        )
        task = self.named(plan)["cards"]
        self.assertEqual(
            self.codes(task.finding_ids.question_id),
            ["cards_registered", "cards_reconciled"],
        )
        self.assertIn("fee that is above", task.action_why)
        self.assertIn("acquirer", task.description)

    def test_objectives_are_proposed_where_the_level_is_low(self):
        plan = self.plan_of({"bank_reconciled": "not_done"})
        self.assertEqual(
            plan.objective_ids.mapped("name"), ["Bank reconciled up to the day before"]
        )
        self.assertEqual(plan.objective_ids.due_on, date(2026, 4, 16))

    def test_chosen_actions_only(self):
        chosen = self.of("action", "reclassify")
        plan = self.plan_of({"cost_centres": "not_done"}, actions=chosen)
        tasks = self.named(plan)
        self.assertEqual(set(tasks), {"reclassify", "posting", "reports"})
        self.assertEqual(tasks["reclassify"].state, "open")

    def test_nothing_to_plan_and_a_plan_already(self):
        with self.assertRaises(UserError) as raised:
            self.plan_of({})
        self.assertIn("nothing to plan", str(raised.exception))
        plan = self.plan_of({"cards_registered": "partly"})
        with self.assertRaises(UserError) as raised:
            plan.diagnostic_id.create_plan()
        self.assertIn("was made of this diagnostic already", str(raised.exception))
        plan.action_cancel("The customer changed its mind")
        self.assertEqual(set(plan.task_ids.mapped("state")), {"cancelled"})
        self.assertTrue(plan.diagnostic_id.create_plan())

    def test_the_draft_changes_who_and_when(self):
        with self.at_time("2026-03-02 15:00:00"):
            diagnostic = self.filled({"cost_centres": "not_done"})
            drafts = self.env["cs.plan.draft"].with_user(self.csm)
            draft = drafts.create({"diagnostic_id": diagnostic.id})
            lines = {
                line._source().get_external_id()[line._source().id]: line
                for line in draft.line_ids
            }
            register = lines["customer_success.cs_diagnostic_action_register"]
            reclassify = lines["customer_success.cs_diagnostic_action_reclassify"]
            lines["customer_success.cs_training_topic_reports"].chosen = False
            register.write({"responsible": "user", "user_id": self.specialist.id})
            reclassify.date_deadline = date(2026, 3, 10)
            with self.assertRaises(UserError) as raised:
                draft.action_create_plan()
            self.assertIn("comes after", str(raised.exception))
            reclassify.date_deadline = date(2026, 3, 30)
            action = draft.action_create_plan()
        plan = self.env["cs.plan"].browse(action["res_id"])
        tasks = self.named(plan)
        self.assertNotIn("reports", tasks)
        self.assertEqual(tasks["register"].user_id, self.specialist)
        self.assertEqual(tasks["reclassify"].date_deadline, date(2026, 3, 30))
        self.assertEqual(
            tasks["reclassify"].after_ids, tasks["register"] | tasks["module"]
        )

    def test_replan_moves_what_follows_and_says_why(self):
        plan = self.plan_of({"cost_centres": "not_done"})
        tasks = self.named(plan)
        with self.at_time("2026-03-05 15:00:00"):
            plan.with_user(self.csm).action_replan(
                "Their IT is on holiday", {tasks["module"]: date(2026, 3, 17)}
            )
        self.assertEqual(tasks["module"].date_deadline, date(2026, 3, 17))
        self.assertEqual(tasks["register"].date_open, date(2026, 3, 17))
        self.assertEqual(tasks["register"].date_deadline, date(2026, 4, 1))
        self.assertEqual(tasks["reclassify"].date_deadline, date(2026, 5, 1))
        message = plan.message_ids[0].body
        self.assertIn("Their IT is on holiday", message)
        self.assertIn("Release the module", message)
        with self.assertRaises(UserError) as raised:
            plan.action_replan("Sooner", {tasks["reclassify"]: date(2026, 3, 20)})
        self.assertIn("comes after", str(raised.exception))
        with self.assertRaises(UserError):
            plan.action_replan("  ", days=3)
        plan.action_replan("All a week later", days=7)
        self.assertEqual(tasks["module"].date_deadline, date(2026, 3, 24))
        self.assertEqual(tasks["reclassify"].date_deadline, date(2026, 5, 8))

    def test_replan_by_the_window(self):
        plan = self.plan_of({"cards_registered": "partly"})
        window = self.env["cs.plan.replan"].with_user(self.csm)
        window = window.with_context(default_plan_id=plan.id).create(
            {"reason": "Later"}
        )
        self.assertEqual(window.line_ids.task_id, plan.task_ids)
        window.line_ids[0].new_deadline += timedelta(days=3)
        window.action_replan()
        self.assertEqual(plan.task_ids[0].date_deadline, date(2026, 3, 20))

    def test_validated_by_the_customer(self):
        plan = self.plan_of({"cards_registered": "partly"})
        marta = self.env["res.partner"].create(
            {"name": "Marta", "parent_id": self.account.partner_id.id}
        )
        with self.at_time("2026-03-05 15:00:00"):
            plan.with_user(self.csm).action_validate(marta)
        self.assertEqual(plan.validated_by_id, marta)
        self.assertEqual(plan.validated_on, date(2026, 3, 5))
        with self.assertRaises(UserError):
            plan.with_user(self.csm).action_validate()
        stranger = self.env["res.partner"].create({"name": "Of nobody"})
        for values in (
            {"validated_by_id": stranger.id},
            {"validated_on": self.account._today() + timedelta(days=1)},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                plan.with_user(self.csm).write(values)

    def test_a_success_plan_needs_no_diagnostic(self):
        plan = (
            self.env["cs.plan"]
            .with_user(self.csm)
            .create(
                {
                    "name": "First year",
                    "account_id": self.account.id,
                    "objective_ids": [
                        Command.create(
                            {
                                "name": "Close in 5 days",
                                "account_id": self.account.id,
                                "baseline": 12,
                                "target": 5,
                                "manual_value": 8.5,
                                "is_higher_better": False,
                            }
                        )
                    ],
                    "task_ids": [
                        Command.create({"name": "Agree", "account_id": self.account.id})
                    ],
                }
            )
        )
        self.assertEqual((plan.kind, plan.task_ids.state), ("success", "open"))
        self.assertEqual(plan.objective_ids.progress, 50)
        plan.objective_ids.action_achieved()
        self.assertEqual(plan.objective_ids.outcome, "achieved")

    def test_an_objective_reads_its_metric(self):
        objective = self.env["cs.objective"].create(
            {
                "name": "Promoter",
                "account_id": self.account.id,
                "metric_id": self.env.ref("customer_success.cs_metric_nps").id,
                "baseline": 4,
                "target": 9,
            }
        )
        self.assertFalse(objective.is_known)
        self.record(self.account, nps=7)
        objective.invalidate_recordset()
        self.assertEqual((objective.current_value, objective.progress), (7, 60))

    def test_who_may_do_it(self):
        plan = self.plan_of({"cards_registered": "partly"})
        with self.assertRaises(AccessError):
            plan.with_user(self.other_csm).name  # noqa: B018
        with self.assertRaises(AccessError):
            plan.diagnostic_id.with_user(self.other_csm).create_plan()
        with self.assertRaises(UserError):
            plan.with_user(self.csm).state = "done"
        other = self.make_account("Other")
        with self.assertRaises(UserError):
            plan.with_user(self.manager).account_id = other
        with self.assertRaises(ValidationError):
            self.env["cs.task"].create(
                {"name": "Strange", "account_id": other.id, "plan_id": plan.id}
            )
        with self.assertRaises(AccessError):
            self.env["cs.plan"].with_user(self.csm).create(
                {"name": "Not mine", "account_id": other.id}
            )

    def test_the_plan_follows_the_customer_to_its_new_csm(self):
        plan = self.plan_of({"cards_registered": "partly"})
        self.account.csm_id = self.other_csm
        self.assertEqual(plan.user_id, self.other_csm)
        self.assertEqual(self.named(plan)["cards"].user_id, self.other_csm)

    def test_the_timeline_is_drawn(self):
        plan = self.plan_of({"cost_centres": "not_done"})
        plan.task_ids[0].name = "<b>&"
        drawing = plan.with_user(self.csm).timeline
        self.assertEqual(drawing.count("<rect"), len(plan.task_ids))
        self.assertIn("&lt;b&gt;&amp;", drawing)


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    """Dates of steps that wait for each other, whatever the order they come in."""

    @given(
        st.lists(
            st.tuples(st.integers(0, 60), st.integers(0, 2**8 - 1)),
            min_size=1,
            max_size=8,
        ),
        st.randoms(use_true_random=False),
    )
    @settings(deadline=None)
    def test_nothing_begins_before_what_it_waits_for_ends(self, steps, random):
        lengths = [length for length, _mask in steps]
        keys = list(range(len(steps)))
        random.shuffle(keys)
        before = {
            key: {one for one in range(key) if steps[key][1] >> one & 1} for key in keys
        }
        days = {key: lengths[key] for key in before}
        start = date(2026, 3, 2)
        dates = schedule(days, before, start)
        for key, (begin, end) in dates.items():
            self.assertEqual((end - begin).days, lengths[key])
            ends = [dates[one][1] for one in before[key]]
            self.assertEqual(begin, max([start, *ends]))
        order = in_order(before)
        self.assertTrue(
            all(
                order.index(one) < order.index(key)
                for key in keys
                for one in before[key]
            )
        )

    def test_a_circle_is_refused(self):
        with self.assertRaises(ValueError):
            in_order({"a": ["b"], "b": ["a"]})
