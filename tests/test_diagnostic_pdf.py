import base64
import io
import re
from datetime import date, timedelta

from PIL import Image
from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools import html2plaintext

from ..diagnostic.history import draw_history
from ..diagnostic.photos import photo_uri
from ..diagnostic.scale import draw_scale
from ..diagnostic.timeline import draw_timelines
from .document_common import DOCUMENTS, DocumentCase

LEVELS = ["Initial", "Basic", "Organised", "Managed"]
SECRET = "Between-us-only"


class TestDiagnosticReport(DocumentCase):
    """The diagnostic report, printed and read."""

    def test_says_level_areas_findings_and_what_to_do(self):
        self.specialist.name = "Elisa Prado"
        diagnostic = self.filled({"cost_centres": "not_done"})
        row = diagnostic.finding_ids
        row.evidence = "0 of 412 expenses have a cost centre."
        diagnostic.summary = "<p>Finances are in order but for <b>one</b> thing.</p>"
        diagnostic.action_conclude()
        text = self.text("diagnostic", diagnostic)
        for expected in (
            "Padaria Aurora",
            "Ello diagnostic of financial management",
            "Managed",
            "95 of 100 points",
            "Elisa Prado",
            "20 of 20",
            "Finances are in order but for one thing.",
            "Expense groups and types 67 Organised 1",
            "Posting of expenses 100 Managed 0",
            row.question_id.name,
            "Not done",
            row.meaning,
            "0 of 412 expenses have a cost centre.",
            "In order:",
            "Release the module Chart of Accounts and Cost Centre",
            "To be released: Chart of Accounts and Cost Centre",
            "Train posting purchase invoices and classifying expenses",
        ):
            self.assertIn(expected, text)
        self.assertLess(
            text.index("Release the module"), text.index("Register cost centres")
        )

    def test_written_in_the_language_of_the_customer(self):
        diagnostic = self.filled({"cost_centres": "not_done"})
        diagnostic.action_conclude()
        diagnostic.sudo().concluded_on = "2026-03-09"
        question = diagnostic.finding_ids.question_id
        english = self.text("diagnostic", diagnostic)
        self.assertIn("03/09/2026", english)
        self.assertIn("Managed", english)
        self.assertIn(question.name, english)
        self.account.partner_id.lang = "pt_BR"
        spoken = self.text("diagnostic", diagnostic)
        self.assertIn("09/03/2026", spoken)
        self.assertIn("Gerenciado", spoken)
        self.assertIn("Não feito", spoken)
        self.assertIn(question.with_context(lang="pt_BR").name, spoken)
        self.assertNotIn("Managed", spoken)
        self.assertNotIn(question.name, spoken)

    def test_radar_is_a_vector_with_the_scores(self):
        diagnostic = self.filled({"bank_reconciled": "not_done"})
        reader = PdfReader(io.BytesIO(self.pdf("diagnostic", diagnostic)))
        cover = reader.pages[0]
        # No picture but the letterhead's logo: the drawings are lines and text.
        self.assertLessEqual(len(cover.images), 1)
        text = " ".join(self.pages("diagnostic", diagnostic)[0].split())
        self.assertRegex(text, r"Bank reconciliation\s.*\b50\b")

    def test_pictures_are_shown_and_other_files_named(self):
        diagnostic = self.filled({"cost_centres": "not_done"})
        row = diagnostic.finding_ids
        before = self.count_pictures(diagnostic)
        row.attach("screen.png", self.picture((3000, 2000)))
        row.attach("phone.jpg", self.picture(kind="JPEG"))
        row.attach("broken.png", base64.b64encode(b"\x89PNG\r\n\x1a\nno").decode())
        row.attach("sheet.csv", base64.b64encode(b"a;b").decode())
        content = self.pdf("diagnostic", diagnostic)
        self.assertEqual(self.count_pictures(diagnostic) - before, 2)
        self.assertLess(len(content), 500_000)
        text = " ".join(" ".join(self.read_pages(content)).split())
        self.assertLess(text.index("screen.png"), text.index("Files:"))
        self.assertLess(text.index("phone.jpg"), text.index("Files:"))
        self.assertRegex(text, r"Files: .*broken\.png")
        self.assertRegex(text, r"Files: .*sheet\.csv")

    def count_pictures(self, diagnostic):
        reader = PdfReader(io.BytesIO(self.pdf("diagnostic", diagnostic)))
        return sum(len(page.images) for page in reader.pages)

    def test_all_not_applicable_prints_without_level(self):
        diagnostic = self.filled({}, others="not_applicable")
        diagnostic.action_conclude()
        text = self.text("diagnostic", diagnostic)
        self.assertIn("No level", text)
        self.assertIn("Nothing to improve was found.", text)
        self.assertIn("The answers call for no action.", text)
        self.assertNotIn("of 100 points", text)

    def test_unanswered_prints_as_it_is_so_far(self):
        diagnostic = self.start()
        self.answer(diagnostic, {"cost_centres": "partly"})
        text = self.text("diagnostic", diagnostic)
        self.assertIn("1 of 20", text)
        self.assertIn("(being answered)", text)
        self.assertIn("50 of 100 points", text)

    def test_two_areas_have_no_radar_but_their_bars(self):
        diagnostic = self.filled({})
        kept = diagnostic.answer_ids.area_id[:2]
        others = diagnostic.answer_ids.filtered(lambda one: one.area_id not in kept)
        others.sudo().unlink()
        text = self.text("diagnostic", diagnostic)
        self.assertNotIn("The further out, the better", text)
        self.assertIn(f"{kept[1].name} 100 Managed", text)

    def test_long_texts_are_printed_whole(self):
        diagnostic = self.filled({"cost_centres": "not_done", "right_type": "partly"})
        words = [f"word{number}" for number in range(1500)]
        diagnostic.finding_ids[0].evidence = " ".join(words)
        self.account.partner_id.name = f"Padaria {'A' * 180}"
        conclusions = [f"end{number}" for number in range(400)]
        diagnostic.summary = f"<p>{' '.join(conclusions)}</p>"
        diagnostic.action_conclude()
        pages = self.pages("diagnostic", diagnostic)
        found = set(" ".join(pages).split())
        self.assertFalse(set(words + conclusions) - found)
        self.assertEqual("".join(pages[0].split()).count("A" * 60), 6)

    def test_what_people_write_is_not_taken_for_markup(self):
        diagnostic = self.filled({"cost_centres": "not_done"})
        diagnostic.finding_ids.evidence = "<script>alert(1)</script> & <b>bold</b>"
        area = diagnostic.answer_ids.area_id[0]
        area.name = 'A <b>"quoted"</b> & so'
        text = self.text("diagnostic", diagnostic)
        self.assertIn("<script>alert(1)</script> & <b>bold</b>", text)
        self.assertIn('A <b>"quoted"</b> & so 100 Managed', text)

    def test_change_since_the_one_before(self):
        first = self.filled({}, others="not_done")
        first.action_conclude()
        first.sudo().started_on = "2026-02-03"
        second = self.filled({}, others="partly")
        second.action_conclude()
        text = self.text("diagnostic", second)
        self.assertIn("+50 points since 02/03/2026", text)


class TestPlanDocument(DocumentCase):
    """The plan, printed and read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.csm.name = "Ana Carvalho"

    def make_plan(self, **values):
        return self.env["cs.plan"].create(
            {"name": "First year", "account_id": self.account.id, **values}
        )

    def make_tasks(self, plan, count, **values):
        today = self.account._today()
        return self.env["cs.task"].create(
            [
                {
                    "name": f"Step{number:03}",
                    "account_id": self.account.id,
                    "plan_id": plan.id,
                    "user_id": self.csm.id,
                    "date_open": today,
                    "date_deadline": today + timedelta(days=number),
                    "visible_to_customer": True,
                    **values,
                }
                for number in range(count)
            ]
        )

    def test_says_who_does_what_until_when(self):
        diagnostic = self.filled({"cost_centres": "not_done"})
        diagnostic.action_conclude()
        plan = diagnostic.create_plan()
        person = self.make_person("Marta Souza")
        plan.action_validate(person.partner_id)
        done = plan.task_ids.filtered(lambda task: task.state == "open")[:1]
        done.with_user(self.csm).action_done()
        text = self.text("plan", plan)
        self.assertIn("After the diagnostic of", text)
        self.assertIn(f"20 % – 1 of {len(plan.task_ids)} tasks", text)
        self.assertIn("by Marta Souza", text)
        self.assertIn("Name, date and signature", text)
        for task in plan.task_ids:
            deadline = task.date_deadline.strftime("%m/%d/%Y")
            self.assertIn(task.name, text)
            self.assertIn(deadline, text)
        for objective in plan.objective_ids:
            self.assertIn(objective.name, text)
        self.assertIn("Ana Carvalho", text)
        self.assertIn(self.account.company_id.name, text)
        self.assertLess(text.index("Actions"), text.index("Trainings"))

    def test_state_and_dates_speak_the_language_of_the_customer(self):
        plan = self.make_plan(start_on="2026-03-09")
        self.make_tasks(plan, 1)
        self.assertIn("03/09/2026", self.text("plan", plan))
        self.account.partner_id.lang = "pt_BR"
        spoken = self.text("plan", plan)
        self.assertIn("09/03/2026", spoken)
        self.assertIn("Em andamento", spoken)

    def test_late_is_said(self):
        plan = self.make_plan()
        task = self.make_tasks(plan, 1)
        task.date_deadline = self.account._today() - timedelta(days=3)
        text = self.text("plan", plan)
        self.assertIn("1 behind their deadline", text)
        self.assertEqual(text.count("Late"), 2)

    def test_no_row_is_parted_by_the_end_of_a_page(self):
        plan = self.make_plan()
        tasks = self.make_tasks(plan, 90)
        pages = self.pages("plan", plan)
        # The first two pages hold the timeline, which says the names too.
        tables = [page for page in pages if "Step" in page and "/20" in page]
        self.assertGreater(len(tables), 2)
        seen = []
        for page in tables:
            names = [int(one) for one in re.findall(r"Step(\d{3})", page)]
            days = set(re.findall(r"\d\d/\d\d/\d{4}", page))
            rows = [
                number
                for number in names
                if tasks[number].date_deadline.strftime("%m/%d/%Y") in days
            ]
            seen += rows
        for task in tasks:
            self.assertIn(int(task.name[-3:]), seen)

    def test_empty_plan_prints(self):
        text = self.text("plan", self.make_plan())
        self.assertIn("First year", text)
        self.assertIn("No action is planned yet.", text)


class TestEvolutionDocument(DocumentCase):
    """The evolution, printed and read."""

    def conclude(self, day, answers, others):
        diagnostic = self.filled(answers, others=others)
        diagnostic.action_conclude()
        diagnostic.sudo().write({"started_on": day, "concluded_on": day})
        return diagnostic

    def test_first_beside_last_and_what_was_done(self):
        self.conclude("2026-01-10", {}, "not_done")
        self.conclude("2026-04-11", {}, "not_done")
        last = self.conclude("2026-07-12", {"cost_centres": "not_done"}, "partly")
        plan = last.create_plan()
        plan.visible_to_customer = True
        task = plan.task_ids.filtered(lambda one: one.state == "open")[:1]
        task.with_user(self.csm).action_done()
        text = self.text("evolution", self.account)
        for expected in (
            "First diagnostic, 01/10/2026",
            "Last diagnostic, 07/12/2026",
            "0 of 100 points",
            "(+48)",
            "04/11/2026",
            "Posting of expenses 0 50 +50",
            f"1 of {len(plan.task_ids)} tasks",
        ):
            self.assertIn(expected, text)
        self.assertEqual(text.count("better"), 19)
        done = text[text.index("What was done") :]
        self.assertIn(task.name, done)
        for other in plan.task_ids - task:
            self.assertNotIn(other.name, done)

    def test_one_diagnostic_is_where_it_begins(self):
        self.conclude("2026-01-10", {}, "partly")
        text = self.text("evolution", self.account)
        self.assertIn("First diagnostic, 01/10/2026", text)
        self.assertIn("The next diagnostic will be compared with this one.", text)

    def test_none_says_so(self):
        self.filled({})
        text = self.text("evolution", self.account)
        self.assertIn("No diagnostic was concluded yet", text)

    def test_speaks_the_language_of_the_customer(self):
        self.conclude("2026-01-31", {}, "not_done")
        self.conclude("2026-07-30", {}, "done")
        self.account.partner_id.lang = "pt_BR"
        text = self.text("evolution", self.account)
        self.assertIn("31/01/2026", text)
        self.assertIn("Gerenciado", text)
        self.assertIn("Não feito", text)


class TestTrainingDocument(DocumentCase):
    """The record of trainings, printed and read."""

    def test_says_when_what_who_and_how_far(self):
        self.csm.name = "Ana Carvalho"
        marta = self.make_person("Marta Souza", function="Finance")
        topic = self.env.ref("customer_success.cs_training_topic_reports")
        self.make_training(
            date="2026-03-09 17:30:00",
            minutes=90,
            contact_ids=[(6, 0, marta.ids)],
            attendee_names="João Lima\n\n  Pedro  ",
            topic_ids=[(6, 0, topic.ids)],
            autonomy="alone",
        )
        self.make_training(date="2026-03-16 17:30:00", attendee_names="JOÃO lima")
        text = self.text("training", self.account)
        for expected in (
            "Record of trainings",
            "Trainings held Hours 2 1.5",
            "People trained Topics 3 1",
            # 17:30 UTC on the calendar of São Paulo.
            "03/09/2026 2:30 PM",
            topic.name,
            "Ana Carvalho",
            "Does it alone",
            "Marta Souza Finance",
            "Pedro",
            "Attendee Function Signature",
            "Name, date and signature",
        ):
            self.assertIn(expected, text)
        self.assertLess(text.index("03/09/2026"), text.index("03/16/2026"))

    def test_what_is_to_come_is_there_too(self):
        diagnostic = self.filled({"cost_centres": "not_done"})
        diagnostic.action_conclude()
        plan = diagnostic.create_plan()
        plan.visible_to_customer = True
        text = self.text("training", self.account)
        self.assertIn("No training was held yet.", text)
        for task in plan.task_ids.filtered("topic_id"):
            self.assertIn(task.name, text)
        for task in plan.task_ids - plan.task_ids.filtered("topic_id"):
            self.assertNotIn(task.name, text)

    def test_speaks_the_language_of_the_customer(self):
        self.make_training(date="2026-03-30 17:30:00")
        self.account.partner_id.lang = "pt_BR"
        self.assertIn("30/03/2026 14:30", self.text("training", self.account))


class TestDocumentsAreForTheRightEyes(DocumentCase):
    """What is ours stays ours, and a document goes only to who may read it."""

    def setUp(self):
        super().setUp()
        self.diagnostic = self.filled({"cost_centres": "not_done"})
        self.diagnostic.action_conclude()
        self.plan = self.diagnostic.create_plan()
        self.records = {
            "diagnostic": self.diagnostic,
            "plan": self.plan,
            "training": self.account,
            "evolution": self.account,
        }

    def test_what_is_ours_is_in_no_document(self):
        person = self.make_person("Marta Souza")
        person.write({"expectations": SECRET, "need": SECRET})
        self.make_training(
            notes=f"<p>{SECRET}</p>",
            next_step=SECRET,
            contact_ids=[(6, 0, person.ids)],
        )
        for record in (self.account, self.diagnostic, self.plan):
            record.message_post(body=SECRET)
        opened = self.plan.task_ids.filtered(lambda task: task.state == "open")
        opened.write({"description": SECRET, "material": SECRET})
        opened[:1].action_skip(SECRET)
        self.plan.objective_ids.notes = SECRET
        for name, record in self.records.items():
            with self.subTest(name):
                self.assertNotIn(SECRET, self.html(name, record))

    def test_hidden_steps_are_in_no_document(self):
        self.plan.visible_to_customer = True
        topic = self.plan.task_ids.topic_id[:1]
        hidden = self.env["cs.task"].create(
            [
                {
                    "name": SECRET,
                    "account_id": self.account.id,
                    "plan_id": self.plan.id,
                    "user_id": self.csm.id,
                    "date_deadline": "2031-12-24",
                    "state": state,
                    "topic_id": topic.id,
                }
                for state in ("open", "done")
            ]
        )
        hidden.date_deadline = "2031-12-24"
        shown = len(self.plan._customer_tasks())
        self.assertEqual(shown, self.plan.task_count - 2)
        for name in ("plan", "training", "evolution"):
            with self.subTest(name):
                html = self.html(name, self.records[name])
                self.assertNotIn(SECRET, html)
                self.assertNotIn("2031", html)
        # Neither can they be counted, nor do they stretch the timeline.
        text = " ".join(html2plaintext(self.html("plan", self.plan)).split())
        self.assertIn(f"0 of {shown} tasks", text)
        self.assertNotIn("12/24", text)
        text = " ".join(html2plaintext(self.html("evolution", self.account)).split())
        self.assertRegex(text, rf"0\W+of {shown} tasks")

    def test_plans_that_are_not_shared_are_in_no_document_of_the_account(self):
        task = self.plan.task_ids.filtered(lambda one: one.state == "open")[:1]
        task.action_done()
        self.plan.task_ids.name = SECRET
        self.plan.objective_ids.name = SECRET
        for name in ("training", "evolution"):
            with self.subTest(name):
                self.assertNotIn(SECRET, self.html(name, self.account))
                self.plan.visible_to_customer = True
                self.assertIn(SECRET, self.html(name, self.account))
                self.plan.visible_to_customer = False

    def test_only_who_may_read_the_customer(self):
        portal = new_test_user(self.env, "cs_portal", "base.group_portal")
        for name, record in self.records.items():
            self.assertIn("Padaria Aurora", self.html(name, record, self.manager))
            for user in (self.other_csm, self.salesperson, portal):
                with (
                    self.subTest(f"{name}: {user.login}"),
                    self.assertRaises(AccessError),
                ):
                    self.html(name, record, user)

    def test_the_address_of_a_document_is_refused_too(self):
        self.authenticate("cs_other", "cs_other")
        for name, record in self.records.items():
            answer = self.url_open(
                f"/report/html/customer_success.report_{name}/{record.id}"
            )
            self.assertEqual(answer.status_code, 403, name)
            self.assertNotIn("Padaria Aurora", answer.text)
        self.authenticate("cs_csm", "cs_csm")
        for name, record in self.records.items():
            answer = self.url_open(
                f"/report/html/customer_success.report_{name}/{record.id}"
            )
            self.assertEqual(answer.status_code, 200, name)
            self.assertIn("Padaria Aurora", answer.text)

    def test_portal_may_have_what_is_shared(self):
        self.assertFalse(self.plan._is_open_to_customer())
        self.assertFalse(self.diagnostic._is_open_to_customer())
        self.plan.visible_to_customer = True
        self.diagnostic.visible_to_customer = True
        self.assertTrue(self.plan._is_open_to_customer())
        self.assertTrue(self.diagnostic._is_open_to_customer())
        self.diagnostic.action_reopen()
        self.assertFalse(self.diagnostic._is_open_to_customer())
        self.plan.action_cancel("Changed its mind")
        self.assertFalse(self.plan._is_open_to_customer())
        # As the portal's own way of showing reports does it.
        portal = new_test_user(self.env, "cs_portal", "base.group_portal")
        report = self.report(portal).sudo()
        for name in ("diagnostic", "plan"):
            content, _kind = report._render_qweb_pdf(
                f"customer_success.action_report_{name}", self.records[name].ids
            )
            self.assertIn("Padaria Aurora", " ".join(self.read_pages(content)))

    def test_file_names_say_what_and_of_whom(self):
        self.account.partner_id.name = "Aurora / Filial: 2"
        today = str(self.account._today())
        names = {
            "diagnostic": f"Diagnostic report - Aurora - Filial- 2 - {today}",
            "plan": f"Action plan - Aurora - Filial- 2 - {today}",
        }
        for name in self.records:
            report = self.env.ref(f"customer_success.action_report_{name}")
            self.assertEqual(report.model, DOCUMENTS[name])
            self.assertEqual(report.binding_model_id.model, DOCUMENTS[name])
        self.assertEqual(
            self.diagnostic._get_report_base_filename(), names["diagnostic"]
        )
        self.assertEqual(self.plan._get_report_base_filename(), names["plan"])
        self.account.partner_id.lang = "pt_BR"
        self.assertIn("Plano de ação - ", self.plan._get_report_base_filename())

    def test_buttons_print(self):
        for record, method in (
            (self.diagnostic, "action_print"),
            (self.diagnostic, "action_print_evolution"),
            (self.plan, "action_print"),
            (self.account, "action_print_trainings"),
        ):
            action = getattr(record.with_user(self.csm), method)()
            self.assertEqual(action["type"], "ir.actions.report")


@tagged("post_install", "-at_install")
class TestDrawings(BaseCase):
    """Drawings and pictures by themselves."""

    def test_scale_marks_the_score(self):
        drawing = draw_scale(74.5, (40, 60, 80), LEVELS)
        self.assertIn(">75</text>", drawing)
        self.assertRegex(drawing, r'font-weight="bold"[^>]*>Organised<')
        self.assertNotRegex(drawing, r'font-weight="bold"[^>]*>Managed<')

    def test_scale_without_score_has_no_mark(self):
        drawing = draw_scale(None, (40, 60, 80), LEVELS)
        self.assertNotIn("polygon", drawing)
        self.assertNotIn('font-weight="bold"', drawing)

    def test_scale_of_ends_and_equal_limits(self):
        for score in (0, 100):
            self.assertIn(f">{score}</text>", draw_scale(score, (0, 0, 100), LEVELS))

    def test_history_needs_two_scores(self):
        self.assertEqual(draw_history([], (40, 60, 80), LEVELS), "")
        self.assertEqual(draw_history([("a", 1)], (40, 60, 80), LEVELS), "")
        self.assertEqual(
            draw_history([("a", 1), ("b", None)], (40, 60, 80), LEVELS), ""
        )
        drawing = draw_history([("a<", 1), ("b", 99.5)], (40, 60, 80), LEVELS)
        self.assertIn("a&lt;", drawing)
        self.assertIn(">100</text>", drawing)

    def test_history_of_many_keeps_the_newest_label(self):
        points = [(f"day{number}", number) for number in range(40)]
        drawing = draw_history(points, (40, 60, 80), LEVELS)
        self.assertIn(">day39<", drawing)
        self.assertLessEqual(len(re.findall(">day", drawing)), 8)

    def test_timeline_in_pieces_shares_its_scale(self):
        days = [date(2026, 1, 1 + number) for number in range(10)]
        tasks = [
            {"name": "T", "begin": day, "end": day, "state": "open", "who": ""}
            for day in days
        ]
        whole, *pieces = (
            piece
            for rows in (10, 4)
            for piece in draw_timelines(tasks, rows, days[0], str)
        )
        self.assertEqual(len(pieces), 3)
        bars = re.compile(r'<rect x="([\d.]+)"')
        self.assertEqual(
            bars.findall(whole), [x for piece in pieces for x in bars.findall(piece)]
        )
        self.assertEqual(draw_timelines([], 4, days[0], str), [])

    def test_pictures_become_small_and_flat(self):
        for kind, mode in (("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P")):
            file = io.BytesIO()
            Image.new(mode, (3000, 1500)).save(file, kind)
            uri = photo_uri(file.getvalue())
            with Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))) as image:
                self.assertEqual((image.format, image.mode), ("JPEG", "RGB"), kind)
                self.assertEqual(image.size, (1000, 500), kind)

    def test_pictures_that_are_none(self):
        for content in (b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff\xe0 cut"):
            self.assertIsNone(photo_uri(content))
