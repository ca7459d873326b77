from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .message_common import MessageCase


@tagged("post_install", "-at_install")
class TestTaskEmail(MessageCase):
    """E-mail tasks send themselves, only with consent and an address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template_mail = cls.make_mail_template("cs.account")
        cls.journey_template = cls.make_template(
            [
                cls.task(
                    "Write", 1, kind="email", mail_template_id=cls.template_mail.id
                ),
                cls.task("Call", 2),
            ]
        )

    def start(self, account):
        return account.start_journey(self.journey_template)

    def test_it_is_sent_when_it_opens_and_is_done_by_itself(self):
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        journey = self.start(account)
        write = self.named(journey, "Write")
        self.assertEqual((write.state, write.delivery), ("open", "to_send"))
        self.deliver()
        self.assertEqual((write.state, write.delivery), ("done", "sent"))
        self.assertEqual(write.sent_to, "Marta")
        self.assertEqual(self.open_names(journey), ["Call"])
        message = self.messages(account)
        self.assertEqual(message.partner_ids.mapped("email"), ["marta@aurora.example"])
        self.assertIn("Hello Marta", message.body)
        self.assertEqual(message.subject, "News for Padaria de Marta")
        self.deliver()
        self.assertEqual(len(self.messages(account)), 1)
        self.assertEqual(len(self.mails("marta@aurora.example")), 1)

    def test_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.template_mail.update_field_translations(
            "subject", {"pt_BR": "Notícias para {{ object.partner_id.name }}"}
        )
        account = self.make_reachable("Marta", "m@a.example", True, lang="pt_BR")
        other = self.make_reachable("Ann", "ann@b.example", True, lang="en_US")
        self.start(account)
        self.start(other)
        self.deliver()
        self.assertEqual(
            self.messages(account).subject, f"Notícias para {account.display_name}"
        )
        self.assertEqual(self.messages(other).subject, f"News for {other.display_name}")

    def assert_waits(self, journey, words):
        self.deliver()
        write = self.named(journey, "Write")
        self.assertEqual((write.state, write.delivery), ("open", "stuck"))
        self.assertRegex(write.delivery_note, words)
        self.assertTrue(write.message_ids.filtered(lambda m: words in m.body))
        self.assertFalse(self.messages(journey.account_id))

    def test_without_consent_it_says_so_and_goes_on_when_given(self):
        account = self.make_reachable("Marta", "marta@aurora.example")
        journey = self.start(account)
        self.assert_waits(journey, "did not agree")
        with self.assertRaisesRegex(UserError, "did not agree"):
            self.named(journey, "Write").with_user(self.csm).action_send()
        account.contact_ids.email_consent = True
        self.deliver()
        self.assertEqual(self.named(journey, "Write").state, "done")

    def test_without_an_address_it_says_so_and_goes_on_when_known(self):
        account = self.make_reachable("Marta", False, consent=True)
        journey = self.start(account)
        self.assert_waits(journey, "has an e-mail address")
        account.contact_ids.partner_id.email = "marta@aurora.example"
        self.deliver()
        self.assertEqual(self.named(journey, "Write").state, "done")

    def test_a_new_contact_may_be_the_missing_one(self):
        account = self.make_account()
        journey = self.start(account)
        self.assert_waits(journey, "has an e-mail address")
        self.add_contact(account, "Marta", "marta@aurora.example", consent=True)
        self.deliver()
        self.assertEqual(self.named(journey, "Write").state, "done")

    def test_who_follows_the_customer_without_consent_gets_nothing(self):
        account = self.make_reachable("Ann", "ann@aurora.example", consent=True)
        bob = self.add_contact(account, "Bob", "bob@aurora.example").partner_id
        account.message_subscribe(partner_ids=(bob | self.csm.partner_id).ids)
        self.start(account)
        self.deliver()
        self.assertEqual(
            self.messages(account).notified_partner_ids.mapped("name"), ["Ann"]
        )
        self.assertIn("/opt-out/", self.mails("ann@aurora.example").body)
        self.assertFalse(self.mails("bob@aurora.example"))

    def test_who_opted_out_gets_nothing(self):
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        account.contact_ids.partner_id._cs_opt_out()
        self.assertFalse(account.contact_ids.email_consent)
        self.assert_waits(self.start(account), "asked for no more")

    def test_without_a_template_a_person_writes(self):
        template = self.make_template([self.task("Write", kind="email")])
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        journey = account.start_journey(template)
        self.assert_waits(journey, "No e-mail template")
        write = self.named(journey, "Write")
        write.with_user(self.csm).action_done()
        self.assertEqual((write.state, write.delivery), ("done", False))

    def test_a_broken_template_stops_nobody_else(self):
        broken = self.make_mail_template("cs.account", subject="{{ object.nothing() }}")
        template = self.make_template(
            [self.task("Write", kind="email", mail_template_id=broken.id)]
        )
        first = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        second = self.make_reachable("Ann", "ann@b.example", consent=True)
        poisoned = first.start_journey(template)
        healthy = self.start(second)
        with self.muted():
            self.deliver()
        write = self.named(poisoned, "Write")
        self.assertEqual((write.state, write.delivery), ("open", "stuck"))
        self.assertIn("is broken", write.delivery_note)
        self.assertEqual(self.named(healthy, "Write").state, "done")
        broken.subject = "News"
        write.with_user(self.csm).action_send()
        self.assertEqual(write.state, "done")

    def test_what_was_settled_before_is_not_sent(self):
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        journey = self.start(account)
        self.named(journey, "Write").with_user(self.csm).action_skip("They called")
        self.deliver()
        self.assertFalse(self.messages(account))

    def test_a_pause_holds_the_message_too(self):
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        journey = self.start(account)
        journey.with_user(self.csm).action_pause("Holidays")
        self.deliver()
        self.assertFalse(self.messages(account))
        journey.with_user(self.csm).action_resume()
        self.deliver()
        self.assertTrue(self.messages(account))

    def test_consent_given_during_a_pause_is_noticed(self):
        account = self.make_reachable("Marta", "marta@aurora.example")
        journey = self.start(account)
        self.assert_waits(journey, "did not agree")
        journey.with_user(self.csm).action_pause("Holidays")
        account.contact_ids.email_consent = True
        self.deliver()
        self.assertFalse(self.messages(account))
        journey.with_user(self.csm).action_resume()
        self.deliver()
        self.assertEqual(self.named(journey, "Write").state, "done")

    def test_the_action_that_sends_goes_through_the_whole_queue(self):
        people = [(f"Person {n}", f"p{n}@a.example", n != 2) for n in range(4)]
        journeys = [self.start(self.make_reachable(*person)) for person in people]
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_success.ir_cron_deliver_tasks"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            [self.named(journey, "Write").delivery for journey in journeys],
            ["sent", "sent", "stuck", "sent"],
        )

    def test_the_role_gets_it_else_the_main_contact(self):
        sponsor = self.env.ref("customer_success.cs_contact_role_sponsor")
        finance = self.env.ref("customer_success.cs_contact_role_finance")
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        self.add_contact(account, "Boss", "boss@a.example", True, role_id=sponsor.id)
        self.assertEqual(account._people_to_write_to(sponsor).name, "Boss")
        self.assertEqual(account._people_to_write_to(finance).name, "Marta")

    def test_the_shipped_e_mails_say_what_the_customer_may_see(self):
        stages = (
            (
                {"name": "Project", "visible_to_customer": True},
                [
                    self.task("Meet the team", 1, visible_to_customer=True),
                    *(
                        self.task(
                            name,
                            2,
                            kind="email",
                            mail_template_id=self.env.ref(
                                f"customer_success.mail_template_{name}"
                            ).id,
                        )
                        for name in ("welcome", "schedule", "adoption", "bulletin")
                    ),
                    self.task("Count our chickens", 2),
                ],
            ),
            (
                {"name": "Go-live", "visible_to_customer": True},
                [self.task("Send the logo", responsible="customer")],
            ),
        )
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        journey = account.start_journey(self.make_template(*stages))
        self.named(journey, "Meet the team").action_done()
        self.deliver()
        sent = journey.task_ids.filtered(lambda task: task.kind == "email")
        self.assertEqual(set(sent.mapped("state")), {"done"})
        said = {message.subject: message.body for message in self.messages(account)}
        self.assertEqual(len(said), 4)
        for subject, body in said.items():
            with self.subTest(subject):
                self.assertIn(f"/my/success/{account.id}?access_token=", body)
                self.assertIn("Hello Marta", body)
                self.assertIn("/customer-success/opt-out/", body)
                self.assertNotIn("chickens", body)
        schedule = said["Our schedule, step by step"]
        self.assertIn("Go-live", schedule)
        bulletin = said["Your month with us"]
        self.assertIn("Meet the team", bulletin)
        self.assertIn("Send the logo", bulletin)

    def test_the_bulletin_shows_the_use_and_how_it_changed(self):
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        product = self.env["product.product"].create({"name": "Expenses"})
        self.env["cs.subscription"].create(
            {
                "account_id": account.id,
                "product_id": product.id,
                "start_on": "2025-01-01",
                "mrr": 100,
            }
        )
        for key, name in (("photo", "By photo"), ("phone", "By phone"), ("no", "No")):
            self.env["cs.metric"].create(
                {
                    "key": f"{key}_use",
                    "name": name,
                    "kind": "percent",
                    "product_id": product.id,
                    "feature_kind": "essential",
                    "full_use": 80,
                    "feature_benefit": f"{name} you save time",
                }
            )
        for day, photo in (("2026-01-20", 41), ("2026-03-01", 65)):
            with self.at(day):
                self.record(account, at=self.day(day), photo_use=photo)
                self.record(account, at=self.day(day), phone_use=30)
        bulletin = self.env.ref("customer_success.mail_template_bulletin")
        template = self.make_template(
            [self.task("Write", kind="email", mail_template_id=bulletin.id)]
        )
        with self.at("2026-03-02"):
            account.start_journey(template)
            self.deliver()
        body = " ".join(html2plaintext(self.messages(account).body).split())
        self.assertIn("By photo*: 65 % (30 days ago: 41 %) By photo you save", body)
        self.assertIn("By phone*: 30 % By phone you save", body)
        self.assertLess(body.index("By photo"), body.index("By phone"))
        self.assertNotIn("No you save", body)

    def test_a_task_by_hand_is_sent_when_its_author_says_so(self):
        account = self.make_reachable("Marta", "marta@aurora.example", consent=True)
        task = (
            self.env["cs.task"]
            .with_user(self.csm)
            .create(
                {
                    "name": "Write",
                    "account_id": account.id,
                    "kind": "email",
                    "mail_template_id": self.make_mail_template("cs.task").id,
                }
            )
        )
        self.deliver()
        self.assertEqual(task.state, "open")
        task.action_send()
        self.assertEqual(task.state, "done")
        self.assertTrue(self.messages(task))
