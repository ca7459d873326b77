"""`python3 dev load`: a folder of CSV files through the addon's own import."""

import datetime
from pathlib import Path

from . import database, runtime
from .console import Failure

FILES = ("accounts.csv", "subscriptions.csv", "measurements.csv")


def load(options):
    folder = Path(options.folder).absolute()
    for name in FILES:
        if not (folder / name).is_file():
            raise Failure(f"{folder} has no {name}")
    today = []
    if options.today:
        try:
            datetime.date.fromisoformat(options.today)
        except ValueError as exc:
            raise Failure(f"--today {options.today}: not a date (YYYY-MM-DD)") from exc
        today = ["--today", options.today]
    database.check_name(options.db)
    runtime.prepare()
    database.fresh(options.db)
    script = runtime.SCRIPTS / "load.py"
    return runtime.call(runtime.script("runner.py", *today, options.db, script, folder))
