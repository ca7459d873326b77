from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .worker_common import WorkerCase

#: As many as a worker's source gives, see worker.py.
PAGES = 4


@tagged("post_install", "-at_install")
class TestFetchingWorkers(WorkerCase):
    """Several workers, killed workers: each source is fetched once and entirely."""

    def test_two_at_once_fetch_each_source_once(self):
        accounts = self.make_customers(PAGES)
        names = ("A", "B", "C")
        sources = [self.make_source(name) for name in names]
        for name in names:
            self.hold(f"page-{name}-0")
        for worker in ("one", "two"):
            self.start(worker, "_cron_fetch")
        self.wait_for(
            lambda: len([s for _w, s in self.steps() if s.startswith("page-")]) == 2,
            "both workers in the middle of a fetch",
        )
        begun = dict(step for step in self.steps() if step[1].startswith("page-"))
        self.assertEqual(set(begun), {"one", "two"})
        self.assertEqual(len(set(begun.values())), 2)
        with self.committed() as env:
            held = env["cs.metric.source"]._ids_being_fetched()
            self.assertEqual(held, set(sources[:2]))
        for name in names:
            self.release(f"page-{name}-0")
        self.finish("one", "two")
        fetched = sorted(s for _w, s in self.steps() if s.startswith("page-"))
        wanted = [f"page-{name}-{page}" for name in names for page in range(PAGES)]
        self.assertEqual(fetched, wanted)
        for source in sources:
            [runs, failures] = self.source(source, "run_ids", "failures")
            self.assertEqual((len(runs), failures), (1, 0))
        # The first source owns the facts: the others were refused, not doubled.
        self.assertEqual([len(one) for one in self.history(accounts).values()], [1] * 4)

    def check_killed_at(self, step, kept):
        """Kill a worker at a step; what it committed stays, the next does the rest."""
        accounts = self.make_customers(PAGES)
        source = self.make_source("K")
        self.hold(step)
        self.start("killed", "_cron_fetch")
        self.wait_for_step("killed", step)
        self.kill("killed")
        self.release(step)
        with self.committed() as env:
            self.wait_for(
                lambda: not env["cs.metric.source"]._ids_being_fetched(),
                "the lock of the killed worker to end",
            )
        values = [one for one in self.history(accounts).values() if one]
        self.assertEqual(values, [[n + 1.0] for n in range(kept)])
        self.assertEqual(self.source(source, "position", "failures"), (kept, 0))
        self.start("next", "_cron_fetch")
        self.finish("next")
        self.assertEqual(
            [step for step in self.steps("next") if step.startswith("page-")],
            [f"page-K-{number}" for number in range(kept, PAGES)],
        )
        self.assertEqual(
            list(self.history(accounts).values()), [[1.0], [2.0], [3.0], [4.0]]
        )
        position, failures, next_run = self.source(
            source, "position", "failures", "next_run"
        )
        self.assertEqual((position, failures), (False, 0))
        self.assertGreater(next_run, fields.Datetime.now())

    def test_killed_while_it_waits_for_a_page(self):
        self.check_killed_at("page-K-2", kept=2)

    def test_killed_with_a_page_written_but_not_committed(self):
        self.check_killed_at("commit-K-3", kept=2)

    def test_a_page_that_met_another_transaction_is_written_again(self):
        accounts = self.make_customers(PAGES)
        source = self.make_source("X")
        self.hold("page-X-2")
        self.start("worker", "_cron_fetch")
        self.wait_for_step("worker", "page-X-2")
        # Somebody else writes the same fact and commits while the worker waits for it.
        with self.committed() as env:
            before = {
                "account": accounts[2],
                "metric": "active_users",
                "value": 50,
                "at": fields.Datetime.now() - timedelta(hours=1),
            }
            env["cs.metric.value"].record(
                [before], env["cs.metric.source"].browse(source)
            )
            self.release("page-X-2")
            self.wait_for(lambda: self.is_waiting(env), "the worker to wait for it")
        self.finish("worker")
        self.assertEqual(self.source(source, "failures", "position"), (0, False))
        [run] = self.source(source, "run_ids")[0]
        with self.committed() as env:
            run = run.with_env(env)
            self.assertEqual((run.rows_read, run.rows_recorded), (PAGES, PAGES))
        history = list(self.history(accounts).values())
        self.assertEqual(history, [[1.0], [2.0], [50.0, 3.0], [4.0]])

    @staticmethod
    def is_waiting(env):
        """Whether another connection waits for what this transaction holds."""
        return env.execute_query(
            SQL(
                "SELECT 1 FROM pg_stat_activity"
                " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
        )


@tagged("post_install", "-at_install")
class TestNightlyWorkers(WorkerCase):
    """The nightly round of what we count ourselves."""

    def make_counted(self):
        accounts = self.make_customers(3)
        with self.committed() as env:
            for account in env["cs.account"].browse(accounts):
                contact = env["res.partner"].create(
                    {"name": "Worker proof", "parent_id": account.partner_id.id}
                )
                env["cs.contact"].create(
                    {"account_id": account.id, "partner_id": contact.id}
                )
            # What the actions above counted at once is what the night shall count.
            env.flush_all()
            for table in ("cs_metric_value", "cs_metric_reading"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE account_id = ANY(%s)",
                        SQL.identifier(table),
                        accounts,
                    )
                )
        return accounts

    def test_two_rounds_at_once_count_once(self):
        accounts = self.make_counted()
        self.hold("builtin-contact")
        self.start("one", "_cron_refresh_facts")
        self.wait_for_step("one", "builtin-contact")
        self.start("two", "_cron_refresh_facts")
        self.wait_for_step("two", "done")
        self.assertEqual(self.steps("two"), ["ready", "done"])
        self.release("builtin-contact")
        self.finish("one", "two")
        self.assertEqual(
            self.history(accounts, "contacts"),
            {account_id: [1.0] for account_id in accounts},
        )

    def test_a_count_that_met_another_transaction_is_done_again(self):
        accounts = self.make_counted()
        self.hold("builtin-contact")
        self.start("night", "_cron_refresh_facts")
        self.wait_for_step("night", "builtin-contact")
        with self.committed() as env:
            source = env.ref("customer_success.cs_metric_source_contact")
            env["cs.metric.value"].record(
                [{"account": accounts[1], "metric": "contacts", "value": 1}], source
            )
            self.release("builtin-contact")
            self.wait_for(
                lambda: TestFetchingWorkers.is_waiting(env), "the round to wait"
            )
        self.finish("night")
        self.assertEqual(
            self.history(accounts, "contacts"),
            {account_id: [1.0] for account_id in accounts},
        )
        self.assertEqual(self.source(source.id, "failures"), (0,))
