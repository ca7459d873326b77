"""`python3 dev bench`: how fast it is, beside what the machine can do at best."""

from pathlib import Path

from . import database, runtime
from .console import Failure

SIZES = (1_000, 10_000, 100_000)


def bench(options):
    sizes = sorted(set(options.accounts or SIZES))
    if sizes[0] < 1:
        raise Failure("--accounts: at least 1")
    arguments = ["--accounts", *sizes]
    if options.json:
        path = Path(options.json).absolute()
        if not path.parent.is_dir():
            raise Failure(f"--json: no such folder: {path.parent}")
        arguments += ["--json", path]
    if options.only:
        arguments += ["--only", *options.only]
    runtime.prepare()
    with database.passing("bench") as name:
        # Journeys are measured beside copies of a project.
        database.add(name, "project")
        script = runtime.SCRIPTS / "bench.py"
        return runtime.call(runtime.script("runner.py", name, script, *arguments))
