"""What must come from the machine itself: a few Debian packages."""

import ctypes
import os
import shutil
import subprocess
import sys

from . import console
from .console import Failure, step, warn

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _has_venv():
    check = [sys.executable, "-c", "import venv, ensurepip"]
    return not subprocess.run(check, capture_output=True, check=False).returncode


def _has_magic():
    try:
        ctypes.CDLL("libmagic.so.1")
    except OSError:
        return False
    return True


def browser():
    """The Chromium of the machine, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _missing(with_browser):
    checks = {
        "python3-venv": _has_venv,
        "libmagic1": _has_magic,
        "wkhtmltopdf": lambda: shutil.which("wkhtmltopdf"),
        "fontconfig": lambda: os.path.exists("/etc/fonts/fonts.conf"),
    }
    if with_browser:
        checks["chromium"] = browser
        checks["poppler-utils"] = lambda: shutil.which("pdftotext")
    return [package for package, present in checks.items() if not present()]


def _install(packages):
    step(f"installing with apt-get: {' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-q", "-oDPkg::Lock::Timeout=300", "-oAcquire::Retries=3"]
    console.run([*apt, "update"], "updating the package lists", env=env)
    console.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages],
        f"installing {' '.join(packages)} (is the network reachable?)",
        env=env,
    )


def ensure_python():
    """Python itself, with what it takes to make a virtual environment."""
    _check_version()
    if not _has_venv():
        _supply(["python3-venv"], lambda: [] if _has_venv() else ["python3-venv"])


def _check_version():
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise Failure(
            f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}; "
            "run this command with one of them"
        )


def ensure(with_browser=False):
    """Install what is missing as root; otherwise name the command to run."""
    _check_version()
    missing = _missing(with_browser)
    if missing:
        _supply(missing, lambda: _missing(with_browser))


def _supply(missing, still_missing):
    command = f"apt-get install --no-install-recommends {' '.join(missing)}"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install(missing)
        missing = still_missing()
    optional = {"wkhtmltopdf", "fontconfig"}
    if needed := [package for package in missing if package not in optional]:
        raise Failure(f"missing: {' '.join(needed)}; run as root: {command}")
    if "wkhtmltopdf" in missing:
        warn(f"wkhtmltopdf is missing, PDF reports will not work; as root: {command}")
