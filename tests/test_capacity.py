from contextlib import contextmanager
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.customer_success.team.capacity import (
    csms_for_customers,
    csms_for_mrr,
    customers_for_ticket,
    unfilled,
)

from .common import CsCase

POWERS = ("", "a", "b", "c", "ab", "ac", "bc", "abc")
CENTS = st.integers(1, 10**9).map(lambda cents: cents / 100)


@tagged("post_install", "-at_install")
class TestArithmetic(CsCase):
    """How many people a portfolio asks for."""

    def test_the_numbers_of_the_field(self):
        self.assertEqual(csms_for_customers(75, 30), 3)
        self.assertEqual(csms_for_customers(40, 40), 1)
        self.assertEqual(customers_for_ticket(2000, 100_000), 50)

    @given(st.integers(0, 10**6), st.integers(1, 500))
    def test_enough_and_not_one_too_many(self, customers, per_csm):
        needed = csms_for_customers(customers, per_csm)
        self.assertGreaterEqual(needed * per_csm, customers)
        self.assertTrue(not needed or (needed - 1) * per_csm < customers)

    @given(
        st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
        st.lists(st.none() | st.sets(st.sampled_from("abc")), max_size=5),
    )
    def test_as_many_places_are_filled_as_can_be(self, needed, serving):
        # König: what can be filled is the least of what each choice of kinds allows.
        fillable = min(
            sum(places for kind, places in needed.items() if kind not in chosen)
            + sum(bool(chosen & (chosen if one is None else one)) for one in serving)
            for chosen in map(set, POWERS)
        )
        missing = sum(unfilled(needed, serving).values())
        self.assertEqual(sum(needed.values()) - missing, fillable)

    @given(CENTS, CENTS)
    def test_money_too(self, mrr, per_csm):
        needed = csms_for_mrr(mrr, per_csm)
        cents, limit = round(mrr * 100), round(per_csm * 100)
        self.assertEqual(needed, -(-cents // limit))


class TeamCase(CsCase):
    """A team of two CSMs in a company of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.env["cs.team.member"]
        cls.members.search([]).active = False
        cls.ana, cls.bia = cls.members.create(
            [{"user_id": cls.csm.id}, {"user_id": cls.other_csm.id}]
        )

    def customers(self, count, csm, mrr=1000, **values):
        accounts = self.make_accounts(count, csm_id=csm.id, **values)
        for account in accounts:
            self.record(account, mrr=mrr)
        return accounts


@tagged("post_install", "-at_install")
class TestLoads(TeamCase):
    """What each CSM carries, by both rules."""

    def test_both_loads_and_which_binds(self):
        small = self.env.ref("customer_success.cs_segment_me_pme")
        self.customers(10, self.csm, mrr=8000).segment_id = small
        self.assertEqual((self.ana.customer_count, self.ana.load), (10, 25))
        self.assertEqual((self.ana.portfolio_mrr, self.ana.mrr_load), (80_000, 80))
        self.assertEqual(self.ana.binds, "mrr")
        self.ana.monthly_cost = 9000
        self.assertAlmostEqual(self.ana.cost_share, 11.3)
        with self.assertRaises(AccessError):
            self.ana.with_user(self.csm).read(["cost_share"])

    def test_an_exclusive_customer_leaves_room_for_no_other(self):
        [vip] = self.customers(1, self.csm)
        vip.touch_model = "exclusive"
        account = self.make_account("Novo")
        member, _load = self.members._with_most_room(account)
        self.assertEqual(member, self.bia)
        with self.assertRaisesRegex(ValidationError, "exclusively"):
            account.csm_id = self.csm
        account.csm_id = self.other_csm
        with self.assertRaisesRegex(ValidationError, "exclusively"):
            self.customers(1, self.other_csm)
            account.touch_model = "exclusive"

    def test_an_exclusive_customer_goes_to_who_has_none(self):
        self.customers(1, self.csm)
        account = self.make_account("VIP", touch_model="exclusive")
        self.assertEqual(self.members._with_most_room(account)[0], self.bia)

    def test_when_all_serve_exclusively_nobody_gets_it(self):
        for csm in (self.csm, self.other_csm):
            self.customers(1, csm).touch_model = "exclusive"
        partner = self.make_partner("Novo")
        self.assertFalse(self.members._with_most_room(self.make_account("Outro"))[0])
        follow = self.env["cs.follow"].with_user(self.manager)
        follow.create({"partner_ids": partner.ids}).action_follow()
        account = self.env["cs.account"].search([("partner_id", "=", partner.id)])
        self.assertFalse(account.csm_id)
        handoff = self.env["cs.handoff"].create(
            {"partner_id": self.make_partner("Venda").id, "mrr": 900}
        )
        handoff.action_submit()
        handoff.with_user(self.manager).action_accept()
        self.assertFalse(handoff.account_id.csm_id)
        self.assertIn(
            "choose a CSM", "".join(handoff.account_id.message_ids.mapped("body"))
        )


@tagged("post_install", "-at_install")
class TestExclusive(TeamCase):
    """Who serves a customer exclusively has no other, whoever changed what."""

    def told(self):
        return self.env["mail.message"].search(
            [
                ("partner_ids", "in", self.manager.partner_id.ids),
                ("subject", "like", "need another CSM"),
            ]
        )

    def test_a_segment_that_becomes_exclusive(self):
        segment = self.env.ref("customer_success.cs_segment_enterprise")
        accounts = self.customers(3, self.csm)
        alone = self.customers(1, self.other_csm)
        (accounts[:2] + alone).segment_id = segment
        segment.touch_model = "exclusive"
        self.assertFalse(accounts[:2].csm_id)
        self.assertEqual(accounts[2].csm_id, self.csm)
        self.assertEqual(alone.csm_id, self.other_csm)
        self.assertEqual(len(self.told()), 1)
        self.assertIn(accounts[0].display_name, self.told().body)
        # What is left can be saved by anybody.
        accounts[2].touch_model = "low"

    def test_the_rules_that_make_a_customer_exclusive(self):
        segments = self.env["cs.segment"]
        segments.create(
            {
                "name": "Exclusive",
                "sequence": 1,
                "scope": "[('mrr', '>', 50000)]",
                "touch_model": "exclusive",
            }
        )
        accounts = self.customers(2, self.csm)
        self.record(accounts[0], mrr=60000)
        self.env.flush_all()
        segments._assign(accounts)
        self.assertEqual(accounts.mapped("touch_model"), ["exclusive", "mid"])
        self.assertFalse(accounts[0].csm_id)
        self.assertEqual(accounts[1].csm_id, self.csm)
        self.assertTrue(self.told())

    def test_a_customer_that_comes_back_to_who_serves_another_one(self):
        former, present = self.customers(2, self.csm)
        former.write({"state": "churned", "churned_on": "2026-01-01"})
        present.touch_model = "exclusive"
        self.env["cs.subscription"].create(
            {"account_id": former.id, "start_on": former._today(), "mrr": 100}
        )
        self.env["cs.account"]._update_churn()
        self.assertEqual(former.state, "active")
        self.assertFalse(former.csm_id)
        self.assertEqual(present.csm_id, self.csm)

    def test_a_customer_out_of_the_archive(self):
        former, present = self.customers(2, self.csm)
        former.active = False
        present.touch_model = "exclusive"
        with self.assertRaisesRegex(ValidationError, "exclusively"):
            former.active = True


@tagged("post_install", "-at_install")
class TestPlan(TeamCase):
    """How many CSMs are needed, today and if some join or leave."""

    def plan(self, user=None):
        plans = self.env["cs.capacity.plan"].with_user(user or self.manager)
        return Form(plans)

    def test_what_the_customers_ask_for(self):
        enterprise = self.env.ref("customer_success.cs_segment_enterprise")
        small = self.env.ref("customer_success.cs_segment_me_pme")
        self.env["cs.account"].search([]).state = "churned"
        self.customers(75, self.csm, mrr=2000).segment_id = enterprise
        self.customers(38, self.other_csm, mrr=2000).segment_id = small
        # Who is in no segment is served as ME / PME, the default.
        self.customers(2, self.other_csm, mrr=2000)
        plan = self.plan().save()
        needed = {line.segment_id: line.csms_needed for line in plan.line_ids}
        self.assertEqual((needed[enterprise], needed[small]), (3, 1))
        self.assertEqual((plan.by_customers, plan.by_mrr), (4, 3))
        self.assertEqual((plan.binds, plan.missing), ("customers", 2))
        self.assertEqual(plan.customers_by_ticket, 50)

    def test_what_if(self):
        enterprise = self.env.ref("customer_success.cs_segment_enterprise")
        self.env["cs.account"].search([]).state = "churned"
        self.customers(30, self.csm, mrr=2000).segment_id = enterprise
        with self.plan() as form:
            self.assertEqual((form.needed, form.missing), (1, 0))
            at = next(
                number
                for number in range(len(form.line_ids))
                if form.line_ids.edit(number).segment_id == enterprise
            )
            with form.line_ids.edit(at) as line:
                line.joining = 31
            self.assertEqual((form.needed, form.missing, form.mrr), (3, 1, 122_000))
            form.leaving_ids.add(self.ana)
            self.assertEqual(form.missing, 2)
            form.joining_csms = 2
            self.assertEqual(form.missing, 0)

    def test_who_serves_other_segments_is_no_help(self):
        enterprise = self.env.ref("customer_success.cs_segment_enterprise")
        small = self.env.ref("customer_success.cs_segment_me_pme")
        third = self.make_user("cs_third", "customer_success.group_cs_user")
        self.members.create({"user_id": third.id})
        self.env["cs.account"].search([]).state = "churned"
        self.customers(75, self.csm, mrr=10).segment_id = enterprise
        self.assertEqual(self.plan().missing, 0)
        self.members.search([]).segment_ids = small
        plan = self.plan()
        self.assertEqual((plan.needed, plan.csms, plan.missing), (3, 3, 3))
        self.assertEqual(plan.missing_in, "Enterprise (3)")
        self.ana.segment_ids += enterprise
        line = (
            self.plan()
            .save()
            .line_ids.filtered(lambda one: one.segment_id == enterprise)
        )
        self.assertEqual((line.csms_serving, line.csms_missing), (1, 2))
        plan = self.plan()
        plan.joining_csms = 2
        self.assertEqual(plan.missing, 0)

    def test_who_left_the_company_is_none(self):
        self.other_csm.active = False
        self.assertEqual(self.plan().csms, 1)

    def test_where_the_customers_of_who_leaves_go(self):
        third = self.make_user("cs_third", "customer_success.group_cs_user")
        self.members.create({"user_id": third.id, "customer_limit": 10})
        self.bia.customer_limit = 10
        self.customers(5, self.csm)
        self.customers(4, self.other_csm)
        with self.plan() as form:
            self.assertFalse(form.load_ids)
            form.leaving_ids.add(self.ana)
            self.assertEqual(len(form.load_ids), 2)
        loads = {
            load.member_id.user_id: (load.load, load.customers_after, load.load_after)
            for load in form.record.load_ids
        }
        self.assertEqual(loads, {self.other_csm: (40, 5, 50), third: (0, 4, 40)})

    def test_customers_whom_nobody_may_take(self):
        self.customers(2, self.csm)
        self.customers(1, self.other_csm)[0].touch_model = "exclusive"
        with self.plan() as form:
            form.leaving_ids.add(self.ana)
            self.assertEqual(form.customers_left, 2)

    def test_only_who_sees_all_customers(self):
        with self.assertRaises(AccessError):
            self.plan(self.csm)

    def test_no_company_in_which_one_does_not_work(self):
        other = self.env["res.company"].create({"name": "CS B"})
        plans = self.env["cs.capacity.plan"].with_user(self.manager)
        values = {"company_id": other.id}
        with self.assertRaises(AccessError):
            plans.create(values)
        with self.assertRaises(AccessError):
            plans.create({}).write(values)
        with self.assertRaises(AccessError):
            plans.onchange(values, ["company_id"], {"company_id": {}, "mrr": {}})


@tagged("post_install", "-at_install")
class TestTransfer(TeamCase):
    """A portfolio goes to somebody else, with what is open."""

    def transfer(self, user=None, **values):
        transfers = self.env["cs.portfolio.transfer"].with_user(user or self.manager)
        return transfers.create({"from_id": self.csm.id, **values})

    def test_all_of_it_with_open_work(self):
        accounts = self.customers(3, self.csm)
        kept = self.customers(1, self.other_csm)
        task, fixed = self.env["cs.task"].create(
            [
                {"account_id": accounts[0].id, "name": "Ligar"},
                {
                    "account_id": accounts[0].id,
                    "name": "Preparar",
                    "responsible": "user",
                    "user_id": self.csm.id,
                },
            ]
        )
        done = self.env["cs.task"].create(
            {"account_id": accounts[1].id, "name": "Feita"}
        )
        done.action_done()
        activity = accounts[2].activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.csm.id
        )
        transfer = self.transfer(to_id=self.other_csm.id, note="<p>Cuidado</p>")
        self.assertEqual(transfer.account_ids, accounts)
        transfer.action_transfer()
        self.assertEqual(accounts.csm_id, self.other_csm)
        self.assertEqual((task + fixed).user_id, self.other_csm)
        self.assertEqual(done.user_id, self.csm)
        self.assertEqual(activity.user_id, self.other_csm)
        for account in accounts:
            self.assertIn("Cuidado", account.message_ids[0].body)
        told = (
            self.env["mail.message"]
            .search([("partner_ids", "in", self.other_csm.partner_id.ids)])
            .filtered(lambda one: "customers are yours" in (one.subject or ""))
        )
        self.assertEqual(len(told), 1)
        self.assertEqual(kept.csm_id, self.other_csm)

    def test_only_to_who_may_have_customers(self):
        accounts = self.customers(1, self.csm)
        other = self.env["res.company"].create({"name": "CS B"})
        strange = self.make_user(
            "cs_b",
            "customer_success.group_cs_user",
            company_id=other.id,
            company_ids=other.ids,
        )
        portal = self.make_user("cs_portal", "base.group_portal")
        self.env.flush_all()
        for user in (strange, portal, self.salesperson):
            with self.assertRaisesRegex(ValidationError, "can't be a CSM"):
                self.transfer(to_id=user.id).action_transfer()
            self.env.transaction.clear()
        self.assertEqual(accounts.csm_id, self.csm)

    def test_from_the_menu_whose_portfolio_is_chosen_there(self):
        accounts = self.customers(2, self.csm)
        form = Form(self.env["cs.portfolio.transfer"].with_user(self.manager))
        self.assertEqual(form.customer_count, 0)
        form.from_id = self.csm
        form.to_id = self.other_csm
        self.assertEqual(form.customer_count, 2)
        form.save().action_transfer()
        self.assertEqual(accounts.csm_id, self.other_csm)

    def test_part_of_it_to_who_has_room(self):
        third = self.make_user("cs_third", "customer_success.group_cs_user")
        self.members.create({"user_id": third.id})
        accounts = self.customers(4, self.csm)
        transfer = self.transfer(to="room")
        transfer.account_ids = accounts[:3]
        transfer.action_transfer()
        self.assertEqual(accounts[3].csm_id, self.csm)
        carried = accounts[:3].mapped("csm_id.login")
        self.assertNotIn(self.csm.login, carried)
        self.assertEqual(len(carried), 2)

    def test_a_helper_keeps_the_task(self):
        [account] = self.customers(1, self.csm)
        own, helped = self.env["cs.task"].create(
            [{"account_id": account.id, "name": name} for name in ("Ligar", "Planilha")]
        )
        helped.user_id = self.specialist
        account.csm_id = self.csm
        self.assertEqual(helped.user_id, self.specialist)
        account.csm_id = self.other_csm
        self.assertEqual(own.user_id, self.other_csm)
        account.csm_id = False
        self.assertFalse(own.user_id)
        account.csm_id = self.csm
        self.assertEqual((own.user_id, helped.user_id), (self.csm, self.specialist))

    def test_full_and_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.other_csm.lang = "pt_BR"
        self.bia.customer_limit = 1
        self.customers(2, self.csm)
        action = self.transfer(to_id=self.other_csm.id, note="<p><br></p>")
        action = action.action_transfer()
        self.assertIn("(200%)", action["params"]["message"].replace(" ", ""))
        account = self.env["cs.account"].search(
            [("csm_id", "=", self.other_csm.id)], limit=1
        )
        self.assertNotIn("<p><br></p>", account.message_ids.mapped("body"))

    def test_the_message_speaks_of_one_customer_in_their_language(self):
        self.customers(1, self.csm)
        with self.capture_languages() as languages:
            self.env["res.lang"]._activate_lang("pt_BR")
            self.other_csm.lang = "pt_BR"
            self.transfer(to_id=self.other_csm.id).action_transfer()
        self.assertEqual(languages, ["pt_BR"])

    def test_many_ask_as_often_as_a_few(self):
        def queries(count):
            self.customers_of(self.csm).csm_id = False
            self.make_accounts(count, csm_id=self.csm.id)
            transfer = self.transfer(to="room")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            transfer.action_transfer()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(40), queries(10))

    def customers_of(self, user):
        return self.env["cs.account"].search([("csm_id", "=", user.id)])

    @contextmanager
    def capture_languages(self):
        """Collect in which language each of the messages to a user is made."""
        languages = []
        thread = self.env.registry["mail.thread"]
        notify = thread.message_notify

        def spy(threads, **values):
            if "yours" in values.get("subject", ""):
                self.assertEqual(values["subject"], "A customer is yours now")
            languages.append(threads.env.lang)
            return notify(threads, **values)

        with patch.object(thread, "message_notify", spy):
            yield languages

    def test_nobody_to_hand_over_or_to_take(self):
        with self.assertRaises(UserError):
            self.transfer(to_id=self.other_csm.id).action_transfer()
        self.customers(1, self.csm)
        with self.assertRaises(UserError):
            self.transfer().action_transfer()

    def test_only_who_sees_all_customers(self):
        with self.assertRaises(AccessError):
            self.transfer(user=self.csm)
