import threading

from psycopg2.errors import SerializationFailure

from odoo.tests.common import tagged
from odoo.tools import SQL, mute_logger

from .at_once_common import AtOnceCase
from .facts_common import FactsCase

NOON = "2026-01-05 12:00:00"
NAME = "Concurrency proof"
PATIENCE = 60


@tagged("post_install", "-at_install")
class TestMeanwhile(FactsCase):
    """A reading that another call put into the history in the meantime."""

    def test_it_is_met_and_mended(self):
        metric = self.env.ref("customer_success.cs_metric_nps")
        for table in ("cs_metric_reading", "cs_metric_value"):
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (account_id, metric_id, at, value)"
                    " VALUES (%s, %s, '2026-01-01', 1)",
                    SQL.identifier(table),
                    self.account.id,
                    metric.id,
                )
            )
        self.env.cr.execute(
            SQL(
                "INSERT INTO cs_metric_reading (account_id, metric_id, at, value)"
                " VALUES (%s, %s, %s, 5)",
                self.account.id,
                metric.id,
                NOON,
            )
        )
        answer = self.record_all(self.reading(value=8, at=NOON))
        self.assertEqual(answer, {"recorded": 1, "unchanged": 0, "errors": []})
        self.assertEqual(self.history()[-1], (NOON, 8))
        self.assertEqual(self.present().value, 8)


@tagged("post_install", "-at_install")
class TestAtOnce(AtOnceCase):
    """Two transactions, each on a connection of its own, on the same facts."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            partner = env["res.partner"].create({"name": NAME, "is_company": True})
            self.account_id = env["cs.account"].create({"partner_id": partner.id}).id

    def clear(self):
        with self.transaction() as env:
            env["cs.account"].search([("partner_id.name", "=", NAME)]).unlink()
            env["res.partner"].search([("name", "=", NAME)]).unlink()

    def record(self, env, value, at=NOON):
        return env["cs.metric.value"].record(
            [
                {
                    "account": self.account_id,
                    "metric": "nps",
                    "value": value,
                    "at": at,
                }
            ]
        )

    def meanwhile(self, work):
        """Do work in a transaction of its own, beside this one.

        :return: function that waits for its end and gives what was raised, if at all
        """
        raised = []

        def run():
            try:
                with self.transaction() as env, mute_logger("odoo.sql_db"):
                    work(env)
            except Exception as error:
                raised.append(error)

        thread = threading.Thread(target=run)
        thread.start()

        def end():
            thread.join(PATIENCE)
            self.assertFalse(thread.is_alive())
            return raised[0] if raised else None

        return end

    def wait_for_lock(self, env):
        """Wait until the other transaction waits for this one."""
        for _try in range(PATIENCE * 100):
            with self.transaction() as other:
                [(waiting,)] = other.execute_query(
                    SQL(
                        "SELECT count(*) FROM pg_stat_activity"
                        " WHERE %s = ANY(pg_blocking_pids(pid))",
                        env.cr._cnx.info.backend_pid,
                    )
                )
            if waiting:
                return
            threading.Event().wait(0.01)
        self.fail("nobody waits")

    def facts(self):
        with self.transaction() as env:
            return [
                env.execute_query(
                    SQL(
                        "SELECT value FROM %s WHERE account_id = %s ORDER BY at",
                        SQL.identifier(table),
                        self.account_id,
                    )
                )
                for table in ("cs_metric_reading", "cs_metric_value")
            ]

    def test_the_same_reading_twice_at_once(self):
        with self.transaction() as env:
            self.record(env, 8)
            end = self.meanwhile(lambda other: self.record(other, 8))
            self.wait_for_lock(env)
        # Odoo tries again what failed so.
        self.assertIsInstance(end(), SerializationFailure)
        self.assertEqual(self.facts(), [[(8,)], [(8,)]])

    def test_the_next_reading_at_once(self):
        with self.transaction() as env:
            self.record(env, 8)
        with self.transaction() as env:
            self.record(env, 7, at="2026-01-06")
            end = self.meanwhile(lambda other: self.record(other, 6, at="2026-01-07"))
            self.wait_for_lock(env)
        self.assertIsInstance(end(), SerializationFailure)
        self.assertEqual(self.facts(), [[(8,), (7,)], [(7,)]])

    def test_a_customer_is_not_deleted_under_a_recording(self):
        with self.transaction() as env:
            env["cs.account"].browse(self.account_id).unlink()
            end = self.meanwhile(lambda other: self.record(other, 8))
            self.wait_for_lock(env)
        self.assertIsInstance(end(), SerializationFailure)
        self.assertEqual(self.facts(), [[], []])

    def test_a_deletion_during_a_recording_leaves_nothing(self):
        with self.transaction() as env:
            self.record(env, 8)
            end = self.meanwhile(
                lambda other: other["cs.account"].browse(self.account_id).unlink()
            )
            self.wait_for_lock(env)
        # Odoo tries again what failed so.
        self.assertIsInstance(end(), SerializationFailure)
        with self.transaction() as env:
            env["cs.account"].browse(self.account_id).unlink()
        self.assertEqual(self.facts(), [[], []])
