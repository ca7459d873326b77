"""`python3 dev stop` and `python3 dev clean`."""

import fcntl
import os
import shutil
import signal
import time
from pathlib import Path

from . import postgres, state
from .console import Failure, step


def _users_of(path):
    """Processes that have this file open: the runs that hold the lock."""
    target = os.stat(path)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            for fd in (entry / "fd").iterdir():
                found = fd.stat()
                if (found.st_dev, found.st_ino) == (target.st_dev, target.st_ino):
                    yield int(entry.name)
                    break
        except OSError:
            continue


def stop(_options):
    """Ask every run to end, and wait until the shared server has gone too."""
    fd = state.open_lock("postgres-users")
    path = state.sub("locks") / "postgres-users.lock"
    keeper = state.sub("locks") / "postgres-keeper.lock"
    keepers = set(_users_of(keeper)) if keeper.exists() else set()
    runs = [pid for pid in _users_of(path) if pid not in keepers]
    for pid in runs:
        os.kill(pid, signal.SIGTERM)
    limit = time.monotonic() + 30
    while not state.try_lock(fd, fcntl.LOCK_EX):
        if time.monotonic() > limit:
            raise Failure("some runs do not end; their numbers: " + str(runs))
        time.sleep(0.2)
    os.close(fd)
    step(f"stopped ({len(runs)} runs)" if runs else "nothing was running")


def clean(options):
    stop(options)
    folder = state.folder()
    postgres.forget_socket_folder()
    shutil.rmtree(folder)
    step(f"removed {folder}")
