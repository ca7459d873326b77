from datetime import timedelta

from odoo import Command, fields, models

from . import demo_database
from . import demo_diagnostic as story


class CsDemo(models.AbstractModel):
    """One customer's two Ello diagnostics, and the plan that is under way."""

    _inherit = "cs.demo"

    def _make_diagnostics(self, accounts):
        """Diagnose a customer twice, and work on the plan of the second time."""
        account = accounts[story.CUSTOMER]
        self._diagnose(account, story.FIRST, story.FIRST_DAYS)
        database = self._make_customer_database(account, story.SECOND_DAYS)
        second = self._diagnose(account, story.SECOND, story.SECOND_DAYS, database)
        second.summary = (
            "<p>As finanças saíram do improviso: lançamentos e contas já são "
            "confiáveis. Faltam centros de custo e conciliação para ter uma DRE "
            "com que se possa decidir.</p>"
        )
        # Its name and objectives are said once, in the language of who makes it.
        second = second.with_context(lang=self._language())
        plan = second.create_plan(start_journey=True)
        self._let_plan_be_made(plan, story.SECOND_DAYS - 4)
        self._work_on_plan(plan)
        self._train(account)

    def _diagnose(self, account, found, days_ago, database=None):
        elisa = self._ref("user_elisa")
        helena = self._ref("user_helena")
        template = self._ref("cs_diagnostic_template_ello")
        diagnostic = self.env["cs.diagnostic"].with_user(elisa).start(account, template)
        if database:
            self._read_database(diagnostic, database)
        for row in diagnostic.answer_ids:
            code = self._code_of(row.question_id)
            who = helena if code in story.BY_COLLEAGUE else elisa
            if database and code in demo_database.ACCEPTED:
                row.with_user(who).accept_proposal()
                continue
            row.with_user(who).write(
                {
                    "answer": found.get(code, "done"),
                    "evidence": story.EVIDENCE.get(code) if code in found else False,
                }
            )
        diagnostic.action_conclude()
        day = account._today() - timedelta(days=days_ago)
        diagnostic = diagnostic.with_env(self.env)
        diagnostic.write(
            {
                "started_on": day - timedelta(days=3),
                "concluded_on": day,
            }
        )
        diagnostic.answer_ids.answered_at = fields.Datetime.to_datetime(day)
        return diagnostic

    @staticmethod
    def _code_of(record):
        name = record.get_external_id()[record.id]
        return name.split(f"{record._name.replace('.', '_')}_", 1)[1]

    @staticmethod
    def _let_plan_be_made(plan, days_ago):
        """Let the plan have been made some days ago."""
        days = timedelta(days=days_ago)
        plan.start_on -= days
        for task in plan.task_ids:
            opened = task.date_open - days
            task.write({"date_open": opened, "date_planned": opened})
        for objective in plan.objective_ids:
            objective.due_on -= days

    def _work_on_plan(self, plan):
        by_code = {
            self._code_of(task.action_id): task
            for task in plan.task_ids
            if task.action_id
        }
        for code in story.DONE:
            if code in by_code:
                task = by_code[code]
                task.action_done()
                task.date_done = task.date_deadline - timedelta(days=1)
        template = plan.diagnostic_id.template_id
        journey = plan.account_id.journey_ids.filtered(
            lambda one: one.template_id == template.journey_template_id
        )
        # The report, its presentation, the agreement on the plan.
        for _task in range(3):
            journey.task_ids.filtered(lambda task: task.state == "open").action_done()
        names = {goal.name: self._code_of(goal) for goal in template.goal_ids}
        for objective in plan.objective_ids:
            numbers = story.NUMBERS.get(names[objective.name])
            if numbers:
                objective.baseline, objective.manual_value = numbers
        self._share_plan(plan)

    def _train(self, account):
        """Record the trainings that were held with the diagnosed customer."""
        for days, minutes, topics, others, autonomy in story.TRAININGS:
            day = account._today() - timedelta(days=days)
            self.env["cs.interaction"].create(
                {
                    "account_id": account.id,
                    "kind": "training",
                    # 10 in the morning in São Paulo.
                    "date": fields.Datetime.to_datetime(day) + timedelta(hours=13),
                    "minutes": minutes,
                    "user_id": self._ref("user_elisa").id,
                    "contact_ids": [Command.set(account.contact_ids[-1:].ids)],
                    "topic_ids": [
                        Command.link(self._ref(f"cs_training_topic_{topic}").id)
                        for topic in topics
                    ],
                    "attendee_names": others,
                    "autonomy": autonomy,
                }
            )

    def _share_plan(self, plan):
        """Let the customer see the plan: one who agreed to it, one who works on it."""
        contacts = plan.account_id.contact_ids
        director, controller = contacts[:1], contacts[-1:]
        plan.write(
            {
                "description": story.PURPOSE,
                "visible_to_customer": True,
                "document_ids": [
                    Command.create(
                        {
                            "name": name,
                            "raw": text.encode(),
                            "mimetype": "text/plain",
                            "res_model": plan._name,
                            "res_id": plan.id,
                        }
                    )
                    for name, text in story.DOCUMENTS.items()
                ],
            }
        )
        plan.action_validate(director.partner_id)
        plan.validated_on = plan.start_on + timedelta(days=3)
        plan.shared_on = plan.start_on
        self._make_portal_user(controller, "juliana")
        contacts.partner_id.cs_email_consent = True
        plan.mail_contact_ids = director | controller
        plan.action_send_progress()
