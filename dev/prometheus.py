"""The Prometheus that a test asks: the machine's own, or Debian's, unpacked."""

import shutil
import subprocess

from . import debian, state
from .console import Failure, step

NAME = "prometheus"
OTHERWISE = "put a `prometheus` on PATH"


def ensure():
    """Have a `prometheus` where the tests' PATH finds it."""
    if shutil.which(NAME):
        return
    target, link = state.folder() / NAME, state.sub("bin") / NAME
    with state.lock("prometheus"):
        if (target / ".complete").exists() and link.exists():
            return
        [deb] = debian.fetch([NAME], "Prometheus", OTHERWISE, debian.own_suite())
        step("unpacking Prometheus")
        work = state.folder() / f"{NAME}.new"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            debian.unpack(deb, work)
            _check(work / "usr/bin" / NAME)
        except Failure:
            deb.unlink(missing_ok=True)  # damaged, or of another suite
            raise
        state.finish(work, deb.name)
        shutil.rmtree(target, ignore_errors=True)
        work.rename(target)
        link.unlink(missing_ok=True)
        link.symlink_to(target / "usr/bin" / NAME)


def _check(binary):
    try:
        subprocess.run([binary, "--version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        raise Failure(f"Debian's Prometheus does not run here; {OTHERWISE}") from exc
