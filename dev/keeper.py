"""Parent of the embedded PostgreSQL: stops it when nobody uses it any more.

Started detached, as a script of its own, so that it survives the run that needed the
server first. If it is killed itself, the kernel stops the server (PDEATHSIG).
Arguments: lock folder, data folder, socket folder, command…
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

POLL = 0.3
STARTS = 6
SETTLED = 5


def open_lock(folder, name):
    return os.open(Path(folder, name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def is_our_server(pid, data):
    """Whether that process is a live postgres on this data folder."""
    program, *arguments = command_line(pid).split("\0")
    return Path(program).name == "postgres" and data in arguments


def clear_remains(data, sockets):
    """Stop a server whose keeper was killed, and remove what a killed one left.

    PostgreSQL itself recovers from stale files, but not where the process number they
    name belongs to some other program by now.
    """
    try:
        pid = int(Path(data, "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    for sent in (signal.SIGINT, signal.SIGKILL):
        limit = time.monotonic() + 10
        while is_our_server(pid, data) and time.monotonic() < limit:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sent)
            time.sleep(0.2)
    if command_line(pid):
        Path(data, "postmaster.pid").unlink(missing_ok=True)
        Path(sockets, ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def nobody_left(users):
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def stop(server):
    server.send_signal(signal.SIGINT)  # "fast": ends sessions, leaves clean data
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def watch(server, users):
    """Until the server ends, or until nobody needs it."""
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGINT))
    while server.poll() is None:
        if nobody_left(users):
            stop(server)
        else:
            time.sleep(POLL)


def main(locks, data, sockets, *command):
    alone = open_lock(locks, "postgres-keeper.lock")
    fcntl.flock(alone, fcntl.LOCK_EX)
    users = open_lock(locks, "postgres-users.lock")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    clear_remains(data, sockets)
    for _ in range(STARTS):
        begun = time.monotonic()
        server = subprocess.Popen(command, cwd="/")
        watch(server, users)
        # Sessions of a killed server may need a moment to notice: then it is retried.
        if server.returncode == 0 or time.monotonic() - begun > SETTLED:
            break
        time.sleep(POLL)


if __name__ == "__main__":
    main(*sys.argv[1:])
