from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .journey_common import JourneyCase

CRON_LOGGER = "odoo.addons.customer_success.models.cs_journey_cron"


@tagged("post_install", "-at_install")
class TestJourneyNightly(JourneyCase):
    """What time alone changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.make_template(
            (
                {
                    "min_days": 10,
                    "expected_days": 20,
                    "stuck_days": 40,
                    "stuck_late_days": 15,
                },
                [cls.task("A", duration_days=10), cls.task("B", duration_days=10)],
            ),
            [cls.task("C")],
        )

    def start(self, count):
        with self.at("2026-01-01"):
            return self.env["cs.journey"]._start_journeys(
                self.make_accounts(count), self.template
            )

    def test_scheduled_action_advances_who_waited(self):
        journeys = self.start(3)
        with self.at("2026-01-02"):
            journeys[:2].task_ids.filtered(lambda t: t.state == "open").action_done()
        with self.at("2026-01-11"), self.enter_registry_test_mode():
            self.env.ref(
                "customer_success.ir_cron_advance_journeys"
            ).method_direct_trigger()
        journeys.invalidate_recordset()
        stages = self.template.stage_ids
        self.assertEqual(journeys.mapped("stage_id.name"), ["Stage 2", "Stage 1"])
        self.assertEqual(journeys[2].stage_id, stages[0])

    def test_one_that_fails_stops_no_other(self):
        journeys = self.start(4)
        with self.at("2026-01-02"):
            journeys.task_ids.filtered(lambda t: t.state == "open").action_done()
        poisoned = journeys[1]
        original = type(journeys)._take_turn

        def take_turn(journey, pending):
            if journey == poisoned:
                raise ZeroDivisionError
            return original(journey, pending)

        with (
            self.at("2026-01-11"),
            patch.object(type(journeys), "_take_turn", take_turn),
            mute_logger(CRON_LOGGER),
        ):
            self.assertEqual(journeys._check_each(), poisoned)
        self.assertEqual(poisoned.stage_id, self.template.stage_ids[0])
        self.assertEqual((journeys - poisoned).stage_id, self.template.stage_ids[1])

    def test_checked_journeys_are_not_checked_again_the_same_day(self):
        journeys = self.start(2)
        with self.at("2026-01-20"):
            domain = journeys._due_check_domain()
            self.assertEqual(journeys.search(domain), journeys)
            self.nightly()
            self.assertFalse(journeys.search(domain))

    def test_pace_follows_the_days(self):
        account = self.start(1).account_id
        for day, pace in (
            ("2026-01-21", "on_track"),
            ("2026-01-22", "behind"),
            ("2026-01-26", "behind"),
            ("2026-01-27", "stuck"),
        ):
            with self.at(day):
                self.nightly()
                self.assertEqual(account.pace, pace, day)
        with self.at("2026-01-27"):
            account.task_ids[0].date_deadline = "2026-01-30"
            account.task_ids[1].date_deadline = "2026-01-30"
            self.nightly()
            self.assertEqual(account.pace, "behind")
        with self.at("2026-02-11"):
            self.nightly()
            self.assertEqual(account.pace, "stuck", "41 days in the stage")

    def test_progress_is_the_share_of_settled_tasks(self):
        account = self.start(1).account_id
        self.assertEqual(account.stage_progress, 0)
        account.task_ids.filtered(lambda t: t.name == "A").action_done()
        self.assertEqual(account.stage_progress, 50)
        self.assertEqual(account.journey_ids.progress, 50)
