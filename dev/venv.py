"""The virtual environment with the locked Python packages."""

import os
import shutil
import sys
from pathlib import Path

from . import console, state
from .console import Failure, step

TRIES = 2
LOCK_FILE = Path(__file__).with_name("requirements.lock")
#: What pip may not resolve: it would move what Odoo pins.
NEIGHBOURS = Path(__file__).with_name("neighbours.lock")


def _fingerprint():
    locks = LOCK_FILE.read_text(), NEIGHBOURS.read_text()
    return state.digest(*locks, sys.version_info[:2])


def path():
    """A folder named after its contents: a running server keeps the one it has."""
    return state.folder() / "venv" / _fingerprint()


def python():
    return path() / "bin" / "python"


def site_packages():
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return path() / "lib" / version / "site-packages"


def clean_environment():
    """Our environment without what would make Python or pip look elsewhere."""
    keep = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") or name == "PYTHONUNBUFFERED"
    }
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV"):
        keep.pop(name, None)
    keep["PIP_CACHE_DIR"] = str(state.folder() / "pip")
    return keep


def ensure():
    """Make the environment unless it is there, complete and for this lock file."""
    target = path()
    if state.done(target, _fingerprint()) and python().exists():
        return
    step("installing the Python packages (about half a minute)")
    shutil.rmtree(target, ignore_errors=True)
    env = clean_environment()
    make = [sys.executable, "-m", "venv", target]
    console.run(make, "making the virtual environment", env=env)
    _pip(env, "-r", LOCK_FILE)
    _pip(env, "--no-deps", "-r", NEIGHBOURS)
    state.finish(target, _fingerprint())


def _pip(env, *args):
    pip = [python(), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    what = "installing the Python packages (is the network reachable?)"
    for attempt in range(TRIES):  # what was fetched before stays in pip's own cache
        try:
            console.run([*pip, *args], what, env=env)
            return
        except Failure:
            if attempt == TRIES - 1:
                raise
            step("once more")
