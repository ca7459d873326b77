"""`python3 dev test`: every test, browser tours included, in a database of its own."""

import re

from . import addon, database, prometheus, runtime, state
from .console import Failure, step

#: pytest options whose value is a word of its own, never a path of ours.
_WITH_VALUE = {"-k", "-m", "-n", "-p", "-o", "-c", "-W", "-r", "--maxfail"}


def test(options):
    reuse, arguments = _split(options.arguments)
    runtime.prepare(with_browser=True)
    prometheus.ensure()
    if reuse is None:
        with database.passing("test", database.template_of_tests()) as name:
            return _pytest(name, arguments)
    name = f"customer_success_reuse_{state.CLONE}{reuse and '_'}{reuse}"
    database.check_name(name)
    with state.lock(f"{name}-run"):
        database.current(name)
        return _pytest(name, arguments)


def _split(arguments):
    """`--reuse[=NAME]` is ours, the rest is for pytest."""
    reuse, rest = None, []
    for word in arguments:
        if word == "--reuse" or word.startswith("--reuse="):
            reuse = word.partition("=")[2]
        else:
            rest.append(word)
    if reuse and not re.fullmatch(r"[a-z0-9_]+", reuse):
        raise Failure(f"--reuse={reuse}: a name of a-z, 0-9 and _")
    return reuse, rest


def translate(arguments):
    """Paths of the repository become paths below the link that Odoo knows.

    Odoo imports the tests as odoo.addons.customer_success.tests, so pytest must find
    them there; without any path, all tests are meant.
    """
    result, named, value_next = [], False, False
    for word in arguments:
        path, colons, rest = word.partition("::")
        target = state.REPO / path if path else None
        is_ours = not value_next and not word.startswith("-") and target
        if is_ours and target.exists() and target.is_relative_to(state.REPO):
            word = f"{addon.linked() / target.relative_to(state.REPO)}{colons}{rest}"
            named = True
        value_next = word in _WITH_VALUE
        result.append(word)
    return result if named else [*result, str(addon.linked() / "tests")]


def _pytest(name, arguments):
    step(f"testing in {name}")
    cmd = [
        str(runtime.venv.python()),
        "-m",
        "pytest",
        "-p",
        "strict_plugin",
        "--odoo-http",
        f"--odoo-database={name}",
        f"--odoo-config={runtime.configuration()}",
        f"--rootdir={addon.folder()}",
        *translate(arguments),
    ]
    env = runtime.environment()
    env["PYTHONPATH"] += f":{runtime.SCRIPTS}"
    env["CS_ERP_TEMPLATE"] = database.template_of_erp()
    env["HYPOTHESIS_STORAGE_DIRECTORY"] = str(state.sub("hypothesis"))
    return runtime.call(cmd, env=env)
