from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from .diagnostic_common import DiagnosticCase


class TestImprovement(DiagnosticCase):
    """The specialist's queue: what could be better, and what becomes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_account("Mercado Boreal", csm_id=cls.other_csm.id)

    def put(self, name="Post invoices by e-mail", user=None, **values):
        values = {"account_id": self.account.id, "name": name, **values}
        return self.env["cs.improvement"].with_user(user or self.csm).create(values)

    # From where they come

    def test_findings_go_into_the_queue_once(self):
        diagnostic = self.filled(
            {"bank_reconciled": "partly", "cost_centres": "not_done"}
        )
        rows = {self.codes(row.question_id)[0]: row for row in diagnostic.answer_ids}
        rows["cost_centres"].evidence = "0 of 412"
        action = rows["cost_centres"].action_improve()
        one = self.env["cs.improvement"].browse(action["res_id"])
        self.assertEqual(one.account_id, self.account)
        self.assertEqual(one.user_id, self.specialist)
        self.assertEqual(one.answer_id, rows["cost_centres"])
        # The release of the module has impact 5 of 5.
        self.assertEqual(one.priority, "3")
        self.assertIn("0 of 412", one.description)
        action = diagnostic.with_user(self.csm).action_improve_findings()
        both = self.env["cs.improvement"].search(action["domain"])
        self.assertEqual(len(both), 2)
        self.assertIn(one, both)
        diagnostic.action_improve_findings()
        self.assertEqual(self.account.improvement_count, 2)
        # What was dropped may be put there again.
        one.action_drop("Not now")
        diagnostic.action_improve_findings()
        self.account.invalidate_recordset()
        self.assertEqual(self.account.improvement_count, 3)
        self.assertEqual(self.account.open_improvement_count, 2)

    def test_what_is_done_is_no_finding(self):
        with self.assertRaises(UserError):
            self.filled({}).answer_ids.action_improve()

    def test_a_csm_queues_no_finding_of_others(self):
        diagnostic = self.filled({"bank_reconciled": "partly"})
        with self.assertRaises(AccessError):
            diagnostic.with_user(self.other_csm).action_improve_findings()

    def test_from_a_talk_of_the_same_customer_only(self):
        values = {"account_id": self.other.id, "kind": "call"}
        talk = self.env["cs.interaction"].create(values)
        with self.assertRaises(ValidationError):
            self.put(interaction_id=talk.id)
        self.assertTrue(self.put(user=self.manager, account_id=self.other.id))

    # A task

    def test_a_task_of_the_owner_ends_it(self):
        with self.at_time("2026-03-02 15:00:00"):
            one = self.put(user_id=self.specialist.id, due_on=date(2026, 3, 20))
            one.action_make_task()
            task = one.task_id
            self.assertEqual(task.user_id, self.specialist)
            self.assertEqual(task.date_deadline, date(2026, 3, 20))
            self.assertEqual((one.state, task.account_id), ("doing", self.account))
            with self.assertRaises(UserError):
                one.action_make_task()
            with self.assertRaises(UserError):
                one.action_done()
            task.with_user(self.specialist).action_done()
            self.assertEqual(one.state, "done")
            self.assertEqual(one.concluded_on, date(2026, 3, 2))

    def test_nobodys_task_is_the_csms(self):
        with self.at_time("2026-03-02 15:00:00"):
            one = self.put(user_id=False)
            one.with_user(self.specialist).action_make_task()
        self.assertEqual(one.task_id.responsible, "csm")
        self.assertEqual(one.task_id.user_id, self.csm)
        self.assertEqual(one.task_id.date_deadline, date(2026, 3, 16))

    def test_a_skipped_task_drops_it_and_the_other_way_round(self):
        one, two = self.put("One"), self.put("Two")
        (one | two).action_make_task()
        one.task_id.action_skip("The customer sold that branch")
        self.assertEqual(
            (one.state, one.reason), ("dropped", "The customer sold that branch")
        )
        two.action_drop("Not worth it")
        self.assertEqual((two.state, two.task_id.state), ("dropped", "skipped"))
        self.assertEqual(two.task_id.reason, "Not worth it")
        two.action_reopen()
        self.assertEqual((two.state, two.reason), ("new", False))
        two.action_make_task()
        self.assertEqual(two.task_id.state, "open")

    def test_a_deleted_task_can_be_made_again(self):
        one = self.put()
        one.action_make_task()
        one.task_id.unlink()
        one.action_make_task()
        self.assertTrue(one.task_id)

    def test_dropping_says_why(self):
        with self.assertRaises(UserError):
            self.put().action_drop("  ")
        one = self.put()
        self.env["cs.reason"].with_user(self.csm).create(
            {
                "decision": "improvement_drop",
                "improvement_ids": [Command.set(one.ids)],
                "reason": "Too dear",
            }
        ).action_confirm()
        self.assertEqual((one.state, one.reason), ("dropped", "Too dear"))
        with self.assertRaises(UserError):
            one.action_start()

    # An opportunity

    def idea(self, **values):
        return self.put("Corporate card", kind="cross_sell", **values)

    def test_an_idea_is_sold_by_who_sells_to_the_customer(self):
        self.account.partner_id.user_id = self.salesperson
        one = self.idea(expected_mrr=300, priority="3")
        one.action_make_lead()
        lead = one.lead_id.with_user(self.salesperson)
        self.assertEqual(lead.user_id, self.salesperson)
        self.assertEqual(lead.partner_id, self.account.partner_id)
        self.assertEqual((lead.type, lead.name), ("opportunity", "Corporate card"))
        self.assertEqual(one.lead_id.sudo().recurring_revenue, 300)
        self.assertIn(self.csm.name, str(lead.message_ids.mapped("body")))
        with self.assertRaises(UserError):
            one.action_done()
        with self.assertRaises(UserError):
            one.action_drop("No more")
        with self.assertRaises(AccessError):
            lead.with_user(self.csm).read(["name"])
        self.assertEqual(one.lead_outcome, lead.stage_id.name)
        lead.action_set_won()
        self.assertEqual(one.state, "done")
        told = one.message_ids[0]
        self.assertIn("is won", told.body)
        self.assertIn(self.csm.partner_id, told.partner_ids)

    def test_lost_and_open_again(self):
        self.account.partner_id.user_id = self.salesperson
        one = self.idea()
        one.action_make_lead()
        lead = one.lead_id.with_user(self.salesperson)
        reason = self.env["crm.lost.reason"].create({"name": "Too dear"})
        lead.action_set_lost(lost_reason_id=reason.id)
        self.assertEqual(one.state, "dropped")
        one.invalidate_recordset()
        self.assertIn("Too dear", one.lead_outcome)
        self.assertIn("is lost", one.message_ids[0].body)
        lead.action_unarchive()
        lead.probability = 40
        self.assertEqual((one.state, one.reason), ("doing", False))

    def test_what_goes_on_is_not_reopened(self):
        one = self.idea()
        one.action_make_lead()
        with self.assertRaisesRegex(UserError, "has not ended yet"):
            one.action_reopen()
        self.assertTrue(one.lead_id)

    def test_a_merged_opportunity_takes_its_idea_along(self):
        one = self.idea()
        one.action_make_lead()
        other = self.env["crm.lead"].create(
            {
                "name": "Cards",
                "type": "opportunity",
                "partner_id": self.account.partner_id.id,
                "probability": 90,
            }
        )
        left = (one.lead_id.sudo() | other).merge_opportunity()
        self.assertEqual((one.lead_id.id, one.state), (left.id, "doing"))
        left.action_set_won()
        self.assertEqual(one.state, "done")

    def test_who_cannot_sell_here_is_not_chosen(self):
        seller = self.salesperson.copy({"login": "gone", "active": False})
        self.account.partner_id.user_id = seller
        one = self.idea()
        one.with_user(self.csm).action_make_lead()
        self.assertFalse(one.lead_id.sudo().user_id)

    def test_only_ideas_are_sold_and_only_by_who_may_write_them(self):
        with self.assertRaises(UserError):
            self.put().action_make_lead()
        with self.assertRaises(AccessError):
            self.idea().with_user(self.other_csm).action_make_lead()
        with self.assertRaises(AccessError):
            self.idea().with_user(self.salesperson).action_make_lead()
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Corporate card")]))

    def test_nobody_sells_to_the_customer_yet(self):
        one = self.idea()
        one.action_make_lead()
        self.assertFalse(one.lead_id.sudo().user_id)

    # The customer's voice

    def ask(self, account, topic, name="Approve on the phone", **values):
        return self.put(
            name,
            self.specialist,
            account_id=account.id,
            kind="request",
            topic_id=topic.id if topic else False,
            **values,
        )

    def test_each_customer_counts_once_in_a_topic(self):
        topics = self.env["cs.improvement.topic"].with_user(self.specialist)
        phone, dark = topics.create([{"name": "Phone"}, {"name": "Dark mode"}])
        (self.account | self.other).sudo().write({"mrr": 1000})
        self.other.sudo().mrr = 500
        self.ask(self.account, phone)
        self.ask(self.account, phone, "The app, please")
        self.ask(self.account, dark)
        late = self.ask(self.other, phone)
        self.ask(self.other, dark).action_drop("Said by mistake")
        self.assertEqual((phone.customer_count, phone.mrr), (2, 1500))
        self.assertEqual((dark.customer_count, dark.mrr), (1, 1000))
        demand = self.env["cs.improvement.demand"].with_user(self.specialist)
        rows = demand._read_group(
            [("topic_id", "in", (phone | dark).ids)],
            ["topic_id"],
            ["customers:count_distinct", "mrr:sum", "voices:sum", "waiting:sum"],
            order="mrr:sum desc",
        )
        self.assertEqual(rows, [(phone, 2, 1500, 3, 2), (dark, 1, 1000, 1, 1)])
        late.action_done()
        topics.invalidate_model()
        self.assertEqual((phone.customer_count, phone.waiting_count), (2, 1))
        mine = demand.with_user(self.csm).search([("topic_id", "=", phone.id)])
        self.assertEqual(mine.account_id, self.account)

    def test_delivered_asks_each_csm_to_tell(self):
        topic = self.env["cs.improvement.topic"].create({"name": "Phone"})
        mine, others = self.ask(self.account, topic), self.ask(self.other, topic)
        with self.assertRaises(AccessError):
            topic.with_user(self.csm).action_delivered()
        topic.with_user(self.specialist).action_delivered()
        self.assertEqual((mine | others).mapped("state"), ["done", "done"])
        self.assertEqual(mine.activity_ids.user_id, self.csm)
        self.assertEqual(others.activity_ids.user_id, self.other_csm)
        self.assertIn("Phone is delivered", mine.message_ids[0].body)

    # Who may do what

    def test_own_portfolio(self):
        mine = self.put()
        others = self.put(user=self.other_csm, account_id=self.other.id)
        queue = self.env["cs.improvement"]
        self.assertEqual(queue.with_user(self.csm).search([]) & (mine | others), mine)
        for user in (self.manager, self.specialist, self.admin):
            self.assertGreaterEqual(queue.with_user(user).search([]), mine | others)
        with self.assertRaises(AccessError):
            others.with_user(self.csm).name = "Mine now"
        with self.assertRaises(AccessError):
            self.put(account_id=self.other.id)
        with self.assertRaises(UserError):
            mine.account_id = self.other
        with self.assertRaises(AccessError):
            mine.unlink()
        portal = self.make_user("cs_queue_portal", "base.group_portal")
        for user in (self.salesperson, portal):
            with self.assertRaises(AccessError):
                queue.with_user(user).search([])

    def test_what_becomes_of_it_is_not_written_by_hand(self):
        one = self.put()
        task = self.env["cs.task"].create({"account_id": self.account.id, "name": "T"})
        for values in ({"state": "done"}, {"task_id": task.id}, {"reason": "No"}):
            with self.subTest(values), self.assertRaises(UserError):
                one.write(values)
        with self.assertRaises(UserError):
            self.put(state="done")
