"""Child processes that never outlive us, however we end.

The kernel sends each of them SIGKILL when this process dies (PR_SET_PDEATHSIG), so that
even `kill -9` of `python3 dev` leaves no Odoo, pytest or browser behind.
"""

import contextlib
import ctypes
import os
import signal
import subprocess

from .console import Failure

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def start(cmd, **kwargs):
    """A subprocess tied to the life of this one."""
    parent = os.getpid()

    def tie():
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # died between fork and prctl
            os._exit(1)

    return subprocess.Popen(cmd, preexec_fn=tie, **kwargs)


def end(proc, grace=8):
    """Ask a child to end, insist after `grace` seconds; ^C insists at once."""
    if proc.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        proc.terminate()
    try:
        proc.wait(grace)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        proc.kill()
        proc.wait()


def call(cmd, *, interactive=False, **kwargs):
    """Run in the foreground and return the exit status as a shell would.

    An interactive child handles ^C itself (it interrupts a statement, not the session).
    """
    try:
        proc = start([os.fspath(part) for part in cmd], **kwargs)
    except FileNotFoundError as exc:
        raise Failure(f"{cmd[0]} is not installed") from exc
    before = signal.getsignal(signal.SIGINT)
    if interactive:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        status = proc.wait()
    except BaseException:
        end(proc)
        raise
    finally:
        if interactive:
            signal.signal(signal.SIGINT, before)
    return status if status >= 0 else 128 - status
