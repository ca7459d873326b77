from datetime import timedelta

from odoo import models

from . import demo_improvements as story
from .demo_diagnostic import CUSTOMER


class CsDemo(models.AbstractModel):
    """What could be better at some customers, and what they ask for."""

    _inherit = "cs.demo"

    def _make_improvements(self, accounts):
        """Fill the specialist's queue, and begin to work on it."""
        self._make_requests(accounts, self._make_topics())
        others = self._make_other_improvements(accounts)
        others[: story.WORKED_ON].action_make_task()
        self._make_ideas(accounts)[: story.SOLD].action_make_lead()
        self._queue_findings(accounts)

    def _make_topics(self):
        return {
            key: self.env["cs.improvement.topic"].create(
                {
                    "name": name,
                    "product_id": self._ref(product).id,
                    "description": f"<p>{text}</p>",
                }
            )
            for key, name, product, text in story.TOPICS
        }

    def _make_requests(self, accounts, topics):
        self.env["cs.improvement"].create(
            [
                {
                    "account_id": accounts[number].id,
                    "kind": "request",
                    "name": words,
                    "topic_id": topics[topic].id if topic else False,
                    "user_id": accounts[number].csm_id.id,
                }
                for number, topic, words in story.REQUESTS
            ]
        )

    def _make_other_improvements(self, accounts):
        return self.env["cs.improvement"].create(
            [
                {
                    "account_id": accounts[number].id,
                    "kind": kind,
                    "priority": impact,
                    "user_id": self._ref(f"user_{owner}").id,
                    "due_on": accounts[number]._today() + timedelta(days=days),
                    "name": name,
                    "description": f"<p>{text}</p>",
                }
                for number, kind, impact, owner, days, name, text in story.OTHERS
            ]
        )

    def _make_ideas(self, accounts):
        return self.env["cs.improvement"].create(
            [
                {
                    "account_id": accounts[number].id,
                    "kind": "cross_sell",
                    "product_id": self._ref(product).id,
                    "expected_mrr": amount,
                    "name": name,
                    "user_id": accounts[number].csm_id.id,
                }
                for number, product, amount, name in story.IDEAS
            ]
        )

    def _queue_findings(self, accounts):
        """Let the specialist have queued what the plan of a customer leaves out."""
        account = accounts[CUSTOMER]
        findings = account.last_diagnostic_id.answer_ids.filtered(
            lambda row: self._code_of(row.question_id) == "charging_rule"
        )
        findings = findings.with_user(self._ref("user_elisa"))
        findings.with_context(lang=self._language()).action_improve()
