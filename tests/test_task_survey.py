from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged

from .message_common import MessageCase


@tagged("post_install", "-at_install")
class TestTaskSurvey(MessageCase, HttpCase):
    """Survey tasks ask the customer, and are done by the answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("customer_success.cs_survey_nps")
        cls.journey_template = cls.make_template(
            [cls.task("Ask", 1, kind="survey", survey_id=cls.survey.id)],
            [cls.task("Next")],
        )
        cls.account = cls.make_reachable("Marta", "marta@aurora.example")

    def ask(self, account=None):
        journey = (account or self.account).start_journey(self.journey_template)
        self.deliver()
        return journey

    def value(self, key, account=None):
        facts = (account or self.account).value_ids
        return facts.filtered(lambda fact: fact.metric_id.key == key)

    def test_the_answer_is_a_fact_and_concludes_the_task(self):
        with self.at("2026-03-09"):
            journey = self.ask()
        task = self.named(journey, "Ask")
        self.assertEqual((task.state, task.delivery), ("open", "sent"))
        self.assertEqual(task.sent_to, "Marta")
        self.assertEqual(task.answer_text, "Marta: no answer yet")
        answer = task.answer_ids
        self.assertIn(answer.access_token, self.messages(task).body)
        with self.at("2026-03-10 15:30:00"):
            self.answer(answer, 9, "Fast and kind")
        self.assertEqual(answer.cs_class, "promoter")
        self.assertEqual((task.state, self.open_names(journey)), ("done", ["Next"]))
        fact = self.value("nps")
        self.assertEqual((fact.value, str(fact.at)), (9, "2026-03-10 15:30:00"))
        self.assertEqual((self.account.nps, self.account.nps_class), (9, "promoter"))
        self.assertIn("9, promoter", task.with_user(self.csm).answer_text)
        self.assertIn("Fast and kind", task.with_user(self.csm).answer_text)
        self.assertTrue(
            self.account.message_ids.filtered(lambda m: "Fast and kind" in m.body)
        )

    def test_it_is_answered_by_the_link_of_the_mail_without_a_login(self):
        journey = self.ask()
        answer = self.named(journey, "Ask").answer_ids
        score, why = self.survey.question_ids
        self.authenticate(None, None)
        page = self.url_open(answer.get_start_url())
        self.assertIn("Would you recommend us?", page.text)
        tokens = f"{self.survey.access_token}/{answer.access_token}"
        self.make_jsonrpc_request(f"/survey/begin/{tokens}")
        said = {str(score.id): "0", str(why.id): "Too slow"}
        self.make_jsonrpc_request(f"/survey/submit/{tokens}", said)
        self.env.invalidate_all()
        self.assertEqual((answer.state, answer.cs_class), ("done", "detractor"))
        self.assertEqual(self.value("nps").value, 0)
        self.assertEqual(self.open_names(journey), ["Next"])
        again = self.make_jsonrpc_request(f"/survey/submit/{tokens}", said)
        self.assertIn("error", str(again))

    def test_answered_twice(self):
        task = self.named(self.ask(), "Ask")
        with self.at("2026-03-10 15:30:00"):
            self.answer(task.answer_ids, 3)
        readings = [("account_id", "=", self.account.id), ("metric_id.key", "=", "nps")]
        history = self.env["cs.metric.reading"]
        task.answer_ids._mark_done()
        self.assertEqual(history.search_count(readings), 1)
        again = self.survey._create_answer(
            partner=task.answer_ids.partner_id,
            check_attempts=False,
            cs_account_id=self.account.id,
            cs_task_id=task.id,
        )
        with self.at("2026-03-11 15:30:00"):
            self.answer(again, 8)
        self.assertEqual(history.search_count(readings), 2)
        self.assertEqual((self.value("nps").value, again.cs_class), (8, "passive"))
        self.assertEqual(task.state, "done")

    def test_two_people_are_asked_and_the_first_answer_is_enough(self):
        sponsor = self.env.ref("customer_success.cs_contact_role_sponsor")
        for name in ("Ana", "Bia"):
            email = f"{name.lower()}@aurora.example"
            self.add_contact(self.account, name, email, role_id=sponsor.id)
        self.journey_template.stage_ids.task_ids[0].contact_role_id = sponsor
        task = self.named(self.ask(), "Ask")
        self.assertEqual(task.sent_to, "Ana, Bia")
        ana, bia = task.answer_ids.sorted("id")
        self.answer(bia, 10)
        self.assertEqual(task.state, "done")
        self.answer(ana, 2)
        self.assertEqual(ana.cs_class, "detractor")

    def test_an_answer_during_a_pause_counts_when_the_journey_goes_on(self):
        journey = self.ask()
        task = self.named(journey, "Ask")
        journey.with_user(self.csm).action_pause("Holidays")
        self.answer(task.answer_ids, 9)
        self.assertEqual(task.state, "waiting")
        journey.with_user(self.csm).action_resume()
        self.assertEqual((task.state, self.open_names(journey)), ("done", ["Next"]))

    def test_nobody_is_asked_the_same_twice_in_a_month(self):
        def ask_again(day):
            with self.at(day):
                task = self.env["cs.task"].create(
                    {
                        "name": "Ask again",
                        "account_id": self.account.id,
                        "kind": "survey",
                        "survey_id": self.survey.id,
                    }
                )
                task._queue()
                self.deliver()
            return task

        with self.at("2026-03-02"):
            self.ask()
        task = ask_again("2026-03-31")
        self.assertEqual((task.state, task.delivery), ("open", "stuck"))
        self.assertIn("30 days ago: Marta", task.delivery_note)
        self.assertFalse(task.answer_ids)
        self.add_contact(self.account, "Rui", "rui@aurora.example")
        role = self.env.ref("customer_success.cs_contact_role_sponsor")
        self.account.contact_ids.role_id = role
        task.contact_role_id = role
        with self.at("2026-03-31"):
            task.action_send()
        self.assertEqual(task.sent_to, "Rui", "Who was not asked is")
        self.assertEqual(len(self.mails("marta@aurora.example")), 1)
        self.assertEqual(ask_again("2026-04-30").sent_to, "Marta")

    def test_each_is_asked_in_their_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.survey.update_field_translations("title", {"pt_BR": "Você nos recomenda?"})
        account = self.make_reachable("Rui", "rui@sol.example", lang="pt_BR")
        task = self.named(self.ask(account), "Ask")
        self.assertEqual(self.messages(task).subject, "Você nos recomenda?")
        self.assertEqual(task.answer_ids.lang_id.code, "pt_BR")
        task = self.named(self.ask(), "Ask")
        self.assertEqual(self.messages(task).subject, "Would you recommend us?")

    def test_without_an_address_a_person_is_told(self):
        account = self.make_account()
        task = self.named(self.ask(account), "Ask")
        self.assertEqual((task.state, task.delivery), ("open", "stuck"))
        self.assertIn("has an e-mail address", task.delivery_note)
        self.add_contact(account, "Rui", "rui@sol.example")
        task.with_user(self.csm).action_send()
        self.assertEqual((task.delivery, task.sent_to), ("sent", "Rui"))

    def test_without_a_survey_a_person_is_told(self):
        template = self.make_template([self.task("Ask", kind="survey")])
        journey = self.account.start_journey(template)
        self.deliver()
        self.assertIn("No survey", self.named(journey, "Ask").delivery_note)

    def test_shipped_surveys_measure_on_their_scales(self):
        for measure, value, verdict in (
            ("nps", 0, "detractor"),
            ("nps", 7, "passive"),
            ("csat", 1, "dissatisfied"),
            ("csat", 5, "satisfied"),
            ("ces", 4, "neutral"),
            ("ces", 7, "easy"),
        ):
            with self.subTest(measure=measure, value=value):
                survey = self.env.ref(f"customer_success.cs_survey_{measure}")
                answer = survey._create_answer(
                    partner=self.account.contact_ids.partner_id,
                    check_attempts=False,
                    cs_account_id=self.account.id,
                )
                self.answer(answer, value)
                self.assertEqual(answer.cs_class, verdict)
                self.assertEqual(self.value(measure).value, value)

    def test_a_measure_has_its_scale(self):
        question = self.env.ref("customer_success.cs_survey_csat_score")
        with self.assertRaisesRegex(ValidationError, "from 1 to 5"):
            question.scale_max = 10
        with self.assertRaisesRegex(ValidationError, "measures no satisfaction"):
            quiz = self.env["survey.survey"].create({"title": "Quiz"})
            self.journey_template.stage_ids.task_ids[0].survey_id = quiz

    def test_who_knows_customers_chooses_surveys_but_reads_no_answers(self):
        surveys = self.env["survey.survey"].with_user(self.specialist)
        quiz = self.env["survey.survey"].create({"title": "Quiz"})
        self.assertIn(self.survey, surveys.search([]))
        self.assertNotIn(quiz, surveys.search([]))
        answers = self.env["survey.user_input"].with_user(self.specialist)
        with self.assertRaises(AccessError):
            answers.search([])
