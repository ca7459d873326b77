"""`python3 dev shell` and `python3 dev odoo`."""

import sys
from pathlib import Path

from . import database, runtime
from .console import Failure, step


def ensure(name):
    """The database of that name; made if it is missing."""
    if name == database.DEMO:
        database.demo()
        return
    database.check_name(name)
    if not database.exists(name):
        step(f"{name} does not exist: making it, without demo data")
        database.fresh(name)


def shell(options):
    name = options.db or database.DEMO
    file = None if options.file in (None, "-") else Path(options.file)
    if file and not file.is_file():
        raise Failure(f"no such file: {file}")
    runtime.prepare()
    ensure(name)
    args = [name, *([file, *options.arguments] if file else [])]
    interactive = not file and sys.stdin.isatty()
    return runtime.call(runtime.script("runner.py", *args), interactive=interactive)


def odoo(options):
    runtime.prepare()
    return runtime.call(runtime.command(*options.arguments))
