from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name, tagged

from .at_once_common import AtOnceCase
from .message_common import MessageCase

DAY = "2026-03-02 15:00:00"
NAME = "Plan mail proof"


class PlanMailCase(MessageCase):
    """A shared plan of a customer whose contact agreed to e-mails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.make_reachable("Marta", "marta@aurora.example", consent=True)

    def make_plan(self, **values):
        plan = self.env["cs.plan"].create(
            {"name": "First year", "account_id": self.account.id, **values}
        )
        self.step(plan, "Send the statements", responsible="customer")
        self.step(plan, "Configure the bank", visible_to_customer=True)
        self.step(plan, "Find out who decides")
        plan.visible_to_customer = True
        return plan

    def step(self, plan, name, **values):
        return self.env["cs.task"].create(
            {
                "name": name,
                "plan_id": plan.id,
                "account_id": plan.account_id.id,
                "duration_days": 20,
                **values,
            }
        )

    def tell(self):
        """Do what the daily action does, without its commits."""
        plans = self.env["cs.plan"]
        self.assertFalse(plans.search(plans._domain_progress_due())._tell_each())
        self.env.invalidate_all()

    def told(self, email="marta@aurora.example"):
        return self.mails(email).mapped("body_html")


@tagged("post_install", "-at_install")
class TestPlanMail(PlanMailCase):
    """The customer hears how far its plan is, as often as was agreed."""

    def test_every_two_weeks_what_changed(self):
        with self.at_time(DAY):
            plan = self.make_plan()
            self.assertEqual(plan.mail_cadence, "fortnightly")
            self.assertEqual(plan.mail_next_on, self.day("2026-03-16"))
            plan.task_ids.filtered(lambda t: "bank" in t.name).action_done()
        with self.at("2026-03-15"):
            self.tell()
            self.assertFalse(self.told())
        with self.at("2026-03-16"):
            self.tell()
            self.tell()
        (body,) = self.told()
        self.assertIn("Hello Marta", body)
        self.assertIn("1 of 2 steps are done", " ".join(body.split()))
        self.assertIn("Configure the bank", body)
        self.assertIn("Send the statements", body)
        self.assertNotIn("who decides", body)
        self.assertIn(plan.access_url, body)
        self.assertIn("Send me no more", body)
        self.assertEqual(plan.mail_sent_to, "Marta")
        self.assertEqual(plan.mail_next_on, self.day("2026-03-30"))

    def test_what_was_told_is_not_told_again(self):
        with self.at_time(DAY):
            plan = self.make_plan(mail_cadence="weekly")
            plan.task_ids.filtered(lambda t: "bank" in t.name).action_done()
            plan.action_send_progress()
            # on the same day, after the e-mail
            own = plan.task_ids.filtered(lambda t: "statements" in t.name)
            own.action_done()
        self.mails("marta@aurora.example").unlink()
        with self.at("2026-03-09"):
            self.tell()
        (body,) = self.told()
        self.assertIn("Send the statements", body)
        self.assertNotIn("Configure the bank", body)

    def test_late_and_moved_and_objectives(self):
        with self.at_time(DAY):
            plan = self.make_plan(mail_cadence="monthly")
            goal, still = self.env["cs.objective"].create(
                [
                    {
                        "name": name,
                        "account_id": self.account.id,
                        "plan_id": plan.id,
                        "baseline": 12,
                        "target": 5,
                        "manual_value": 12,
                    }
                    for name in ("Days to close", "Errors found")
                ]
            )
            plan.action_send_progress()
            self.mails("marta@aurora.example").unlink()
        with self.at("2026-03-20"):
            goal.manual_value = 8
            bank = plan.task_ids.filtered(lambda t: "bank" in t.name)
            plan.action_replan("They asked for it", {bank: self.day("2026-04-20")})
        with self.at("2026-04-01"):
            news = plan.get_progress_news()
            self.tell()
        self.assertEqual(
            [step["name"] for step in news["late"]], ["Send the statements"]
        )
        self.assertEqual(
            [
                (step["name"], step["before"], step["deadline"])
                for step in news["moved"]
            ],
            [("Configure the bank", self.day("2026-03-22"), self.day("2026-04-20"))],
        )
        (body,) = self.told()
        self.assertIn("Late:", body)
        self.assertIn("Days to close", body)
        self.assertNotIn(still.name, body)
        self.assertNotIn("They asked for it", body)

    def test_an_age_that_grows_is_no_news(self):
        metric = self.env["cs.metric"].create(
            {"name": "Days idle", "key": "days_idle_told", "kind": "days_since"}
        )
        with self.at_time(DAY):
            plan = self.make_plan()
            goal = self.env["cs.objective"].create(
                {
                    "name": "Never idle",
                    "account_id": self.account.id,
                    "plan_id": plan.id,
                    "metric_id": metric.id,
                }
            )
        known = {(self.account.id, metric.id): 3.0}
        with patch.object(type(goal), "_read_metrics", lambda _self: known):
            goal.invalidate_recordset()
            self.assertTrue(goal.is_known)
            told = goal._as_told()
            known[self.account.id, metric.id] = 4.0
            goal.invalidate_recordset()
            self.assertFalse(goal._has_moved(told))
            goal.action_achieved()
            self.assertTrue(goal._has_moved(told))

    def test_nothing_changed_is_skipped_and_said(self):
        with self.at_time(DAY):
            plan = self.make_plan(mail_cadence="weekly")
            plan.action_send_progress()
            self.mails("marta@aurora.example").unlink()
        with self.at("2026-03-09"):
            self.tell()
            self.assertFalse(self.told())
            self.assertIn("Nothing changed", plan.mail_note)
            self.assertIn("Nothing changed", plan.message_ids[:1].body)
            self.assertEqual(plan.mail_next_on, self.day("2026-03-16"))
            plan.task_ids[0].action_done()
        with self.at("2026-03-16"):
            self.tell()
        self.assertTrue(self.told())
        self.assertFalse(plan.mail_note)

    def test_without_consent_it_is_skipped_and_said(self):
        person = self.account.contact_ids.partner_id
        person.cs_email_consent = False
        with self.at_time(DAY):
            plan = self.make_plan()
            with self.assertRaises(UserError):
                plan.with_user(self.csm).action_send_progress()
        with self.at("2026-03-16"):
            self.tell()
            self.assertIn("did not agree to e-mails", plan.mail_note)
            person.cs_email_consent = True
            self.env["mail.blacklist"]._add("marta@aurora.example")
        with self.at("2026-03-30"):
            self.tell()
        self.assertIn("asked for no more", plan.mail_note)
        self.assertFalse(self.told())

    def test_to_the_contacts_that_were_chosen(self):
        nina, otto = (
            self.add_contact(self.account, name, f"{name.lower()}@x.example", consent)
            for name, consent in (("Nina", True), ("Otto", False))
        )
        with self.at_time(DAY):
            plan = self.make_plan(mail_contact_ids=[Command.set((nina | otto).ids)])
            plan.with_user(self.csm).action_send_progress()
        self.assertTrue(self.told("nina@x.example"))
        self.assertFalse(self.told("otto@x.example") + self.told())
        strange = self.make_reachable("Sol", "sol@sol.example", consent=True)
        with self.assertRaises(ValidationError):
            plan.mail_contact_ids = strange.contact_ids

    def test_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.env.ref(
            "customer_success.mail_template_plan_progress"
        ).update_field_translations(
            "subject", {"pt_BR": "{{ object.name }}: andamento"}
        )
        self.account.contact_ids.partner_id.lang = "pt_BR"
        with self.at_time(DAY):
            plan = self.make_plan()
            plan.task_ids[0].update_field_translations(
                "name", {"pt_BR": "Enviar os extratos"}
            )
            plan.with_user(self.csm).action_send_progress()
        mail = self.mails("marta@aurora.example")
        self.assertEqual(mail.subject, "First year: andamento")
        self.assertIn("Enviar os extratos", mail.body_html)

    def test_who_tells_nothing(self):
        with self.at_time(DAY):
            plan = self.make_plan()
            silent = self.make_plan(mail_cadence="none")
            with self.assertRaises(UserError) as raised:
                self.make_plan().action_stop_sharing()
                hidden = self.make_plan()
                hidden.action_stop_sharing()
                hidden.action_send_progress()
            self.assertIn("share", str(raised.exception))
            given_up = self.make_plan()
            given_up.action_cancel("No")
        self.assertFalse((silent | given_up).filtered("mail_next_on"))
        self.account.sudo().state = "churned"
        with self.at("2026-03-16"):
            self.tell()
        self.assertFalse(plan.mail_turn_on)
        self.assertFalse(self.told())

    def test_a_broken_one_stops_no_other(self):
        other = self.make_reachable("Sol", "sol@sol.example", consent=True)
        template = self.env.ref("customer_success.mail_template_plan_progress")
        template.body_html = "<t t-if=\"object.name == 'Bad'\" t-out='1 / 0'/>Fine"
        with self.at_time(DAY):
            bad = self.make_plan(name="Bad")
            good = self.make_plan(account_id=other.id)
        with self.at("2026-03-16"), self.muted():
            self.tell()
        self.assertIn("is broken", bad.mail_note)
        self.assertTrue(good.mail_sent_on)

    def test_the_preview_says_what_would_go_and_to_whom(self):
        with self.at_time(DAY):
            plan = self.make_plan().with_user(self.csm)
            context = plan.action_preview_progress()["context"]
            previews = self.env["cs.plan.mail.preview"].with_user(self.csm)
            preview = previews.with_context(**context).create({})
            self.assertEqual((preview.people, preview.problem), ("Marta", False))
            self.assertEqual(preview.subject, "First year: how far we are")
            self.assertIn("Send the statements", preview.body)
            self.assertFalse(plan.mail_sent_on)
            preview.action_send()
        self.assertTrue(plan.mail_sent_on)
        self.account.contact_ids.partner_id.cs_email_consent = False
        preview.invalidate_recordset()
        self.assertIn("did not agree", preview.problem)

    def test_of_other_customers_one_sends_and_sees_nothing(self):
        with self.at_time(DAY):
            plan = self.make_plan()
            with self.assertRaises(AccessError):
                plan.with_user(self.other_csm).action_send_progress()
            previews = self.env["cs.plan.mail.preview"].with_user(self.other_csm)
            with self.assertRaises(AccessError):
                previews.create({"plan_id": plan.id}).read(["body"])
            with self.assertRaises(UserError):
                plan.with_user(self.csm).mail_turn_on = self.day("2026-03-01")

    def test_who_was_chosen_is_after_a_merge_of_contacts_too(self):
        twin = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        with self.at_time(DAY):
            chosen = [Command.set(twin.contact_ids.ids)]
            plan = self.make_plan(account_id=twin.id, mail_contact_ids=chosen)
        marta, other = (self.account | twin).contact_ids.partner_id
        merge = self.env["base.partner.merge.automatic.wizard"]
        merge._merge((self.account | twin).partner_id.ids, self.account.partner_id)
        merge._merge((marta | other).ids, marta)
        self.assertEqual(plan.account_id, self.account)
        self.assertEqual(plan.mail_contact_ids.partner_id, marta)
        self.assertEqual(plan.mail_contact_ids.account_id, self.account)

    def test_many_due_plans_are_picked_in_one_query(self):
        with self.at_time(DAY):
            for _number in range(5):
                self.make_plan()
        plans = self.env["cs.plan"]
        with self.at("2026-03-16"):
            due = plans._domain_progress_due()
            self.env.flush_all()
            with self.assertQueryCount(1):
                found = plans.search(due)
        self.assertEqual(len(found.filtered(lambda p: p.name == "First year")), 5)


@tagged("post_install", "-at_install")
class TestPlanMailAtOnce(AtOnceCase):
    """Two daily actions at once, and one that breaks off: one e-mail a period."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            partner = env["res.partner"].create(
                {
                    "name": NAME,
                    "is_company": True,
                    "email": "plan@mail.example",
                    "cs_email_consent": True,
                }
            )
            account = env["cs.account"].create({"partner_id": partner.id})
            plan = env["cs.plan"].create(
                {
                    "name": NAME,
                    "account_id": account.id,
                    "mail_cadence": "weekly",
                    "task_ids": [
                        Command.create(
                            {
                                "name": "Begin",
                                "account_id": account.id,
                                "visible_to_customer": True,
                            }
                        )
                    ],
                    "visible_to_customer": True,
                }
            )
            plan.shared_on -= timedelta(days=7)
            self.plan_id = plan.id

    def clear(self):
        with self.transaction() as env:
            env["cs.plan"].search([("name", "=", NAME)]).message_ids.unlink()
            env["cs.account"].search([("partner_id.name", "=", NAME)]).unlink()
            env["res.partner"].search([("name", "=", NAME)]).unlink()

    def run_daily(self):
        with self.transaction() as env:
            env["cs.plan"]._cron_tell_progress()

    def sent(self):
        with self.transaction() as env:
            mails = env["mail.mail"].search(
                [("model", "=", "cs.plan"), ("res_id", "=", self.plan_id)]
            )
            return len(mails)

    def test_a_plan_that_is_held_stops_no_other(self):
        with self.transaction() as env:
            plan = env["cs.plan"].browse(self.plan_id)
            other = plan.copy({"visible_to_customer": True})
            other.shared_on -= timedelta(days=7)
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            plans = env["cs.plan"].search(
                env["cs.plan"]._domain_progress_due(), order="id", limit=1
            )
            # The first of the batch of one is held by somebody else.
            self.assertTrue(plans.try_lock_for_update())
            with self.transaction() as own:
                own["cs.plan"]._cron_tell_progress(batch_size=1)
                told = own["cs.plan"].browse(other.id)
                self.assertTrue(told.mail_turn_on)
                self.assertFalse(own["cs.plan"].browse(plans.id).mail_turn_on)
            cr.rollback()

    def test_once_a_period(self):
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            plans = env["cs.plan"]
            due = plans.search(plans._domain_progress_due()).try_lock_for_update()
            self.assertIn(self.plan_id, due.ids)
            due._tell_each()
            env.flush_all()
            # The other one meanwhile finds nothing that it may take.
            self.run_daily()
            self.assertEqual(self.sent(), 0)
            cr.rollback()  # killed
        self.assertEqual(self.sent(), 0)
        self.run_daily()
        self.run_daily()
        self.assertEqual(self.sent(), 1)
