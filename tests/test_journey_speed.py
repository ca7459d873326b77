from odoo.tests import tagged

from .journey_common import JourneyCase


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

    def queries(self, work, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def start(self, accounts):
        self.env["cs.journey"]._start_journeys(accounts, self.template)

    def test_starting_fifty_journeys_of_twenty_tasks(self):
        few, many = self.make_accounts(5), self.make_accounts(50)
        self.queries(self.start, self.make_accounts(1))
        self.assertLessEqual(self.queries(self.start, few), 60)
        self.assertLessEqual(self.queries(self.start, many), 60)
        self.assertEqual(len(many.task_ids), 50 * 20)

    def test_nightly_advance_of_fifty_journeys(self):
        accounts = self.make_accounts(50)
        journeys = self.env["cs.journey"]._start_journeys(accounts, self.template)
        visits = journeys.visit_id
        visits.task_ids.write({"state": "done"})
        count = self.queries(journeys._check_each)
        self.assertEqual(journeys.stage_id, self.template.stage_ids[1])
        self.assertLessEqual(count, 60)
