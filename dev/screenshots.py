"""`python3 dev screenshots`: a picture of every screen and PDF page of the demo."""

import json
import os
from pathlib import Path

from . import children, database, runtime, screens, server, state
from .console import Failure, step


def screenshots(options):
    folder = Path(options.folder).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    runtime.prepare(with_browser=True)
    database.demo()
    # A copy: the language and the greetings can be set without touching the demo.
    prefix = f"customer_success_pictures_{state.CLONE}_"
    with database.held(prefix) as name:
        step(f"copying {database.DEMO} to {name}")
        database.duplicate(database.DEMO, name)
        return _take(options, name, folder)


def _take(options, name, folder):
    plan = state.sub("logs") / f"{name}.json"
    port = server.free_port()
    extra = json.dumps(screens.as_data())
    listing = runtime.script("runner.py", name, runtime.SCRIPTS / "screen_list.py")
    arguments = [str(plan), options.lang, options.user or "", extra]
    try:
        runtime.quiet([*listing, *arguments], "finding the screens")
        _choose(plan, options.names)
        with server.running(name, port) as (proc, log):
            server.wait(proc, port, log)
            url = f"http://{server.HOST}:{port}"
            cmd = runtime.script("shoot.py", plan, url, folder, options.width)
            env = runtime.environment() | {"TMPDIR": str(state.sub("tmp"))}
            return children.call(cmd, env=env)
    finally:
        plan.unlink(missing_ok=True)


def _choose(plan, names):
    """Only the pages whose name contains one of the words."""
    data = json.loads(plan.read_text())
    pages = data["pages"]
    if names:
        data["pages"] = [
            page for page in pages if any(name in page["name"] for name in names)
        ]
        if not data["pages"]:
            known = ", ".join(page["name"] for page in pages)
            raise Failure(
                f"no screen is called {' or '.join(names)}; there are: {known}"
            )
    plan.write_text(json.dumps(data))
    os.chmod(plan, 0o600)
