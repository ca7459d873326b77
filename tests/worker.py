"""One worker in a process of its own, given to ``odoo shell`` by ``WorkerCase``.

It notes what it does in a file, a line each, and stops where the test wants it to:
at a step of which there is a file ``hold-STEP``, until that is gone.
"""

import os
import time
from pathlib import Path
from unittest.mock import patch

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.customer_success.sources import builtin, registry
from odoo.addons.customer_success.sources.fetched import FetchedSource, Page

PAGES = 4
FOLDER = Path(os.environ["CS_WORKER_FOLDER"])
NAME = os.environ["CS_WORKER_NAME"]
sources = env["cs.metric.source"]  # noqa: F821
commit_progress = IrCron._commit_progress
run_builtin = builtin.BuiltinSource.run


def reach(step):
    """Note a step; stay there as long as the test holds it."""
    with open(FOLDER / "steps", "a") as steps:
        steps.write(f"{NAME} {step}\n")
    while (FOLDER / f"hold-{step}").exists():
        time.sleep(0.01)


class Steered(FetchedSource):
    """Gives pages of one row, of the customers W-0, W-1…"""

    def pages(self, position=None):
        for number in range(position or 0, PAGES):
            reach(f"page-{self.source.name}-{number}")
            is_last = number == PAGES - 1
            rows = [{"who": f"W-{number}", "users": number + 1}]
            yield Page(rows, None if is_last else number + 1)

    def _keep(self, owned, page):
        def commit(cron, *args, **kwargs):
            reach(f"commit-{self.source.name}-{page.position}")
            return commit_progress(cron, *args, **kwargs)

        with patch.object(IrCron, "_commit_progress", commit):
            return super()._keep(owned, page)


def run_steered_builtin(self, accounts=None):
    reach(f"builtin-{self.source.builtin}")
    return run_builtin(self, accounts)


builtin.BuiltinSource.run = run_steered_builtin
registry.KINDS["sheet"] = Steered
reach("ready")
getattr(sources, os.environ["CS_WORKER_METHOD"])()
reach("done")
