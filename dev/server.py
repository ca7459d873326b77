"""A running Odoo server: free port, start, readiness."""

import contextlib
import http.client
import socket
import time

from . import children, postgres, runtime, state
from .console import Failure

HOST = "127.0.0.1"


def check_port(port):
    """Whether we could listen there, before minutes are spent on getting ready."""
    if not 0 < port < 65536:
        raise Failure(f"{port} is no port; choose one with --port N")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as exc:
            raise Failure(
                f"you may not use port {port}; choose another with --port N"
            ) from exc
        except OSError as exc:
            raise Failure(
                f"port {port} is in use; choose another with --port N, "
                "or end what runs with `python3 dev stop`"
            ) from exc


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(database, port, crons=0, options=()):
    """The server process while the block runs; its log goes to a file."""
    log = state.sub("logs") / f"server-{port}.log"
    # Printing fetches the styles of a PDF from the server, wherever it listens.
    postgres.query(
        "INSERT INTO ir_config_parameter (key, value)"
        f" VALUES ('report.url', 'http://{HOST}:{port}')"
        " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
        database,
    )
    cmd = runtime.command(
        "server",
        "-d",
        database,
        f"--http-port={port}",
        f"--max-cron-threads={crons}",
        *options,
    )
    with open(log, "wb") as out:
        proc = children.start(cmd, env=runtime.environment(), stdout=out, stderr=out)
    try:
        yield proc, log
    finally:
        children.end(proc)


def wait(proc, port, log, seconds=120):
    """Until it answers with a page, not merely with a status."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if proc.poll() is not None:
            text = log.read_text(errors="replace")
            raise Failure(f"the server ended: {runtime.cause(text)} (log: {log})")
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=60)
            connection.request("GET", "/web/login")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise Failure(f"the server does not answer within {seconds} s (log: {log})")
