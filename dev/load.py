"""`python3 dev load`: a folder of CSV files through the addon's own import."""

import csv
import datetime
from pathlib import Path

from . import database, runtime
from .console import Failure, step

FILES = ("accounts.csv", "subscriptions.csv", "measurements.csv")


def load(options):
    folder = Path(options.folder).absolute()
    for name in FILES:
        if not (folder / name).is_file():
            raise Failure(f"{folder} has no {name}")
    today = ["--today", options.today or day_after_newest(folder)]
    if options.today:
        try:
            datetime.date.fromisoformat(options.today)
        except ValueError as exc:
            raise Failure(f"--today {options.today}: not a date (YYYY-MM-DD)") from exc
    database.check_name(options.db)
    runtime.prepare()
    database.fresh(options.db)
    script = runtime.SCRIPTS / "load.py"
    return runtime.call(runtime.script("runner.py", *today, options.db, script, folder))


def day_after_newest(folder):
    """Return the day on which the newest measurement was news, at most today.

    Facts of last year are stale today: judged now, nothing would be known.
    """
    with open(folder / "measurements.csv", newline="", encoding="utf-8") as file:
        newest = max(
            (row.get("date") or "" for row in csv.DictReader(file)), default=""
        )
    today = datetime.date.today()
    try:
        day = datetime.date.fromisoformat(newest) + datetime.timedelta(days=1)
    except ValueError:
        day = today
    day = min(day, today)
    step(f"judging as of {day} (--today chooses another day)")
    return day.isoformat()
