"""Databases: made, copied, brought up to date, dropped.

A finished database carries a comment with the fingerprint of what it was made from. It
is written last, so a database whose making broke off is recognised, and copies (which
do not inherit comments) never look finished either.
"""

import contextlib
import os
import re
import shutil

from . import addon, odoo, postgres, runtime, state, venv
from .console import Failure, step

DEMO = "customer_success_demo"
#: Apps whose records the tests count. Where people look (demo, shell) they are not:
#: two of them are AGPL-3, and the addon must do without any.
NEIGHBOURS = ("contract", "event", "helpdesk_mgmt", "project", "sale")
#: What a customer's ERP has, of which the tests ask the questions of a diagnostic.
ERP = ("account",)
_MARK = "customer_success:"
#: Lines of an installation that say something about the machine, not about the addon.
_NOT_OURS = re.compile(r"wkhtmltopdf|odoo\.addons\.base\.models\.ir_actions_report")


def template_name():
    return f"customer_success_template_{state.CLONE}"


def exists(name):
    return bool(postgres.query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def check_name(name):
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", name):
        raise Failure(f"{name!r} is no name for a database: a-z, 0-9, _ and -")


def mark(name):
    """The fingerprint of a finished database, or None."""
    found = postgres.query(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = '{name}'"
    )
    text = found[0] if found else ""
    return text.removeprefix(_MARK) if text.startswith(_MARK) else None


def set_mark(name, fingerprint):
    postgres.query(f"COMMENT ON DATABASE \"{name}\" IS '{_MARK}{fingerprint}'")


def drop(name):
    """With its filestore; sessions of killed runs must not keep it alive."""
    if exists(name):
        postgres.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
        runtime.quiet(runtime.command("db", "drop", name), f"dropping {name}")
    # A run killed between dropping the two leaves files without a database.
    shutil.rmtree(_filestores() / name, ignore_errors=True)


def _filestores():
    return state.folder() / "data" / "filestore"


def duplicate(source, target):
    cmd = runtime.command("db", "duplicate", source, target)
    runtime.quiet(cmd, f"copying {source}")


def _server(name, *args):
    once = ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
    return runtime.command("server", "-d", name, *once, *args)


def _stay_home(name):
    """No calls to paid services from a developer's machine."""
    script = runtime.SCRIPTS / "stay_home.py"
    runtime.quiet(runtime.script("runner.py", name, script), f"preparing {name}")


def template():
    """A database with the addon's dependencies only; kept until they change."""
    name = template_name()
    depends = sorted(addon.manifest()["depends"])
    wanted = state.digest(depends, odoo.version(), runtime.LANGUAGES, "2")
    with state.lock(name):
        if mark(name) != wanted:
            drop(name)
            step(f"making the database {name} with {', '.join(depends)} (a minute)")
            _install(name, ",".join(depends))
            _stay_home(name)
            set_mark(name, wanted)
    return name


def template_of_tests():
    """The template with the neighbours too; kept until either changes."""
    return _extended("of_tests", NEIGHBOURS, venv.NEIGHBOURS.read_text())


def template_of_erp():
    """The ERP of a customer before its first day: other Odoo, with accounting."""
    return _extended("of_erp", ERP)


def _extended(purpose, modules, *versions):
    """The template with some modules more; kept until it, they or versions change."""
    source = template()
    name = f"{source}_{purpose}"
    wanted = state.digest(mark(source), modules, *versions)
    with state.lock(name):
        if mark(name) != wanted:
            drop(name)
            step(f"making the database {name} with {', '.join(modules)} (a minute)")
            duplicate(source, name)
            _install(name, ",".join(modules))
            set_mark(name, wanted)
    return name


def add(name, module):
    """Install one more module into a database."""
    step(f"installing {module} in {name}")
    _install(name, module)


def _install(name, modules, *args):
    load = f"--load-language={runtime.LANGUAGES}"
    cmd = _server(name, "-i", modules, load, *args)
    return runtime.logged(cmd, name, f"installing {modules} in {name}")


def install_addon(name):
    """Install into a copy of the template; any complaint is a failure."""
    step(f"installing {state.ADDON} in {name}")
    cmd = _server(name, "-i", state.ADDON)
    log = runtime.logged(cmd, name, f"installing {state.ADDON}")
    _refuse_complaints(log)


def update_addon(name):
    step(f"updating {state.ADDON} in {name}")
    cmd = _server(name, "-u", state.ADDON, "--i18n-overwrite")
    log = runtime.logged(cmd, name, f"updating {state.ADDON} in {name}")
    _refuse_complaints(log)


def _refuse_complaints(log):
    found = [
        f"{level} {line}"
        for level, line in runtime.complaints(log)
        if not _NOT_OURS.search(line)
    ]
    if found:
        for line in found:
            step(line)
        raise Failure(f"{len(found)} warnings or errors while the addon was loaded")


def fresh(name):
    """A new database with the addon and without demo data."""
    source = template()
    with state.lock(name):
        drop(name)
        step(f"copying {source} to {name}")
        duplicate(source, name)
        wanted = addon.fingerprint()
        install_addon(name)
        set_mark(name, wanted)


def current(name):
    """That database of tests with the addon as it is now: made or brought up to it."""
    source = template_of_tests()
    with state.lock(name):
        wanted = addon.fingerprint()
        found = mark(name)
        if found is None:
            drop(name)
            step(f"copying {source} to {name}")
            duplicate(source, name)
            install_addon(name)
        elif found != wanted:
            update_addon(name)
        set_mark(name, wanted)


def demo(anew=False):
    """The demo database: made, updated after a change of the sources, or just there."""
    with state.lock(DEMO):
        wanted = addon.fingerprint()
        found = None if anew else mark(DEMO)
        if found == wanted:
            return
        if found:
            _update_demo()
        else:
            _make_demo()
        set_mark(DEMO, wanted)


def _update_demo():
    try:
        update_addon(DEMO)
    except Failure as exc:
        raise Failure(f"{exc}; `python3 dev demo --fresh` makes it anew") from exc


def _make_demo():
    if exists(DEMO):
        step(f"dropping {DEMO}")
        drop(DEMO)
    step(f"making the database {DEMO} with demo data (about two minutes)")
    _install(DEMO, state.ADDON, "--with-demo")
    _stay_home(DEMO)
    failures = "SELECT module_id, error FROM ir_demo_failure"
    if lost := postgres.query(failures, DEMO):
        raise Failure(f"the demo data could not be loaded: {lost[-1]}")


@contextlib.contextmanager
def held(prefix):
    """The name of a database that is dropped at the end, also of a failed run.

    The run holds a lock of that name. Databases whose lock is free belong to runs that
    were killed: they are dropped first.
    """
    name = f"{prefix}{os.getpid()}"
    lock = state.open_lock(name)
    state.try_lock(lock)
    try:
        _drop_orphans(prefix)
        yield name
    finally:
        with contextlib.suppress(Failure):
            drop(name)
        os.close(lock)
        (state.sub("locks") / f"{name}.lock").unlink(missing_ok=True)


@contextlib.contextmanager
def passing(purpose, source=None):
    """A fresh copy of a template with the addon, for as long as this run."""
    source = source or template()
    with held(f"customer_success_{purpose}_{state.CLONE}_") as name:
        step(f"copying {source} to {name}")
        duplicate(source, name)
        install_addon(name)
        yield name


def _drop_orphans(prefix):
    known = f"SELECT datname FROM pg_database WHERE datname LIKE '{prefix}%'"
    names = {path.name for path in _filestores().glob(f"{prefix}*")}
    for name in names.union(postgres.query(known)):
        fd = state.open_lock(name)
        try:
            if state.try_lock(fd):
                step(f"dropping {name}, left by a run that was killed")
                drop(name)
                (state.sub("locks") / f"{name}.lock").unlink(missing_ok=True)
        finally:
            os.close(fd)
