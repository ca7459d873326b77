"""Where everything lies: one removable folder outside the repository."""

import contextlib
import fcntl
import hashlib
import os
from pathlib import Path

from .console import Failure, step

REPO = Path(__file__).resolve().parent.parent
ADDON = "customer_success"
#: Tells clones that share the state folder apart.
CLONE = hashlib.sha256(os.fsencode(REPO)).hexdigest()[:8]


def folder():
    """The state folder, made on first use."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    path = Path(base).absolute() / ADDON
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise Failure(
            f"cannot make the state folder {path}: {exc.strerror}; "
            "set XDG_CACHE_HOME to a folder you may write to"
        ) from exc
    if not os.access(path, os.W_OK | os.X_OK):
        raise Failure(f"the state folder {path} is not writable by you")
    return path


def sub(*parts):
    """A folder inside the state folder, made if missing."""
    path = folder().joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True)
    return path


def digest(*parts):
    """A short fingerprint of what a step depends on."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def done(path, fingerprint):
    """Whether the step that makes `path` was finished, for exactly these inputs."""
    try:
        return (path / ".complete").read_text() == fingerprint
    except OSError:
        return False


def finish(path, fingerprint):
    """Mark the step as done; written last, so a broken-off run never looks done."""
    marker = path / ".complete"
    marker.with_suffix(".new").write_text(fingerprint)
    os.replace(marker.with_suffix(".new"), marker)


def open_lock(name):
    path = sub("locks") / f"{name}.lock"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(fd, kind=fcntl.LOCK_EX):
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def lock(name):
    """Only one run at a time does this; the others wait and say so."""
    fd = open_lock(name)
    try:
        if not try_lock(fd):
            step(f"waiting for another run ({name})")
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
