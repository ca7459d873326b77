"""`python3 dev lint`: style and mistakes that can be found without running anything."""

import os
import subprocess
import xml.etree.ElementTree as ElementTree

from . import addon, children, runtime, state, venv
from .console import step

TEXT = {".py", ".xml", ".csv", ".js", ".scss", ".css", ".md", ".toml", ".po", ".pot"}
TEXT |= {".txt", ".svg", ".lock", ""}
#: Only what knows Odoo (ruff does the rest, faster), less what asks for README.rst, as
#: projects of the Odoo Community Association have it, or is a matter of taste. This
#: order can only be given on the command line.
PYLINT = (
    "--disable=all",
    "--enable=odoolint",
    "--disable=missing-readme,no-wizard-in-models,no-search-all",
)
MANIFEST = {
    "name",
    "version",
    "author",
    "license",
    "category",
    "summary",
    "description",
    "website",
    "depends",
    "data",
    "demo",
    "assets",
    "application",
    "auto_install",
    "installable",
    "sequence",
    "external_dependencies",
    "pre_init_hook",
    "post_init_hook",
    "uninstall_hook",
    "post_load",
    "countries",
    "images",
    "cloc_exclude",
    "live_test_url",
}
#: Folders whose Python is part of the addon; `dev` is no part of it.
NO_ADDON = {"dev"}


def lint(_options):
    runtime.python_only()
    files = tracked()
    failed = [
        name
        for name, check in (
            ("ruff", _ruff),
            ("ruff format", _format),
            ("manifest", _manifest),
            ("XML", _xml),
            ("white space", _blanks),
            ("length of files", _length),
            ("pylint-odoo", _pylint),
        )
        if not _told(name, check, files)
    ]
    if failed:
        step(f"lint: {', '.join(failed)}: see above")
        return 1
    step("lint: nothing to complain about")
    return 0


def _told(name, check, files):
    clean = check(files)
    if not clean:
        step(f"lint: {name} complains")
    return clean


def tracked():
    """Files of the repository: what git knows or would add."""
    cmd = ["git", "-C", str(state.REPO), "ls-files", "-z"]
    cmd += ["--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(cmd, capture_output=True, check=True)
        names = os.fsdecode(done.stdout).split("\0")
    except (OSError, subprocess.CalledProcessError):
        names = [
            os.path.relpath(os.path.join(here, name), state.REPO)
            for here, folders, found in os.walk(state.REPO)
            if not any(part.startswith(".") for part in here.split(os.sep))
            for name in found
        ]
    return sorted(name for name in names if name and (state.REPO / name).is_file())


def _tool(*args):
    env = venv.clean_environment() | {"PYTHONDONTWRITEBYTECODE": "1"}
    cmd = [str(venv.python()), "-m", *args]
    return not children.call(cmd, cwd=state.REPO, env=env)


def _ruff(_files):
    return _tool("ruff", "check", "--no-cache", "-q", ".")


def _format(_files):
    return _tool("ruff", "format", "--no-cache", "--check", "-q", ".")


def _pylint(_files):
    """Given the link: pylint-odoo takes the folder's name for the module's."""
    link = addon.linked()
    parts = sorted(
        str(link / path.name)
        for path in state.REPO.iterdir()
        if path.name not in NO_ADDON
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    )
    rc = f"--rcfile={state.REPO / 'pyproject.toml'}"
    return _tool("pylint", rc, *PYLINT, "-j2", *parts)


def _report(problems):
    for problem in problems:
        print(problem)
    return not problems


def _manifest(_files):
    """Odoo ignores keys that it doesn't know, and misses files only at install."""
    manifest = addon.manifest()
    problems = [
        f"__manifest__.py: unknown key {key}" for key in manifest if key not in MANIFEST
    ]
    for kind in ("data", "demo"):
        problems += [
            f"__manifest__.py: no such file: {name}"
            for name in manifest.get(kind, [])
            if not (state.REPO / name).is_file()
        ]
    return _report(problems)


def _xml(files):
    problems = []
    for name in files:
        if name.endswith((".xml", ".svg")):
            try:
                ElementTree.parse(state.REPO / name)
            except ElementTree.ParseError as exc:
                problems.append(f"{name}: {exc}")
    return _report(problems)


def _blanks(files):
    """No trailing blanks, no tabs in Python, a line feed at the end, no merge marks."""
    problems = []
    for name in files:
        if os.path.splitext(name)[1] not in TEXT:
            continue
        try:
            text = (state.REPO / name).read_bytes().decode()
        except UnicodeDecodeError:
            problems.append(f"{name}: not UTF-8")
            continue
        if text and not text.endswith("\n"):
            problems.append(f"{name}: no line feed at the end")
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip(" \t\r"):
                problems.append(f"{name}:{number}: blanks at the end")
            if line.startswith(("<<<<<<< ", ">>>>>>> ")):
                problems.append(f"{name}:{number}: merge mark")
    return _report(problems)


def _length(files):
    """A Python file that outgrows this has more than one duty."""
    problems = []
    for name in files:
        if name.endswith(".py") and not name.startswith("tests/"):
            count = (state.REPO / name).read_bytes().count(b"\n")
            if count > 300:
                problems.append(f"{name}: {count} lines, 300 at most")
    return _report(problems)
