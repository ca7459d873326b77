"""Running Odoo: its configuration, its environment, its command line."""

import os
import re
import shlex
from pathlib import Path

from . import addon, children, console, odoo, postgres, state, system, venv
from .console import Failure, step

SCRIPTS = Path(__file__).with_name("scripts")
LANGUAGES = "en_US,pt_BR"
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""
_BROWSER = """#!/bin/sh
# Ends with the process that started it, however that one ends; leaves no traces.
export XDG_CACHE_HOME={home} XDG_CONFIG_HOME={home} XDG_DATA_HOME={home}
exec setpriv --pdeathsig KILL {browser} "$@"
"""


def prepare(with_browser=False):
    """Everything but databases; quick when it is all there."""
    _environment(with_browser)
    postgres.ensure()


def _environment(with_browser):
    with state.lock("setup"):
        system.ensure(with_browser)
        venv.ensure()
        odoo.ensure()
        _write_fonts()
        _write_configuration()
        if with_browser:
            _write_browser()


def python_only():
    """The Python packages alone: enough for lint."""
    with state.lock("setup"):
        system.ensure_python()
        venv.ensure()


def _write(path, text, mode=0o644):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
        path.chmod(mode)


def _write_fonts():
    fonts = state.folder() / "odoo/usr/share/fonts"
    text = _FONTS.format(fonts=fonts, cache=state.sub("fonts"))
    _write(state.folder() / "fonts.conf", text)


def _write_browser():
    home = shlex.quote(str(state.sub("browser")))
    script = _BROWSER.format(browser=shlex.quote(system.browser()), home=home)
    for name in system.BROWSERS:
        _write(state.sub("bin") / name, script, 0o755)


def configuration():
    return state.sub("configuration") / f"{state.CLONE}.conf"


def _write_configuration():
    data = state.sub("data")
    data.chmod(0o700)
    paths = [*odoo.addons_paths(), addon.folder()]
    lines = [
        "[options]",
        f"addons_path = {','.join(map(str, paths))}",
        f"data_dir = {data}",
        f"pg_path = {postgres.binaries()}",
        f"screenshots = {state.sub('screenshots')}",
        "http_interface = 127.0.0.1",
        "list_db = False",
        "limit_time_real = 1200",
        "limit_time_cpu = 1200",
    ]
    _write(configuration(), "\n".join(lines) + "\n", 0o600)


def environment():
    """What Odoo and its children see: our server, our Odoo, our tools."""
    env = venv.clean_environment()
    dropped = ("PG", "ODOO", "OPENERP")
    env = {name: value for name, value in env.items() if not name.startswith(dropped)}
    before = [state.sub("bin"), postgres.binaries(), venv.path() / "bin"]
    env["PATH"] = os.pathsep.join([*map(str, before), env.get("PATH", os.defpath)])
    env["PYTHONPATH"] = str(odoo.root())
    env["ODOO_RC"] = str(configuration())
    env["FONTCONFIG_FILE"] = str(state.folder() / "fonts.conf")
    return env | postgres.environment()


def command(*args):
    return [str(venv.python()), "-m", "odoo", *map(str, args)]


def script(name, *args):
    """One of the scripts that run inside the virtual environment."""
    return [str(venv.python()), str(SCRIPTS / name), *map(str, args)]


def call(cmd, **kwargs):
    """In the foreground, on the developer's own terminal."""
    kwargs.setdefault("env", environment())
    return children.call(cmd, **kwargs)


def quiet(cmd, what):
    """Without a word unless it fails; returns what it printed."""
    return console.run(cmd, what, env=environment())


_LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) \S+ (.*)")
_LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")


def logged(cmd, name, what):
    """Run with the log in a file, showing now and then how far it is.

    Returns the log; a failure names the first error in it.
    """
    path = state.sub("logs") / f"{name}.log"
    with open(path, "wb") as out:
        proc = children.start(cmd, env=environment(), stdout=out, stderr=out)
        try:
            _follow(proc, path)
        except BaseException:
            children.end(proc)
            raise
    text = path.read_text(errors="replace")
    if proc.returncode:
        raise Failure(f"{what}: {cause(text)} (log: {path})")
    return text


def _follow(proc, path):
    told = console.elapsed()
    while True:
        try:
            proc.wait(timeout=1)
            return
        except children.subprocess.TimeoutExpired:
            if console.elapsed() - told < 10:
                continue
        told = console.elapsed()
        found = _LOADING.findall(path.read_text(errors="replace"))
        if found:
            step("… {} ({}/{})".format(*found[-1]))


def complaints(log):
    """Warnings and errors in a log, as (level, rest of the line)."""
    found = (_LINE.match(line) for line in log.splitlines())
    return [(match[1], match[2]) for match in found if match]


def cause(log):
    """The one line that best explains why Odoo gave up."""
    lines = log.splitlines()
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exc\w*): ", line)]
    if errors:
        return errors[-1]
    severe = [rest for level, rest in complaints(log) if level != "WARNING"]
    return severe[-1] if severe else console.last_line(log)
