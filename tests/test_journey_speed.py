import sys
from unittest.mock import patch

from odoo import fields
from odoo.models import BaseModel
from odoo.tests import tagged

from .journey_common import JourneyCase

orm_models = sys.modules[BaseModel.__module__]
orm_fields = sys.modules[fields.Field.__module__]
orm_relations = sys.modules[fields.Many2one.__module__]


@tagged("post_install", "-at_install")
class TestJourneySpeed(JourneyCase):
    """The number of queries does not grow with the number of customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            *(
                [
                    cls.task(f"Task {stage}.{n}", n // 2, duration_days=n)
                    for n in range(5)
                ]
                for stage in range(4)
            )
        )
        users = cls.env.ref("customer_success.cs_metric_weekly_active_users")
        indicator = {
            "kind": "indicator",
            "metric_id": users.id,
            "operator": ">=",
            "threshold": 20,
            "continuous": True,
        }
        cls.judged = cls.make_template(
            *(
                [
                    cls.task("A", 1, duration_days=stage),
                    cls.task("B", 2),
                    cls.task("Weekly", 2, recurrence_days=7),
                    cls.task("Users", **indicator),
                ]
                for stage in range(3)
            )
        )

    def queries(self, work, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def start(self, accounts):
        self.env["cs.journey"]._start_journeys(accounts, self.template)

    def test_starting_a_playbook_asks_no_more_for_50_than_for_5(self):
        self.template.kind = "other"
        few, many = self.make_accounts(5), self.make_accounts(50)
        self.queries(self.start, self.make_accounts(1))
        self.assertEqual(self.queries(self.start, few), self.queries(self.start, many))

    def test_starting_fifty_journeys_of_twenty_tasks(self):
        few, many = self.make_accounts(5), self.make_accounts(50)
        self.queries(self.start, self.make_accounts(1))
        self.assertLessEqual(self.queries(self.start, few), 60)
        self.assertLessEqual(self.queries(self.start, many), 60)
        self.assertEqual(len(many.task_ids), 50 * 20)

    def nightly_queries(self, count):
        """Let the night judge that many journeys; a third each moves on, repeats,
        returns, and another task of each is opened."""
        accounts = self.make_accounts(count, csm_id=self.csm.id)
        journeys = self.env["cs.journey"]._start_journeys(accounts, self.judged)
        self.env["cs.metric.value"].record(self.facts(accounts, holds=accounts))
        self.finish(journeys)
        journeys._check_each()
        self.assertEqual(journeys.stage_id, self.judged.stage_ids[1])
        self.finish(journeys)
        self.env["cs.metric.value"].record(self.facts(accounts, accounts[::3]))
        failed = []
        queries = self.queries(lambda: failed.append(journeys._check_each()))
        self.assertFalse(failed[0])
        by_outcome = journeys.visit_ids.grouped("outcome")
        outcomes = {name: len(visits) for name, visits in by_outcome.items()}
        third = len(accounts[::3])
        self.assertEqual(outcomes["advance"], count + third)
        self.assertEqual(outcomes["return"], count - third)
        return queries

    def finish(self, journeys):
        """Settle all that people do, as if they had done it."""
        tasks = journeys.visit_id.task_ids.filtered(lambda t: t.kind != "indicator")
        tasks.write({"state": "done", "done_by_id": self.env.uid})

    def facts(self, accounts, holds):
        return [
            {
                "account": account.id,
                "metric": "weekly_active_users",
                "value": 30 if account in holds else 1,
            }
            for account in accounts
        ]

    def test_the_night_asks_no_more_for_200_journeys_than_for_10(self):
        # Odoo writes by the hundred and reads by the thousand: not what counts here.
        for name in ("INSERT_BATCH_SIZE", "UPDATE_BATCH_SIZE", "PREFETCH_MAX"):
            for module in (orm_models, orm_fields, orm_relations):
                if hasattr(module, name):
                    self.enterContext(patch.object(module, name, 10_000))
        self.nightly_queries(3)
        few = self.nightly_queries(10)
        self.assertEqual(self.nightly_queries(200), few)
