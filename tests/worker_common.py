import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name, tagged

SCRIPT = Path(__file__).with_name("worker.py")
PATIENCE = 60
#: What the tests make is called so, and by that removed.
NAME = "Worker proof"


@tagged("post_install", "-at_install")
class WorkerCase(BaseCase):
    """Workers in processes of their own, on what is committed to the database.

    In one process, transactions prove little: here workers meet as on a server. All
    that a test makes is removed after it, and what a killed run left before it.
    """

    def setUp(self):
        super().setUp()
        self.db_name = get_db_name()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.workers = {}
        self.addCleanup(self.check_cleared)
        self.addCleanup(self.clear)
        self.clear()
        # The other way round: first no worker writes any more, then all is removed.
        self.addCleanup(self.end_workers)

    @contextmanager
    def committed(self):
        """Give an environment whose work is committed in the end."""
        with Registry(self.db_name).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    # Workers

    def start(self, name, method):
        """Start a worker that calls a method of the sources."""
        command = [sys.executable, "-m", "odoo", "shell", "-d", self.db_name]
        with open(SCRIPT) as script, open(self.folder / f"{name}.log", "w") as log:
            self.workers[name] = subprocess.Popen(  # noqa: S603
                [*command, "--no-http", "--log-level=warn"],
                stdin=script,
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "CS_WORKER_FOLDER": str(self.folder),
                    "CS_WORKER_NAME": name,
                    "CS_WORKER_METHOD": method,
                },
            )

    def end_workers(self):
        for worker in self.workers.values():
            worker.kill()
            worker.wait()

    def kill(self, name):
        """Kill a worker without a chance to tidy up."""
        worker = self.workers.pop(name)
        worker.kill()
        worker.wait()

    def finish(self, *names):
        """Wait until workers ended, each of them well."""
        for name in names:
            code = self.workers[name].wait(PATIENCE)
            self.assertEqual(code, 0, self.log(name))

    def log(self, name):
        return (self.folder / f"{name}.log").read_text()

    # Steps

    def hold(self, step):
        (self.folder / f"hold-{step}").touch()

    def release(self, step):
        (self.folder / f"hold-{step}").unlink()

    def steps(self, name=None):
        """Return the steps noted so far: of one worker, or ``(worker, step)``."""
        file = self.folder / "steps"
        lines = file.read_text().splitlines() if file.exists() else []
        steps = [tuple(line.split(" ")) for line in lines]
        return [step for who, step in steps if who == name] if name else steps

    def wait_for(self, is_so, what):
        """Wait until something is so; a worker that fails ends the wait."""
        end = time.monotonic() + PATIENCE
        while not is_so():
            for name, worker in self.workers.items():
                if worker.poll():
                    self.fail(f"{name} failed, waiting for {what}: {self.log(name)}")
            if time.monotonic() > end:
                self.fail(f"waited for {what}; steps: {self.steps()}")
            time.sleep(0.02)

    def wait_for_step(self, name, step):
        self.wait_for(lambda: step in self.steps(name), f"{name} at {step}")

    # Data

    def make_customers(self, count):
        """Make customers called W-0, W-1… and return their ids."""
        with self.committed() as env:
            partners = env["res.partner"].create(
                [
                    {"name": NAME, "ref": f"W-{number}", "is_company": True}
                    for number in range(count)
                ]
            )
            accounts = env["cs.account"].create(
                [{"partner_id": partner.id} for partner in partners]
            )
            return accounts.ids

    def make_source(self, name, key="active_users"):
        """Make a source that is due; workers know how to fetch it."""
        with self.committed() as env:
            source = env["cs.metric.source"].create(
                {
                    "name": name,
                    "kind": "sheet",
                    "sheet_mapping": NAME,
                    "customer_column": "who",
                    "user_id": env.ref("base.user_admin").id,
                    "is_automatic": True,
                    "line_ids": [
                        (
                            0,
                            0,
                            {
                                "column": "users",
                                "metric_id": self.metric(env, key).id,
                            },
                        )
                    ],
                }
            )
            return source.id

    @staticmethod
    def metric(env, key):
        return env.ref(f"customer_success.cs_metric_{key}")

    def history(self, account_ids, key="active_users"):
        """Return the values in the history of customers, in order: ``{id: [value]}``"""
        with self.committed() as env:
            readings = env["cs.metric.reading"].search(
                [
                    ("account_id", "in", account_ids),
                    ("metric_id", "=", self.metric(env, key).id),
                ],
                order="at",
            )
            return {
                account_id: [
                    one.value for one in readings if one.account_id.id == account_id
                ]
                for account_id in account_ids
            }

    def source(self, source_id, *names):
        """Return what a source says of itself now."""
        with self.committed() as env:
            source = env["cs.metric.source"].browse(source_id)
            return tuple(source[name] for name in names)

    def check_cleared(self):
        with self.committed() as env:
            self.assertFalse(env["res.partner"].search([("name", "=", NAME)]))

    def clear(self):
        with self.committed() as env:
            sources = env["cs.metric.source"].with_context(active_test=False)
            sources.search([("sheet_mapping", "!=", False)]).filtered(
                lambda source: source.sheet_mapping == NAME
            ).unlink()
            partners = env["res.partner"].search([("name", "=", NAME)])
            env["cs.account"].search([("partner_id", "in", partners.ids)]).unlink()
            partners.unlink()
            counted = sources.search([("kind", "=", "builtin")])
            counted.run_ids.unlink()
            counted.write({"last_run": False, "last_success": False, "failures": 0})
            env["ir.cron.trigger"].search(
                [("cron_id", "=", env.ref("customer_success.ir_cron_fetch_facts").id)]
            ).unlink()
