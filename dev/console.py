"""What the developer sees: progress with elapsed time, and errors in one line."""

import os
import subprocess
import sys
import time

_START = time.monotonic()


class Failure(Exception):
    """Something the developer can mend; shown as one line, without a traceback."""


def elapsed():
    return time.monotonic() - _START


def step(text):
    """Say what is being done. On stderr: a script's output stays clean in a pipe."""
    print(f"[{elapsed():6.1f} s] {text}", file=sys.stderr, flush=True)


def warn(text):
    step(f"note: {text}")


def error(text):
    line = " ".join(str(text).split())
    print(f"error: {line}", file=sys.stderr, flush=True)


def last_line(text):
    """The line of a tool's output that most likely says what went wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    marked = [
        line
        for line in lines
        if line.startswith(("E:", "ERROR", "error:", "psql: error"))
    ]
    return (marked or lines or ["no output"])[-1]


def run(cmd, what, **kwargs):
    """Run a tool quietly; a failure is one line that names the step and the cause."""
    from . import children

    cmd = [os.fspath(part) for part in cmd]
    kwargs.setdefault("stdin", subprocess.DEVNULL)
    try:
        proc = children.start(
            cmd,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **kwargs,
        )
    except FileNotFoundError as exc:
        raise Failure(f"{what}: {cmd[0]} is not installed") from exc
    with proc:
        try:
            output = proc.communicate()[0]
        except BaseException:
            children.end(proc)
            raise
    if proc.returncode:
        raise Failure(f"{what}: {last_line(output)}")
    return output
