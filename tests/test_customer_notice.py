from datetime import timedelta

from odoo.tests import tagged

from .message_common import MessageCase


@tagged("post_install", "-at_install")
class TestCustomerNotice(MessageCase):
    """The customer hears when a task of its own opens, and before it is late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            [
                cls.task("Send the list", 1, responsible="customer", duration_days=5),
                cls.task("Our part", 1),
                cls.task("Test it", 2, responsible="customer", duration_days=5),
            ]
        )
        cls.account = cls.make_reachable("Marta", "marta@aurora.example")

    def remind(self):
        """Do what the nightly action does for this company, without its commits."""
        tasks = self.env["cs.task"]._engine()
        due = tasks.search(tasks._domain_to_remind(self.company))
        due._remind_each()
        return due

    def test_when_it_opens_in_the_customers_language_with_a_link(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        notice = self.env.ref("customer_success.mail_template_task_opened")
        notice.update_field_translations(
            "subject", {"pt_BR": "Para você: {{ object.name }}"}
        )
        self.account.contact_ids.partner_id.lang = "pt_BR"
        journey = self.account.start_journey(self.template)
        self.deliver()
        task = self.named(journey, "Send the list")
        self.assertEqual((task.state, task.delivery), ("open", "sent"))
        message = self.messages(task)
        self.assertEqual(message.subject, "Para você: Send the list")
        self.assertEqual(message.partner_ids.name, "Marta")
        self.assertIn(f"/my/success/task/{task.id}?access_token=", message.body)
        self.assertEqual(len(self.mails("marta@aurora.example")), 1)
        self.assertFalse(self.messages(self.named(journey, "Our part")))
        self.assertFalse(self.named(journey, "Test it").delivery)

    def test_without_an_address_the_csm_is_told_and_the_task_is_open(self):
        journey = self.make_account().start_journey(self.template)
        self.deliver()
        task = self.named(journey, "Send the list")
        self.assertEqual((task.state, task.delivery), ("open", "stuck"))
        self.assertIn("has an e-mail address", task.delivery_note)
        task.with_user(self.csm).action_done()
        self.assertEqual(task.delivery, False)

    def test_it_needs_no_consent_but_who_is_blacklisted_gets_none(self):
        self.account.contact_ids.partner_id._cs_opt_out()
        journey = self.account.start_journey(self.template)
        self.deliver()
        task = self.named(journey, "Send the list")
        self.assertIn("asked for no more", task.delivery_note)
        self.assertFalse(self.messages(task))

    def test_a_named_person_who_opted_out_gets_none_either(self):
        journey = self.account.start_journey(self.template)
        task = self.named(journey, "Send the list")
        task.partner_id = self.account.contact_ids.partner_id
        task.partner_id._cs_opt_out()
        self.deliver()
        self.assertEqual(task.delivery, "stuck")
        self.assertIn("asked for no more", task.delivery_note)
        with self.at("2026-03-09"):
            task._remind_each()
        self.assertFalse(self.messages(task))

    def test_each_person_gets_their_own_and_no_other(self):
        sponsor = self.env.ref("customer_success.cs_contact_role_sponsor")
        for name in ("Ana", "Bia"):
            email = f"{name.lower()}@aurora.example"
            self.add_contact(self.account, name, email, role_id=sponsor.id)
        journey = self.account.start_journey(self.template)
        task = self.named(journey, "Send the list")
        task.contact_role_id = sponsor
        task.message_subscribe(partner_ids=self.csm.partner_id.ids)
        self.deliver()
        for name in ("Ana", "Bia"):
            mail = self.mails(f"{name.lower()}@aurora.example")
            self.assertEqual(mail.recipient_ids.mapped("name"), [name])
            self.assertIn(f"Hello {name}", mail.body)
        self.assertFalse(self.messages(task).notified_partner_ids & self.csm.partner_id)
        task._remind_each()
        self.assertEqual(len(self.mails("ana@aurora.example")), 2)
        self.assertEqual(len(self.mails("bia@aurora.example")), 2)

    def test_a_task_made_by_hand_is_announced_too(self):
        task = (
            self.env["cs.task"]
            .with_user(self.csm)
            .create(
                {
                    "name": "Send the logo",
                    "account_id": self.account.id,
                    "responsible": "customer",
                }
            )
        )
        self.deliver()
        self.assertEqual(self.messages(task).subject, "For you: Send the logo")

    def test_reminded_once_before_it_is_late(self):
        with self.at("2026-03-02"):
            journey = self.account.start_journey(self.template)
            self.deliver()
        task = self.named(journey, "Send the list")
        for day, reminded in (
            ("2026-03-02", 0),
            ("2026-03-04", 0),
            ("2026-03-05", 1),
            ("2026-03-06", 0),
        ):
            with self.at(day):
                self.assertEqual(len(self.remind() & task), reminded, day)
        subjects = self.messages(task).mapped("subject")
        self.assertEqual(sorted(subjects)[1], "Reminder: Send the list")
        self.assertEqual(len(subjects), 2)

    def test_not_when_it_is_done_or_opened_today_or_nobody_wants_it(self):
        with self.at("2026-03-02"):
            journey = self.account.start_journey(self.template)
            task = self.named(journey, "Send the list")
            task.date_deadline -= timedelta(days=4)
            self.assertFalse(self.remind() & task)
        with self.at("2026-03-03"):
            self.company.cs_reminder_days = 0
            self.assertFalse(self.remind() & task)
            self.company.cs_reminder_days = 2
            task.action_done()
            self.assertFalse(self.remind() & task)

    def test_what_our_people_answer_reaches_the_customer(self):
        journey = self.account.start_journey(self.template)
        self.deliver()
        task = self.named(journey, "Send the list")
        answer = task.with_user(self.csm).message_post(
            body="Take your time",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
        )
        self.assertIn(self.account.contact_ids.partner_id, answer.notified_partner_ids)
