"""`python3 dev demo`: the demo company, ready to sign in."""

import json

from . import children, database, mailbox, runtime, server
from .console import Failure, step


def demo(options):
    server.check_port(options.port)
    runtime.prepare()
    database.demo(anew=options.fresh)
    step("starting the server")
    with (
        mailbox.serving() as (mail, mails),
        server.running(database.DEMO, options.port, 1, mail) as (proc, log),
    ):
        users = sign_ins()
        server.wait(proc, options.port, log)
        _announce(options.port, users, log, mails)
        status = proc.wait()
    raise Failure(f"the server ended by itself with status {status} (log: {log})")


def sign_ins(name=database.DEMO):
    """Who can sign in, as dictionaries: login, name, role, password, lang."""
    script = runtime.SCRIPTS / "sign_ins.py"
    cmd = runtime.script("runner.py", name, script)
    output = children.subprocess.PIPE
    proc = children.start(cmd, env=runtime.environment(), stdout=output, text=True)
    try:
        text = proc.communicate()[0]
    except BaseException:
        children.end(proc)
        raise
    if proc.returncode:
        raise Failure("the users of the demo database cannot be read")
    return json.loads(text.splitlines()[-1])


def _announce(port, users, log, mails):
    step(f"ready (log: {log})")
    rows = [("User", "Password", "Name", "Role")]
    rows += [(u["login"], u["password"], u["name"], u["role"]) for u in users]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\nOpen http://{server.HOST}:{port} and sign in as one of\n")
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  " + "  ".join(cells).rstrip())
    print(f"\nMails are sent to nobody: they are kept in {mails}")
    print("Ctrl-C ends it.", flush=True)
