from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, JsonRpcException, tagged
from odoo.tools import mute_logger

from .portal_common import PortalCase


class PlanPortalCase(PortalCase):
    """A plan of Marta's company; the stranger has one too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = cls.env["cs.account"]._today()
        cls.plan = cls.make_plan(cls.account, "Close the month in five days")
        cls.step = cls.plan_task("Send the statements", responsible="customer")
        cls.later = cls.plan_task(
            "Check the bank", responsible="customer", after_ids=[cls.step.id]
        )
        cls.ours = cls.plan_task("Configure the bank", visible_to_customer=True)
        cls.hidden = cls.plan_task("Find out who decides")
        cls.late = cls.plan_task("Name a key user", responsible="customer")
        cls.late.date_deadline = today - timedelta(days=2)
        cls.plan.objective_ids = [
            Command.create(
                {
                    "name": "Days to close",
                    "account_id": cls.account.id,
                    "baseline": 12,
                    "target": 5,
                    "manual_value": 8.5,
                    "unit": "days",
                    "is_higher_better": False,
                    "notes": "<p>Between us</p>",
                }
            )
        ]
        cls.plan.visible_to_customer = True

    @classmethod
    def make_plan(cls, account, name, **values):
        return cls.env["cs.plan"].create(
            {"name": name, "account_id": account.id, "user_id": cls.csm.id, **values}
        )

    @classmethod
    def plan_task(cls, name, plan=None, after_ids=(), **values):
        plan = plan or cls.plan
        return cls.env["cs.task"].create(
            {
                "name": name,
                "plan_id": plan.id,
                "account_id": plan.account_id.id,
                "state": "waiting" if after_ids else "open",
                "after_ids": [Command.set(list(after_ids))],
                "duration_days": 10,
                **values,
            }
        )

    def done(self, task, files=None, **values):
        return self.url_open(
            f"/my/success/task/{task.id}/done",
            data={"csrf_token": self.csrf(), **values},
            files=files,
        )

    def validate(self, plan):
        return self.url_open(
            f"{plan.access_url}/validate", data={"csrf_token": self.csrf()}
        )


@tagged("post_install", "-at_install")
class TestPlanPortal(PlanPortalCase):
    """The customer sees the plan that is shared with it, and does its part there."""

    def test_the_page_shows_the_plan_and_nothing_of_ours(self):
        self.plan.description = "<p>So that you know your result</p>"
        self.plan._message_log(body="They are difficult")
        self.sign_in(self.marta)
        journey = self.page("/my/success")[1]
        self.assertIn(self.plan.access_url, journey)
        path, text = self.page(self.plan.access_url)
        self.assertEqual(path, self.plan.access_url)
        for shown in (
            "Close the month in five days",
            "So that you know your result",
            "Send the statements",
            "Check the bank",
            "comes later",
            "Configure the bank",
            self.csm.name,
            "Late: ",
            "Days to close",
            "8.5 days",
            "0 of 4 steps done",
        ):
            self.assertIn(shown, text)
        for hidden in ("Find out who decides", "difficult", "Between us"):
            self.assertNotIn(hidden, text)

    def test_done_there_with_a_word_and_a_file(self):
        self.sign_in(self.marta)
        answer = self.done(
            self.step,
            files={"files": ("bank.csv", b"a;b", "text/csv")},
            note="Three banks\n<b>all</b> <script>alert(1)</script>",
            plan_id=self.plan.id,
        )
        self.assertIn(self.plan.access_url, answer.url)
        self.assertIn("1 of 4 steps done", answer.text)
        self.env.invalidate_all()
        self.assertEqual((self.step.state, self.later.state), ("done", "open"))
        said = self.step.message_ids.filtered("attachment_ids")
        self.assertEqual(said.author_id, self.marta.partner_id)
        self.assertEqual(said.attachment_ids.raw, b"a;b")
        self.assertIn("&lt;b&gt;all&lt;/b&gt;", said.body)
        self.assertNotIn("<script", said.body)
        self.assertIn(self.csm.partner_id, said.notified_partner_ids)
        self.assertEqual(self.plan.progress, 20)

    def test_a_page_among_the_files_is_no_page_of_ours(self):
        self.sign_in(self.marta)
        evil = b"<html><script>alert(1)</script></html>"
        self.done(self.step, files={"files": ("x.html", evil, "text/html")})
        self.env.invalidate_all()
        attachment = self.step.message_ids.attachment_ids
        self.assertEqual(attachment.mimetype, "text/plain")

    def test_what_comes_after_the_end_is_not_lost(self):
        self.step.action_done()
        self.sign_in(self.marta)
        text = self.done(self.step, note="One more bank").text
        self.assertIn("concluded already", text)
        self.assertIn("One more bank", text)

    def test_sent_three_times_it_is_kept_once(self):
        self.sign_in(self.marta)
        before = self.step.message_ids
        for _time in range(3):
            self.done(
                self.step, files={"files": ("a.csv", b"a", "text/csv")}, note="Three"
            )
        self.env.invalidate_all()
        said = (self.step.message_ids - before).filtered(lambda m: "Three" in m.body)
        self.assertEqual(len(said), 1)
        self.assertEqual(self.step.message_ids.attachment_ids.mapped("name"), ["a.csv"])

    def test_too_much_at_once_is_refused_and_the_text_stays(self):
        self.sign_in(self.marta)
        many = [("files", (f"{n}.txt", b"x", "text/plain")) for n in range(11)]
        large = [
            ("files", (name, b"x" * 11 * 2**20, "text/plain")) for name in ("a", "b")
        ]
        for files in (many, large):
            with self.subTest(files=len(files)):
                text = self.done(self.step, files=files, note="Long story").text
                self.assertIn("At most 10 files and 20 MB", text)
                self.assertIn("Long story", text)
        self.env.invalidate_all()
        self.assertEqual(self.step.state, "open")
        self.assertFalse(self.step.message_ids.attachment_ids)
        self.done(self.step, files=many[:10])
        self.env.invalidate_all()
        self.assertEqual(len(self.step.message_ids.attachment_ids), 10)

    def test_our_people_read_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.marta.lang = "pt_BR"
        self.csm.lang = "en_US"
        spoken = []
        translate = type(self.env)._

        def listen(env, source, *args, **kwargs):
            spoken.append((source, env.lang))
            return translate(env, source, *args, **kwargs)

        self.plan.asks_validation = True
        self.sign_in(self.marta)
        with patch.object(type(self.env), "_", listen):
            self.done(self.step)
            self.validate(self.plan)
        self.assertIn(("Done on the portal.", "en_US"), spoken)
        self.assertIn(("Validated on the portal.", "en_US"), spoken)

    def test_what_changed_after_it_was_agreed_is_asked_again(self):
        self.plan.asks_validation = True
        self.sign_in(self.marta)
        self.validate(self.plan)
        self.env.invalidate_all()
        day = self.step.date_deadline + timedelta(days=5)
        self.plan.with_user(self.csm).action_replan("They asked", {self.step: day})
        self.assertFalse(self.plan.validated_on or self.plan.validated_by_id)
        said = self.plan.message_ids.filtered(lambda one: "They asked" in one.body)
        self.assertIn(f"validated by {self.marta.name} on", said.body)
        text = self.page(self.plan.access_url)[1]
        self.assertNotIn("Agreed", text)
        self.assertIn("Yes, I agree", text)
        self.validate(self.plan)
        self.env.invalidate_all()
        self.assertEqual(self.plan.validated_by_id, self.marta.partner_id)

    def test_what_the_customer_said_is_not_written_by_hand(self):
        self.plan.asks_validation = True
        self.sign_in(self.marta)
        self.validate(self.plan)
        self.env.invalidate_all()
        plan = self.plan.with_user(self.csm)
        for values in (
            {"validated_on": False},
            {"validated_by_id": self.account.partner_id.id},
            {"validated_on_portal": False},
        ):
            with self.subTest(**values), self.assertRaises(UserError):
                plan.write(values)
        with self.assertRaises(UserError):
            plan.action_validate()

    def test_the_new_deadline_is_there_and_the_reason_stays_here(self):
        day = self.step.date_deadline + timedelta(days=30)
        self.plan.action_replan("They argue about money", {self.step: day})
        self.sign_in(self.marta)
        text = self.page(self.plan.access_url)[1]
        self.assertIn(day.strftime("%m/%d/%Y"), text)
        self.assertNotIn("argue", text)
        self.assertIn("argue", self.plan.message_ids[:1].body)

    def test_validated_by_who_agrees(self):
        self.plan.asks_validation = True
        self.sign_in(self.marta)
        self.assertIn("Yes, I agree", self.page(self.plan.access_url)[1])
        self.assertIn("Agreed", self.validate(self.plan).text)
        self.env.invalidate_all()
        self.assertEqual(self.plan.validated_by_id, self.marta.partner_id)
        self.assertEqual(self.plan.validated_on, self.account._today())
        said = self.plan.message_ids.filtered(lambda one: "portal" in one.body)
        self.assertEqual(said.author_id, self.marta.partner_id)
        self.assertIn(self.csm.partner_id, said.notified_partner_ids)
        self.plan.validated_on -= timedelta(days=9)
        before = self.plan.validated_on
        self.validate(self.plan)
        self.env.invalidate_all()
        self.assertEqual(self.plan.validated_on, before)

    def test_nobody_is_asked_who_need_not_be(self):
        self.assertFalse(self.plan.asks_validation)
        self.sign_in(self.marta)
        self.assertNotIn("Yes, I agree", self.page(self.plan.access_url)[1])
        self.assertIn("does not wait for", self.validate(self.plan).text)
        self.env.invalidate_all()
        self.assertFalse(self.plan.validated_on)

    def test_documents_are_those_that_were_given(self):
        given, kept = self.env["ir.attachment"].create(
            [
                {"name": "guide.html", "raw": b"<b>x</b>", "mimetype": "text/html"},
                {"name": "ours.txt", "raw": b"secret", "res_model": "cs.plan"},
            ]
        )
        kept.res_id = self.plan.id
        self.plan.document_ids = given
        self.sign_in(self.marta)
        text = self.page(self.plan.access_url)[1]
        self.assertIn("guide.html", text)
        self.assertNotIn("ours.txt", text)
        url = f"{self.plan.access_url}/document/"
        answer = self.url_open(f"{url}{given.id}")
        self.assertEqual(answer.content, b"<b>x</b>")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(self.page(f"{url}{kept.id}")[0], "/my")
        self.sign_in(self.stranger)
        self.assertEqual(self.page(f"{url}{given.id}")[0], "/my")

    def test_what_one_may_not_read_cannot_be_given_away(self):
        other = self.make_account("Not mine", csm_id=self.other_csm.id)
        stolen = self.env["ir.attachment"].create(
            {"name": "y", "raw": b"y", "res_model": other._name, "res_id": other.id}
        )
        with self.assertRaises(AccessError):
            self.plan.with_user(self.csm).document_ids = [Command.link(stolen.id)]

    def test_a_file_of_a_new_plan_is_the_plans(self):
        file = self.env["ir.attachment"].with_user(self.csm)
        file = file.create({"name": "x", "raw": b"x", "res_model": "cs.plan"})
        values = {"document_ids": [Command.set(file.ids)]}
        plan = self.env["cs.plan"].with_user(self.csm)
        plan = plan.create({"name": "N", "account_id": self.account.id, **values})
        file.with_user(self.manager).check_access("write")
        self.assertEqual(file.res_id, plan.id)

    def test_a_form_shares_it_and_opens_the_page(self):
        plan = self.make_plan(self.account, "New").with_user(self.csm)
        self.assertFalse(plan.visible_to_customer)
        plan.action_share_with_customer()
        self.assertEqual(plan.shared_on, self.account._today())
        self.assertEqual(plan.action_preview_portal()["url"], plan.access_url)
        plan.action_stop_sharing()
        self.assertFalse(plan.visible_to_customer)

    def test_a_copy_is_shared_with_nobody(self):
        self.plan.action_validate(self.marta.partner_id)
        copy = self.plan.copy()
        self.assertFalse(copy.visible_to_customer or copy.validated_on)
        self.assertFalse(copy.access_token or copy.shared_on)

    def test_our_people_look_at_it_before_it_is_shared(self):
        self.plan.visible_to_customer = False
        self.sign_in(self.csm)
        text = self.page(self.plan.access_url)[1]
        self.assertIn("does not see this page", text)
        self.assertIn("Send the statements", text)
        self.sign_in(self.other_csm)
        self.assertNotIn("Send the statements", self.page(self.plan.access_url)[1])

    def test_in_the_language_of_the_visitor(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.step.update_field_translations("name", {"pt_BR": "Enviar os extratos"})
        self.marta.lang = "pt_BR"
        self.sign_in(self.marta)
        text = self.page(self.plan.access_url)[1]
        self.assertIn("Enviar os extratos", text)
        self.assertIn("8,5 days", text)


@tagged("post_install", "-at_install")
class TestPlanPortalAttacks(PlanPortalCase):
    """Whom it is not for, learns not even that it is there."""

    def test_another_customer_gets_what_a_plan_that_is_not_there_gives(self):
        nothing = self.env["cs.plan"].search([], order="id desc", limit=1).id + 1000
        unshared = self.make_plan(self.account, "Draft")
        ended = self.make_plan(self.account, "Given up", visible_to_customer=True)
        ended.action_cancel("No")
        cases = [
            (self.stranger, self.plan),
            (self.marta, unshared),
            (self.marta, ended),
        ]
        for user, plan in cases:
            with self.subTest(user=user.login, plan=plan.name):
                self.sign_in(user)
                got = self.page(plan.access_url)
                self.assertEqual(got[0], "/my")
                none = self.page(f"/my/success/plan/{nothing}")
                self.assertEqual(none[0], "/my")
                self.assertNotIn(plan.name, got[1])
        self.sign_in(self.marta)
        self.assertNotIn("Draft", self.page("/my/success")[1])

    def test_without_a_login_only_the_link_opens_it(self):
        self.sign_in(None)
        for path in (
            self.plan.access_url,
            f"{self.plan.access_url}?access_token=guessed",
            f"{self.plan.access_url}?access_token=",
        ):
            self.assertEqual(self.page(path)[0], "/web/login")
        link = self.plan.get_portal_url()
        text = self.page(link)[1]
        self.assertIn("Send the statements", text)
        self.done(
            self.step,
            access_token=self.step._portal_ensure_token(),
            plan_id=self.plan.id,
            plan_token=self.plan.access_token,
        )
        self.env.invalidate_all()
        self.assertEqual(self.step.state, "done")
        self.assertIn("by the link", self.step.message_ids[:1].body)
        self.plan.asks_validation = True
        self.assertNotIn("Yes, I agree", self.page(link)[1])
        self.validate(self.plan)
        self.env.invalidate_all()
        self.assertFalse(self.plan.validated_on)
        self.plan.action_stop_sharing()
        self.assertEqual(self.page(link)[0], "/web/login")
        self.plan.action_share_with_customer()
        self.assertEqual(self.page(link)[0], "/web/login")
        self.assertIn("Check the bank", self.page(self.plan.get_portal_url())[1])

    def test_a_token_of_any_letters_opens_nothing(self):
        for record in (self.plan, self.step, self.account):
            record._portal_ensure_token()
            link = f"{record.access_url}?access_token=%C3%A9%E2%82%AC"
            self.sign_in(None)
            with self.subTest(model=record._name):
                self.assertEqual(self.page(link)[0], "/web/login")
                self.sign_in(self.stranger)
                self.assertEqual(self.page(link)[0], "/my")

    def test_who_is_a_customer_no_more_sees_no_plan(self):
        link = self.plan.get_portal_url()
        for ended in ({"active": False}, {"state": "churned"}):
            with self.subTest(**ended):
                self.account.sudo().write(ended)
                self.sign_in(self.marta)
                self.assertEqual(self.page(self.plan.access_url)[0], "/my")
                self.sign_in(None)
                self.assertEqual(self.page(link)[0], "/web/login")
                self.account.sudo().write({"active": True, "state": "active"})

    def test_nobody_agrees_for_another_customer(self):
        self.plan.asks_validation = True
        self.sign_in(self.stranger)
        self.assertEqual(self.validate(self.plan).url.split("/", 3)[3], "my")
        self.sign_in(self.csm)
        self.validate(self.plan)
        self.env.invalidate_all()
        self.assertFalse(self.plan.validated_on)

    def test_nobody_does_what_is_not_theirs(self):
        self.sign_in(self.stranger)
        self.done(self.step, note="Mine", plan_id=self.plan.id)
        self.sign_in(self.marta)
        self.done(self.ours, note="Mine", plan_id=self.plan.id)
        self.assertIn("cannot be concluded now", self.done(self.later).text)
        self.env.invalidate_all()
        tasks = self.step | self.ours | self.later
        self.assertEqual(tasks.mapped("state"), ["open", "open", "waiting"])
        self.assertNotIn("Mine", str(tasks.message_ids.mapped("body")))

    def test_our_steps_of_a_plan_that_is_not_shared_show_nowhere(self):
        self.plan.action_stop_sharing()
        self.sign_in(self.marta)
        text = self.page("/my/success")[1]
        self.assertNotIn("Configure the bank", text)
        # What the customer has to do is its own in any case.
        self.assertIn("Send the statements", text)

    def test_a_program_reaches_no_plan(self):
        token = self.plan._portal_ensure_token()
        self.plan.with_user(self.csm).message_post(
            body="For colleagues", subtype_xmlid="mail.mt_comment"
        )
        self.sign_in(self.marta)
        plan_id = self.plan.id
        for model, method, args in (
            ("cs.plan", "search_read", [[], ["name"]]),
            ("cs.plan", "read", [[plan_id], ["access_token"]]),
            ("cs.plan", "get_customer_plan", [[plan_id]]),
            ("cs.plan", "action_validate", [[plan_id]]),
            ("cs.plan", "action_share_with_customer", [[plan_id]]),
            ("cs.plan", "action_preview_portal", [[plan_id]]),
            ("cs.plan", "get_portal_url", [[plan_id]]),
            ("cs.objective", "search_read", [[], ["name"]]),
            ("cs.task", "read", [[self.step.id], ["plan_id"]]),
            ("cs.task", "search", [[("plan_id.name", "ilike", "a")]]),
        ):
            with (
                self.subTest(model=model, method=method),
                self.assertRaises(JsonRpcException),
                mute_logger("odoo.http"),
            ):
                self.call(model, method, *args)
        thread = {"thread_model": "cs.plan", "thread_id": plan_id, "token": token}
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.make_jsonrpc_request("/mail/chatter_fetch", thread)
        with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
            self.make_jsonrpc_request(
                "/mail/message/post",
                {**thread, "post_data": {"body": "x", "message_type": "comment"}},
            )


@tagged("post_install", "-at_install")
class TestPlanDownloads(PlanPortalCase):
    """The documents go to whom the page is shown to, and say no more than it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        diagnostics = cls.env["cs.diagnostic"]
        template = cls.env.ref("customer_success.cs_diagnostic_template_ello")
        cls.diagnostic = diagnostics.start(cls.account, template)
        cls.diagnostic.answer_ids.answer = "partly"
        cls.diagnostic.action_conclude()
        cls.diagnostic.visible_to_customer = True
        cls.plan.diagnostic_id = cls.diagnostic
        cls.plan_pdf = f"{cls.plan.access_url}/pdf"
        cls.report_pdf = f"/my/success/diagnostic/{cls.diagnostic.id}/pdf"

    def assert_given(self, path, text):
        # Tests are given the pages that the file is printed from.
        answer = self.url_open(path)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn(text, answer.text)
        return answer.text

    def assert_refused(self, path):
        answer = self.url_open(path)
        self.assertIn("text/html", answer.headers["Content-Type"])
        self.assertIn(answer.url.split("/", 3)[3].split("?")[0], ("my", "web/login"))
        self.assertNotIn("Send the statements", answer.text)

    def test_the_customer_downloads_plan_and_report(self):
        self.sign_in(self.marta)
        for path in (self.plan.access_url, "/my/success"):
            self.assertIn(self.report_pdf, self.page(path)[1])
        self.assertIn(self.plan_pdf, self.page(self.plan.access_url)[1])
        text = self.assert_given(self.plan_pdf, "Send the statements")
        self.assertIn("Configure the bank", text)
        self.assertNotIn("Find out who decides", text)
        self.assert_given(self.report_pdf, "What we recommend")

    def test_the_link_to_the_plan_gives_the_plan_alone(self):
        self.sign_in(None)
        token = self.plan._portal_ensure_token()
        page = self.page(self.plan.get_portal_url())[1]
        self.assertIn(f"{self.plan_pdf}?access_token={token}", page)
        self.assertNotIn(self.report_pdf, page)
        link = f"{self.plan_pdf}?access_token={token}"
        self.assert_given(link, "Send the statements")
        for path in (
            self.plan_pdf,
            f"{self.plan_pdf}?access_token=guessed",
            f"{self.report_pdf}?access_token={token}",
        ):
            self.assert_refused(path)
        self.plan.action_stop_sharing()
        self.assert_refused(link)

    def test_another_customer_gets_neither(self):
        self.sign_in(self.stranger)
        self.assert_refused(self.plan_pdf)
        self.assert_refused(self.report_pdf)
        self.assert_refused("/my/success/diagnostic/999999999/pdf")
        self.sign_in(self.other_csm)
        self.assert_refused(self.plan_pdf)
        self.assert_refused(self.report_pdf)

    def test_what_is_not_shared_is_not_given(self):
        self.plan.action_stop_sharing()
        self.diagnostic.visible_to_customer = False
        self.sign_in(self.marta)
        self.assert_refused(self.plan_pdf)
        self.assert_refused(self.report_pdf)
        self.assertNotIn(self.report_pdf, self.page("/my/success")[1])
        # Our people look at them before.
        self.sign_in(self.csm)
        self.assert_given(self.plan_pdf, "Send the statements")
        self.assert_given(self.report_pdf, self.account.partner_id.name)

    def test_a_report_that_is_mended_is_not_given(self):
        self.diagnostic.action_reopen()
        self.sign_in(self.marta)
        self.assert_refused(self.report_pdf)

    def test_who_is_a_customer_no_more_gets_neither(self):
        link = self.plan.get_portal_url().replace("?", "/pdf?")
        for ended in ({"active": False}, {"state": "churned"}):
            with self.subTest(**ended):
                self.account.sudo().write(ended)
                self.sign_in(self.marta)
                self.assert_refused(self.plan_pdf)
                self.assert_refused(self.report_pdf)
                self.sign_in(None)
                self.assert_refused(link)
                self.account.sudo().write({"active": True, "state": "active"})


@tagged("post_install", "-at_install")
class TestSuccessPlanByHand(PlanPortalCase):
    """A plan that comes from no diagnostic: objectives and actions."""

    def test_from_the_customer(self):
        account = self.other.with_user(self.csm)
        action = account.action_open_plans()
        plans = self.env["cs.plan"].with_user(self.csm)
        form = Form(
            plans.with_context(**action["context"]),
            "customer_success.cs_plan_view_form",
        )
        form.name = "First year"
        with form.objective_ids.new() as objective:
            objective.name = "Close in 5 days"
        with form.task_ids.new() as task:
            task.name = "Agree"
        plan = form.save()
        self.assertEqual((plan.account_id, plan.kind), (account, "success"))
        self.assertEqual(plan.task_ids.account_id, account)
        self.assertTrue(plan.task_ids.visible_to_customer)
        self.assertEqual(plan.objective_ids.account_id, account)

    def test_from_the_objectives_that_were_agreed_on(self):
        goal = self.env["cs.objective"].create(
            {"name": "Close in 5 days", "account_id": self.other.id, "target": 5}
        )
        missed = goal.copy({"name": "Old"})
        missed.action_missed()
        context = self.other.with_user(self.csm).action_new_success_plan()["context"]
        plans = self.env["cs.plan"].with_user(self.csm).with_context(**context)
        plan = Form(plans, "customer_success.cs_plan_view_form").save()
        self.assertEqual(plan.objective_ids, goal)
        self.assertIn(self.other.display_name, plan.name)
        self.assertFalse(missed.plan_id)
