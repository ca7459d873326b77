"""Run in the shell: imports a folder of CSV files, judges everything, says how long.

Argument: the folder with accounts.csv, subscriptions.csv and measurements.csv.
"""

import sys
import time
from pathlib import Path

env = globals()["env"]
FILES = {
    "customers": "accounts.csv",
    "subscriptions": "subscriptions.csv",
    "measurements": "measurements.csv",
}


def timed(text, function, *args):
    begun = time.monotonic()
    result = function(*args)
    env.cr.commit()
    print(f"{text}: {result} ({time.monotonic() - begun:.1f} s)", flush=True)
    return result


def import_file(folder, kind, name):
    path = Path(folder, name)
    result = env["cs.sheet.import"]._import_bytes(kind, path.read_bytes(), name)
    for row in [*result["unmatched"], *result["bad"]][:10]:
        print(f"  line {row['line']}: {row['reason']}")
    if result["unused"]:
        print(f"  not used: {', '.join(result['unused'])}")
    counts = {key: result[key] for key in ("kept", "created", "unchanged")}
    return counts | {key: len(result[key]) for key in ("unmatched", "bad")}


def by(model, field, domain=()):
    groups = env[model]._read_group(list(domain), [field], ["__count"])
    return {getattr(key, "name", key): count for key, count in groups}


def judge():
    accounts = env["cs.account"].search([("state", "=", "active")])
    env["cs.segment"]._assign(accounts)
    return f"{accounts._score()} of {len(accounts)} active customers changed"


def watch():
    results = env["cs.alert.rule"].search([])._run()
    return {rule.name: result["raised"] for rule, result in results.items()}


def leave():
    env["cs.account"]._update_churn()
    return by("cs.account", "state")


def main(folder):
    for kind, name in FILES.items():
        timed(f"{name}", import_file, folder, kind, name)
    timed("customers by state", leave)
    timed("segments and health", judge)
    timed("alerts raised", watch)
    timed("the same again", judge)
    active = [("state", "=", "active")]
    print("readings:", env["cs.metric.reading"].search_count([]))
    print("customers by band:", by("cs.account", "health_band", active))
    print("customers by segment:", by("cs.account", "segment_id", active))


main(sys.argv[1])
