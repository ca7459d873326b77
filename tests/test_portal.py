from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    """People of the customer see their journey, and do their own tasks."""

    def test_the_journey_shows_what_is_marked_and_nothing_else(self):
        self.account._message_log(body="They are difficult")
        self.env["cs.interaction"].create(
            {"account_id": self.account.id, "mood": "1", "notes": "Angry boss"}
        )
        self.sign_in(self.marta)
        path, text = self.page("/my/success")
        self.assertEqual(path, f"/my/success/{self.account.id}")
        for shown in ("Beginning", "Arrival", "Send the list", "Meet at noon"):
            self.assertIn(shown, text)
        self.assertIn("Say thanks", text)
        for hidden in ("Check it in secret", "Hidden stage", "difficult", "Angry"):
            self.assertNotIn(hidden, text)
        self.assertNotIn("Walk", text)

    def test_each_journey_has_a_line_of_its_own(self):
        playbook = self.make_template(
            ({"name": "Rescue", "visible_to_customer": True}, [self.task("Call")]),
            name="Playbook",
            kind="cancellation",
        )
        hidden = self.make_template([self.task("Call")], name="Ours", kind="risk")
        for template in (hidden, playbook):
            self.account.start_journey(template)
        lines = self.account.get_customer_stages()
        self.assertEqual(
            [[stage["name"] for stage in line] for line in lines],
            [["Beginning", "Arrival"], ["Rescue"]],
        )
        self.sign_in(self.marta)
        text = self.page(self.account.access_url)[1]
        self.assertEqual(text.count('<ol class="o_cs_stages'), 2)

    def test_a_task_has_its_instructions_and_material(self):
        self.sign_in(self.marta)
        path, text = self.page(self.url(self.task_of_customer))
        self.assertEqual(path, self.url(self.task_of_customer))
        for shown in ("Send the list", "The standard sheet", "sheet.example"):
            self.assertIn(shown, text)

    def test_done_there_opens_the_next_one_here(self):
        self.named(self.journey, "Check it in secret").action_done()
        self.sign_in(self.marta)
        self.say_done(self.task_of_customer)
        self.env.invalidate_all()
        self.assertEqual(self.task_of_customer.state, "done")
        self.assertEqual(self.open_names(self.journey), ["Meet at noon"])
        said = self.task_of_customer.message_ids[:1]
        self.assertEqual(said.author_id, self.marta.partner_id)
        self.assertIn(self.csm.partner_id, said.notified_partner_ids)
        self.assertEqual(self.say_done(self.task_of_customer).status_code, 200)

    def test_another_customer_is_refused(self):
        self.sign_in(self.stranger)
        for path in (self.url(self.task_of_customer), self.account.access_url):
            landed, text = self.page(path)
            self.assertEqual(landed, "/my")
            self.assertNotIn("Send the list", text)
        self.say_done(self.task_of_customer)
        self.env.invalidate_all()
        self.assertEqual(self.task_of_customer.state, "open")

    def test_without_a_login_the_link_of_the_mail_opens_the_task_alone(self):
        task = self.task_of_customer
        self.sign_in(None)
        self.assertEqual(self.page(self.url(task))[0], "/web/login")
        self.assertEqual(self.page(self.url(task, "guessed"))[0], "/web/login")
        landed, text = self.page(task.get_portal_url())
        self.assertEqual(landed, self.url(task))
        self.assertIn("The standard sheet", text)
        thanks = self.named(self.journey, "Say thanks")
        self.assertEqual(
            self.page(self.url(thanks, task.access_token))[0], "/web/login"
        )
        ours = self.named(self.journey, "Check it in secret")
        self.assertEqual(self.page(ours.get_portal_url())[0], "/web/login")
        self.say_done(task, task.access_token)
        self.env.invalidate_all()
        self.assertEqual(task.state, "done")
        self.assertEqual(task.message_ids[:1].author_id, self.account.partner_id)

    def test_the_link_of_the_customer_opens_its_page(self):
        self.sign_in(None)
        self.assertEqual(self.page(self.account.access_url)[0], "/web/login")
        self.assertIn("Beginning", self.page(self.account.get_portal_url())[1])

    def test_only_an_open_task_of_the_customer_can_be_done(self):
        waiting = self.named(self.journey, "Say thanks")
        ours = self.named(self.journey, "Check it in secret")
        self.sign_in(self.marta)
        self.assertIn("cannot be concluded now", self.say_done(waiting).text)
        self.say_done(ours, ours._portal_ensure_token())
        self.env.invalidate_all()
        self.assertEqual((waiting.state, ours.state), ("waiting", "open"))

    def test_a_refusal_names_nothing_of_ours(self):
        journey = self.other.start_journey(
            self.make_template(
                [
                    self.task("Audit their debts", 1),
                    self.task("Say yes", 2, responsible="customer"),
                ],
                [self.task("Say no", responsible="customer")],
            )
        )
        waiting = self.named(journey, "Say yes"), self.named(journey, "Say no")
        self.sign_in(self.stranger)
        for task in waiting:
            refusal = self.say_done(task).text
            self.assertIn("cannot be concluded now", refusal)
            self.assertNotIn("Audit", refusal)
            self.assertNotIn("Stage 1", refusal)
        journey.action_pause("They do not pay")
        self.assertNotIn("paused", self.say_done(waiting[0]).text)

    def test_who_is_a_customer_no_more_sees_no_task(self):
        token = self.task_of_customer._portal_ensure_token()
        self.account.active = False
        self.sign_in(self.marta)
        self.assertFalse(self.call("cs.task", "search_read", [], ["name"]))
        self.assertEqual(self.page(self.url(self.task_of_customer))[0], "/my")
        text = self.page(self.url(self.task_of_customer, token))[1]
        self.assertNotIn("The standard sheet", text)

    def test_a_program_reads_no_more_than_the_page_shows(self):
        self.sign_in(self.marta)
        tasks = self.call("cs.task", "search_read", [], ["name", "date_deadline"])
        self.assertEqual(
            {task["name"] for task in tasks}, {"Send the list", "Say thanks"}
        )
        task_id = self.task_of_customer.id
        for model, method, args in (
            ("cs.task", "read", [[task_id], ["user_id"]]),
            ("cs.task", "read", [[task_id], ["effort_hours"]]),
            ("cs.task", "read", [[task_id], ["delivery_note"]]),
            ("cs.task", "search", [[("csm_id.name", "ilike", "a")]]),
            ("cs.task", "write", [[task_id], {"name": "x"}]),
            ("cs.task", "action_done", [[task_id]]),
            ("cs.task", "action_send", [[task_id]]),
            ("cs.account", "read", [[self.account.id], ["mood"]]),
            ("cs.account", "explain_health", [[self.account.id]]),
            ("cs.account", "action_preview_portal", [[self.account.id]]),
            ("cs.account", "get_portal_url", [[self.account.id]]),
            ("cs.journey", "search_read", [[], ["id"]]),
            ("survey.user_input", "search_read", [[], ["id"]]),
        ):
            with (
                self.subTest(model=model, method=method, args=args),
                self.assertRaises(JsonRpcException),
                mute_logger("odoo.http"),
            ):
                self.call(model, method, *args)
        self.sign_in(self.stranger)
        self.assertFalse(self.call("cs.task", "search_read", [], ["name"]))

    def test_comments_and_files_come_to_the_csm_and_notes_stay_here(self):
        task = self.task_of_customer
        task._message_log(body="Between us: be patient")
        self.sign_in(self.marta)
        token = task._portal_ensure_token()
        thread = {"thread_model": "cs.task", "thread_id": task.id, "token": token}
        file = self.url_open(
            "/mail/attachment/upload",
            data={"csrf_token": self.csrf(), "is_pending": True, **thread},
            files={"ufile": ("list.csv", b"name", "text/csv")},
        ).json()["data"]
        attachment = file["store_data"]["ir.attachment"][0]
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                **thread,
                "post_data": {
                    "body": "Here it is",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    "attachment_ids": [file["attachment_id"]],
                    "attachment_tokens": [attachment["ownership_token"]],
                },
            },
        )
        self.env.invalidate_all()
        said = task.message_ids[:1]
        self.assertEqual(said.author_id, self.marta.partner_id)
        self.assertEqual(said.attachment_ids.name, "list.csv")
        self.assertIn(self.csm.partner_id, said.notified_partner_ids)
        seen = self.make_jsonrpc_request("/mail/chatter_fetch", thread)
        self.assertIn("Here it is", str(seen))
        self.assertNotIn("be patient", str(seen))

    def test_the_home_page_counts_what_is_to_do(self):
        counters = {"counters": ["success_task_count", "success_customer_count"]}
        self.sign_in(self.marta)
        self.assertIn("Your journey", self.page("/my")[1])
        counted = self.make_jsonrpc_request("/my/counters", counters)
        self.assertEqual(
            counted, {"success_task_count": 1, "success_customer_count": 1}
        )
        self.sign_in(self.stranger)
        counted = self.make_jsonrpc_request("/my/counters", counters)
        self.assertEqual(counted["success_task_count"], 0)

    def test_in_the_language_of_the_visitor(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.task_of_customer.visit_id.planned_stage_id.update_field_translations(
            "name", {"pt_BR": "Começo"}
        )
        self.task_of_customer.update_field_translations(
            "name", {"pt_BR": "Enviar a lista"}
        )
        self.marta.lang = "pt_BR"
        self.sign_in(self.marta)
        text = self.page("/my/success")[1]
        self.assertIn("Começo", text)
        self.assertIn("Enviar a lista", text)
        self.assertIn("Enviar a lista", self.page(self.url(self.task_of_customer))[1])

    def test_by_the_link_in_the_language_of_who_got_it(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.task_of_customer.update_field_translations(
            "name", {"pt_BR": "Enviar a lista"}
        )
        self.task_of_customer.visit_id.planned_stage_id.update_field_translations(
            "name", {"pt_BR": "Começo"}
        )
        self.account.contact_ids.partner_id.lang = "pt_BR"
        self.sign_in(None)
        self.assertIn(
            "Enviar a lista", self.page(self.task_of_customer.get_portal_url())[1]
        )
        self.assertIn("Começo", self.page(self.account.get_portal_url())[1])

    def test_an_e_mail_can_be_the_last_one(self):
        marta = self.marta.partner_id
        link = f"/customer-success/opt-out/{marta.id}/{marta._cs_opt_out_token()}"
        self.sign_in(None)
        self.assertIn("not valid", self.page(link[:-3] + "000")[1])
        self.assertIn("marta@aurora.example", self.page(link)[1])
        self.assertFalse(marta.is_blacklisted)
        self.url_open(link, data={"csrf_token": self.csrf()})
        self.env.invalidate_all()
        self.assertTrue(marta.is_blacklisted)
