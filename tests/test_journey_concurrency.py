import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests.common import get_db_name, tagged
from odoo.tools import SQL, mute_logger

from .at_once_common import AtOnceCase

NAME = "Journey concurrency proof"
PATIENCE = 60


@tagged("post_install", "-at_install")
class TestJourneyAtOnce(AtOnceCase):
    """Two people, each on a connection of its own, and work that breaks off."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            partner = env["res.partner"].create({"name": NAME, "is_company": True})
            account = env["cs.account"].create({"partner_id": partner.id})
            template = env["cs.journey.template"].create(
                {
                    "name": NAME,
                    "kind": "other",
                    "stage_ids": [
                        self.stage(1, "First", "Second"),
                        self.stage(2, "Third"),
                    ],
                }
            )
            self.journey_id = account.start_journey(template).id

    @staticmethod
    def stage(sequence, *names):
        tasks = [Command.create({"name": name}) for name in names]
        return Command.create(
            {"name": f"Stage {sequence}", "sequence": sequence, "task_ids": tasks}
        )

    def clear(self):
        with self.transaction() as env:
            env["cs.account"].search([("partner_id.name", "=", NAME)]).unlink()
            env["cs.journey.template"].search([("name", "=", NAME)]).unlink()
            env["res.partner"].search([("name", "=", NAME)]).unlink()

    def task(self, env, name):
        return env["cs.task"].search(
            [("journey_id", "=", self.journey_id), ("name", "=", name)]
        )

    def shape(self):
        """Return all that tells whether the journey is whole."""
        with self.transaction() as env:
            journey = env["cs.journey"].browse(self.journey_id)
            return (
                [(v.stage_id.name, v.outcome) for v in journey.visit_ids],
                sorted((t.name, t.state) for t in journey.task_ids),
            )

    def wait_for_lock(self, env, thread, raised):
        """Wait until the other person's request waits for this transaction."""
        for _try in range(PATIENCE * 100):
            # Of one transaction the statistics stay as they were seen first.
            with self.transaction() as other:
                waiting = other.execute_query(
                    SQL(
                        "SELECT 1 FROM pg_stat_activity"
                        " WHERE %s = ANY(pg_blocking_pids(pid))",
                        env.cr._cnx.info.backend_pid,
                    )
                )
            if waiting:
                return
            self.assertTrue(thread.is_alive(), raised)
            threading.Event().wait(0.01)
        self.fail("nobody waits")

    def conclude_meanwhile(self, name):
        """Conclude a task as a request of somebody else does, with its retries.

        :return: the thread, and a list of what was raised
        """
        raised = []

        def request():
            try:
                with Registry(get_db_name()).cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
                    retrying(lambda: self.task(env, name).action_done(), env)
            except Exception as error:
                raised.append(error)

        thread = threading.Thread(target=request)
        thread.start()
        return thread, raised

    def test_two_people_conclude_the_last_two_tasks_at_once(self):
        with mute_logger("odoo.service.model", "odoo.sql_db"):
            with self.transaction() as env:
                self.task(env, "First").action_done()
                thread, raised = self.conclude_meanwhile("Second")
                # The other has begun, and meets what this one is about to commit.
                self.wait_for_lock(env, thread, raised)
            thread.join(PATIENCE)
        self.assertFalse(raised)
        self.assertEqual(
            self.shape(),
            (
                [("Stage 1", "advance"), ("Stage 2", False)],
                [("First", "done"), ("Second", "done"), ("Third", "open")],
            ),
        )

    def test_the_same_task_concluded_twice_at_once(self):
        with self.transaction() as env:
            self.task(env, "First").action_done()
        with mute_logger("odoo.service.model", "odoo.sql_db"):
            with self.transaction() as env:
                self.task(env, "Second").action_done()
                thread, raised = self.conclude_meanwhile("Second")
                self.wait_for_lock(env, thread, raised)
            thread.join(PATIENCE)
        self.assertFalse(raised)
        self.assertEqual(self.shape()[0], [("Stage 1", "advance"), ("Stage 2", False)])

    def test_a_crash_in_the_middle_leaves_no_half_opened_stage(self):
        with self.transaction() as env:
            self.task(env, "First").action_done()
        before = self.shape()
        with self.transaction() as env:
            visits, tasks = type(env["cs.journey.visit"]), type(env["cs.task"])
        steps = [
            (visits, "_take_tasks"),
            (visits, "_mirror_phase"),
            (tasks, "_open"),
            (tasks, "_after_settle"),
        ]
        for model, step in steps:
            with self.subTest(step=step):
                with (
                    patch.object(model, step, side_effect=MemoryError),
                    self.assertRaises(MemoryError),
                    self.transaction() as env,
                ):
                    self.task(env, "Second").action_done()
                self.assertEqual(self.shape(), before)
        with self.transaction() as env:
            self.task(env, "Second").action_done()
        self.assertEqual(self.shape()[0], [("Stage 1", "advance"), ("Stage 2", False)])

    def test_the_night_that_breaks_off_leaves_none_half_opened(self):
        with self.transaction() as env:
            journey = env["cs.journey"].browse(self.journey_id)
            journey.task_ids.filtered(lambda t: t.state == "open").write(
                {"state": "done"}
            )
        before = self.shape()
        with self.transaction() as env:
            journey = env["cs.journey"].browse(self.journey_id)
            with (
                patch.object(
                    type(env["cs.journey.visit"]), "_take_tasks", side_effect=OSError
                ),
                mute_logger("odoo.addons.customer_success.models.cs_journey_cron"),
            ):
                self.assertEqual(journey._check_each(), journey)
        self.assertEqual(self.shape(), before)
        with self.transaction() as env:
            self.assertFalse(env["cs.journey"].browse(self.journey_id)._check_each())
        self.assertEqual(len(self.shape()[0]), 2)
