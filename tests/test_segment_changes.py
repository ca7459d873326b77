from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CsCase


class SegmentCase(CsCase):
    """Customers whose facts say Enterprise or ME / PME."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segments = cls.env["cs.segment"]
        cls.enterprise = cls.env.ref("customer_success.cs_segment_enterprise")
        cls.small = cls.env.ref("customer_success.cs_segment_me_pme")
        cls.account = cls.make_account("Padaria Sol", csm_id=cls.csm.id)

    def judge(self, account=None, **facts):
        account = account or self.account
        if facts:
            self.record(account, **facts)
        self.segments._assign(account)
        return account.segment_id

    def big(self, account=None):
        return self.judge(account, employees=500, mrr=9000, products=4)

    def little(self, account=None):
        return self.judge(account, employees=5, mrr=900, products=1)

    def history(self):
        return self.account.segment_history_ids.sorted("id")


@tagged("post_install", "-at_install")
class TestHold(SegmentCase):
    """Who lives on a limit doesn't change segment every day."""

    def test_who_flaps_every_day_changes_once_in_30_days(self):
        changes = []
        for day in range(1, 61):
            with self.at_time(f"2026-{3 + day // 31:02}-{day % 31 + 1:02} 12:00:00"):
                before = self.account.segment_id
                after = self.big() if day % 2 else self.little()
                if before and before != after:
                    changes.append(day)
        self.assertEqual(changes, [2, 33])

    def test_who_is_known_every_other_day_changes_once_in_30_days(self):
        with self.at_time("2026-02-01 12:00:00"):
            self.assertEqual(self.big(), self.enterprise)
        changes = []
        for day in range(1, 29):
            with self.at_time(f"2026-03-{day:02} 12:00:00"):
                before = self.account.segment_id
                self.record(
                    self.account,
                    **dict.fromkeys(
                        ("employees", "mrr", "products"), None if day % 2 else 9000
                    ),
                )
                if self.judge() != before:
                    changes.append(day)
        self.assertEqual(changes, [1])
        self.assertFalse(self.account.segment_id)
        self.assertIn("stays until 03/31/2026", self.account.segment_note)

    def test_the_customers_of_a_deleted_segment_are_judged_anew(self):
        after_it = self.enterprise.copy()
        with self.at_time("2026-03-01 12:00:00"):
            self.little()
            self.assertEqual(self.big(), self.enterprise)
            self.enterprise.unlink()
            self.assertEqual(self.judge(), after_it)

    def test_meanwhile_it_says_what_the_rules_say(self):
        with self.at_time("2026-03-01 12:00:00"):
            self.little()
            self.big()
        with self.at_time("2026-03-02 12:00:00"):
            self.assertEqual(self.little(), self.enterprise)
            self.assertEqual(self.account.segment_computed_id, self.small)
            self.assertIn("stays until 03/31/2026", self.account.segment_note)
        with self.at_time("2026-03-31 12:00:00"):
            self.assertEqual(self.judge(), self.small)
            self.assertFalse(self.account.segment_note)

    def test_every_change_is_remembered_with_its_why(self):
        self.little()
        self.big()
        first, second = self.history()
        self.assertEqual(
            (first.previous_id, first.segment_id), (self.segments, self.small)
        )
        self.assertEqual(
            (second.previous_id, second.segment_id), (self.small, self.enterprise)
        )
        self.assertEqual(second.kind, "rules")
        self.assertIn("500", second.explanation)
        self.judge()
        self.assertEqual(len(self.history()), 2)


@tagged("post_install", "-at_install")
class TestByHand(SegmentCase):
    """A segment chosen by hand survives every judgement until its end."""

    def choose(self, until=None, user=None):
        account = self.account.with_user(user or self.csm)
        account.action_set_segment(self.enterprise, "Marca que abre portas", until)

    def test_it_stays_until_released(self):
        self.little()
        self.choose()
        self.assertEqual(self.judge(), self.enterprise)
        self.assertEqual(self.account.segment_computed_id, self.small)
        self.assertEqual(self.account.touch_model, "high")
        for words in ("cs_csm", "Marca que abre portas", "ME / PME"):
            self.assertIn(words, self.account.segment_note)
        self.account.with_user(self.csm).action_release_segment()
        self.assertEqual(self.account.segment_id, self.small)
        self.assertEqual(self.history().mapped("kind"), ["rules", "hand", "released"])

    def test_by_its_id(self):
        account = self.account.with_user(self.csm)
        account.action_set_segment(self.enterprise.id, "Marca", "2999-12-31")
        self.assertEqual(account.segment_id, self.enterprise)
        self.assertIn("until 12/31/2999", account.segment_note)

    def test_it_ends_by_itself(self):
        with self.at_time("2026-03-01 12:00:00"):
            self.little()
            self.choose("2026-03-10")
        with self.at_time("2026-03-11 02:59:00"):
            self.assertEqual(self.judge(), self.enterprise)
        with self.at_time("2026-03-11 03:00:00"):
            self.assertEqual(self.judge(), self.small)
            self.assertFalse(self.account.segment_lock_reason)
            self.assertEqual(self.history()[-1].kind, "expired")

    def test_it_ends_also_where_the_rules_had_changed_it_lately(self):
        with self.at_time("2026-03-01 12:00:00"):
            self.big()
            self.assertEqual(self.little(), self.small)
        with self.at_time("2026-03-02 12:00:00"):
            self.choose("2026-03-05")
        with self.at_time("2026-03-07 12:00:00"):
            self.assertEqual(self.judge(), self.small)
            self.assertFalse(self.account.segment_note)

    def test_it_needs_a_reason_and_a_day_to_come(self):
        with self.assertRaises(UserError):
            self.account.action_set_segment(self.enterprise, "  ")
        with self.at_time("2026-03-01 12:00:00"), self.assertRaises(UserError):
            self.choose("2026-02-28")

    def test_only_who_works_the_customer_chooses(self):
        with self.assertRaises(AccessError):
            self.choose(user=self.other_csm)
        with self.assertRaises(AccessError):
            self.choose(user=self.salesperson)
        with self.assertRaises(UserError):
            self.account.with_user(self.csm).segment_id = self.enterprise
        self.choose(user=self.manager)

    def test_by_the_window_for_many(self):
        accounts = self.account + self.make_account("Outro", csm_id=self.csm.id)
        wizard = self.env["cs.segment.choice"].with_user(self.csm)
        wizard = wizard.with_context(active_ids=accounts.ids)
        with Form(wizard) as form:
            form.segment_id = self.enterprise
            form.reason = "Prioridade"
        form.record.action_confirm()
        self.assertEqual(accounts.segment_id, self.enterprise)


@tagged("post_install", "-at_install")
class TestScope(SegmentCase):
    """A scope says which customers come in question at all."""

    def test_rules_hold_only_inside_the_scope(self):
        pharma = self.env["cs.industry"].create({"name": "Farma"})
        self.enterprise.scope = str([("industry_id", "=", pharma.id)])
        self.assertEqual(self.big(), self.small)
        self.account.industry_id = pharma
        self.account.segment_held_until = False
        self.assertEqual(self.judge(), self.enterprise)

    def test_a_scope_alone_is_enough(self):
        vip = self.segments.create(
            {
                "name": "VIP",
                "sequence": 1,
                "scope": str(
                    ["|", ("mrr", ">", 50000), ("partner_id.ref", "=", "VIP")]
                ),
            }
        )
        self.assertEqual(self.little(), self.small)
        self.account.partner_id.ref = "VIP"
        self.account.flush_recordset()
        self.assertEqual(self.judge(), vip)

    def test_without_rules_and_scope_nobody_belongs(self):
        self.segments.create({"name": "Nobody", "sequence": 1})
        self.assertEqual(self.little(), self.small)

    def test_what_is_no_domain_is_refused(self):
        for text in ("[('no_field', '=', 1)]", "__import__('os')", "[(", "1"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.enterprise.scope = text


@tagged("post_install", "-at_install")
class TestSimulation(SegmentCase):
    """Who would move is known before anybody does."""

    def test_it_says_who_from_where_to_where_and_why(self):
        self.little()
        rule = self.enterprise.rule_ids[0]
        moves = self.enterprise.with_user(self.admin).simulate(
            {"match_count": 1, "rule_ids": [(1, rule.id, {"threshold": 4})]}
        )
        mine = [one for one in moves if one["account_id"] == self.account.id]
        self.assertEqual(
            [(one["customer"], one["from"], one["to"]) for one in mine],
            [("Padaria Sol", "ME / PME", "Enterprise")],
        )
        self.assertIn("5", mine[0]["why"])
        self.assertEqual((rule.threshold, self.enterprise.match_count), (100, 3))
        self.assertEqual(self.account.segment_id, self.small)

    def test_a_new_segment_before_it_is(self):
        self.little()
        moves = self.segments.simulate(
            {"name": "VIP", "sequence": 1, "scope": "[('mrr', '>', 800)]"}
        )
        self.assertIn(
            (self.account.id, "VIP"), [(one["account_id"], one["to"]) for one in moves]
        )
        self.assertFalse(self.segments.search([("name", "=", "VIP")]))

    def test_before_it_has_a_name(self):
        self.little()
        for vals in ({}, {"name": False}):
            moves = self.segments.simulate(
                {"sequence": 1, "scope": "[('mrr', '>', 800)]", **vals}
            )
            self.assertIn(self.account.id, [one["account_id"] for one in moves])
        moves = self.enterprise.simulate(
            {
                "name": False,
                "scope": "[('mrr', '>', 1)]",
                "rule_ids": [(5,)],
                "match": "all",
            }
        )
        self.assertIn(self.account.id, [one["account_id"] for one in moves])

    def test_on_the_form_before_saving(self):
        self.little()
        editor = self.enterprise.with_user(self.admin)
        with self.enter_registry_test_mode(), Form(editor) as form:
            form.show_simulation = True
            self.assertNotIn("Padaria Sol", form.simulation)
            form.match_count = 1
            with form.rule_ids.edit(0) as rule:
                rule.threshold = 4
            self.assertIn("Padaria Sol", form.simulation)
            form.match_count = 3
            self.assertNotIn("Padaria Sol", form.simulation)
            form.show_simulation = False
        self.assertEqual(self.account.segment_id, self.small)

    def test_choices_by_hand_stay(self):
        self.little()
        self.account.action_set_segment(self.small, "Fica")
        moves = self.enterprise.simulate(
            {"scope": "[('mrr', '>', 1)]", "rule_ids": [(5,)], "match": "all"}
        )
        self.assertNotIn(self.account.id, [one["account_id"] for one in moves])

    def test_only_who_keeps_segments(self):
        for user in (self.csm, self.manager, self.specialist):
            with self.assertRaises(AccessError):
                self.enterprise.with_user(user).simulate({"match_count": 1})

    def test_apply_moves_them_now(self):
        self.little()
        self.enterprise.scope = "[('mrr', '>', 1)]"
        self.enterprise.rule_ids.unlink()
        self.enterprise.match = "all"
        self.enterprise.with_user(self.admin).action_apply()
        self.assertEqual(self.account.segment_id, self.enterprise)


@tagged("post_install", "-at_install")
class TestCadence(SegmentCase):
    """The most specific cadence wins; what is next follows from it."""

    def test_customer_then_phase_then_segment(self):
        account = self.account
        self.assertEqual(account._cadence("followup_days"), 0)
        self.big()
        self.assertEqual(account._cadence("followup_days"), 45)
        ongoing = self.env.ref("customer_success.cs_phase_ongoing")
        self.enterprise.phase_ids.create(
            {
                "segment_id": self.enterprise.id,
                "phase_id": ongoing.id,
                "followup_days": 30,
            }
        )
        account.phase_id = ongoing
        self.assertEqual(account._cadence("followup_days"), 30)
        self.assertEqual(account._cadence("results_meeting_days"), 90)
        account.followup_days = 10
        self.assertEqual(account._cadence("followup_days"), 10)

    def test_the_next_follow_up_counts_from_the_last_contact(self):
        with self.at_time("2026-03-01 12:00:00"):
            self.big()
            self.env["cs.interaction"].create(
                {"account_id": self.account.id, "kind": "call"}
            )
            self.assertEqual(self.account.next_followup_on, date(2026, 4, 15))
            self.account.followup_days = 7
            self.account._refresh_followups(self.account)
            self.assertEqual(self.account.next_followup_on, date(2026, 3, 8))


@tagged("post_install", "-at_install")
class TestMissingFacts(SegmentCase):
    """What is missing is asked for by one task, which ends by itself."""

    def test_nobody_is_asked_where_no_person_serves(self):
        self.account.touch_model = "tech"
        self.judge(mrr=10000, products=3)
        self.account.start_journey(self.small.journey_template_id)
        self.account._ask_for_segment_facts(self.account)
        self.assertFalse(self.open_tasks())

    def open_tasks(self):
        return self.account.task_ids.filtered(
            lambda one: one.finds_segment_facts and one.state == "open"
        )

    def test_one_task_until_it_is_known(self):
        self.judge(mrr=10000, products=3)
        self.account.start_journey(self.small.journey_template_id)
        self.account._ask_for_segment_facts(self.account)
        self.account._ask_for_segment_facts(self.account)
        task = self.open_tasks()
        self.assertEqual(len(task), 1)
        self.assertEqual(task.user_id, self.csm)
        self.assertIn("Employees filing expenses", task.description)
        self.judge(employees=500)
        self.account._ask_for_segment_facts(self.account)
        self.assertEqual(task.state, "done")

    def test_who_is_on_no_journey_is_not_asked_about(self):
        self.judge(mrr=10000)
        self.account._ask_for_segment_facts(self.account)
        self.assertFalse(self.open_tasks())


@tagged("post_install", "-at_install")
class TestJourneySwitch(SegmentCase):
    """The running journey stays; the switch is offered."""

    def test_it_is_offered_and_done_once(self):
        self.little()
        account = self.account.with_user(self.csm)
        account.start_journey(self.small.journey_template_id)
        self.assertFalse(account.can_switch_journey)
        self.big()
        account.invalidate_recordset()
        self.assertEqual(
            account.lifecycle_journey_id.template_id, self.small.journey_template_id
        )
        self.assertTrue(account.can_switch_journey)
        account.action_switch_journey()
        account.invalidate_recordset()
        self.assertEqual(
            account.lifecycle_journey_id.template_id,
            self.enterprise.journey_template_id,
        )
        self.assertFalse(account.can_switch_journey)


@tagged("post_install", "-at_install")
class TestComparison(SegmentCase):
    """What sales saw beside what customer success sees."""

    def test_mismatches_are_found(self):
        self.little()
        lead = self.env["crm.lead"].create(
            {"name": "Venda", "cs_sales_segment_id": self.enterprise.id}
        )
        self.env["cs.handoff"].create(
            {
                "lead_id": lead.id,
                "partner_id": self.account.partner_id.id,
                "account_id": self.account.id,
                "state": "accepted",
            }
        )
        self.env.flush_all()
        comparisons = self.env["cs.segment.comparison"]
        mine = [("account_id", "=", self.account.id)]
        row = comparisons.search(mine)
        self.assertEqual(row.result, "differs")
        self.assertEqual(row.sales_segment_id, self.enterprise)
        lead.cs_sales_segment_id = self.small
        self.assertEqual(comparisons.search([*mine, ("result", "=", "same")]), row)
        self.assertTrue(comparisons.with_user(self.csm).search(mine))
        self.assertFalse(comparisons.with_user(self.other_csm).search(mine))
        with self.assertRaises(AccessError):
            comparisons.with_user(self.salesperson).search(mine)


@tagged("post_install", "-at_install")
class TestManyCustomers(SegmentCase):
    """However many customers, the same few queries, and nothing twice."""

    def test_queries_do_not_grow_and_nothing_is_written_twice(self):
        accounts = self.make_accounts(200)
        for account in accounts[:100]:
            self.record(account, employees=500, mrr=9000, products=4)
        self.segments._assign(accounts[:1])
        self.env.flush_all()
        with self.assertQueryCount(8):
            changed = self.segments._assign(accounts)
        self.assertEqual(len(changed), 99)
        with self.assertQueryCount(8):
            self.assertFalse(self.segments._assign(accounts))
        self.assertEqual(
            self.env["cs.segment.history"].search_count(
                [("account_id", "in", accounts.ids)]
            ),
            100,
        )
