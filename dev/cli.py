"""What the commands are called and what they take; how any of them may end."""

import argparse
import importlib
import signal
import sys
import traceback

from . import console, state
from .console import Failure

#: Commands whose remaining words are passed on untouched.
PASSED_ON = {"odoo", "test"}
#: Where a command is that has no module of its own name.
MODULES = {"test": "testing", "odoo": "shell", "stop": "upkeep", "clean": "upkeep"}


def parser():
    top = argparse.ArgumentParser(
        prog="python3 dev", description="Develop and try customer_success."
    )
    subs = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name, text, **kwargs):
        return subs.add_parser(name, help=text, description=text, **kwargs)

    demo = add("demo", "run the demo company on http://127.0.0.1:8069")
    demo.add_argument("--port", type=int, default=8069)
    demo.add_argument("--fresh", action="store_true", help="make the database anew")
    add("test", "all tests, in a fresh database (pytest's arguments; --reuse[=NAME])")
    shell = add("shell", "Odoo shell; runs FILE or standard input if given")
    shell.add_argument("--db", metavar="NAME")
    shell.add_argument("file", nargs="?", metavar="FILE")
    shell.add_argument("arguments", nargs=argparse.REMAINDER)
    add("odoo", "Odoo's own command line with our configuration")
    load = add("load", "import accounts, subscriptions and measurements from CSV files")
    load.add_argument("folder")
    load.add_argument("--db", metavar="NAME", default="customer_success_load")
    load.add_argument("--today", metavar="YYYY-MM-DD")
    bench = add("bench", "how fast it is, beside what the machine can do at best")
    bench.add_argument("--accounts", type=int, nargs="+", metavar="N")
    bench.add_argument("--json", metavar="FILE")
    bench.add_argument("--only", nargs="+", metavar="NAME", help="rows, by name")
    shots = add("screenshots", "pictures of every screen of the demo company")
    shots.add_argument("folder", metavar="DIR")
    shots.add_argument("names", nargs="*", metavar="NAME")
    shots.add_argument("--lang", choices=["pt_BR", "en_US"], default="pt_BR")
    shots.add_argument("--user", metavar="LOGIN")
    shots.add_argument("--width", type=int, default=1440)
    i18n = add("i18n", "renew the translation files; say what is untranslated")
    i18n.add_argument("--check", action="store_true", help="change nothing")
    add("lint", "check the style of everything")
    add("stop", "end all that runs")
    add("clean", "end all that runs and remove the state folder")
    return top


def parse(argv):
    if argv[:1] and argv[0] in PASSED_ON:
        return argparse.Namespace(command=argv[0], arguments=argv[1:])
    options, rest = parser().parse_known_args(argv)
    if options.command == "screenshots" and not any(w.startswith("-") for w in rest):
        options.names += rest  # argparse does not take them after an option
    elif rest:
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def dispatch(options):
    # Imported when needed: lint must not load what starts servers.
    name = MODULES.get(options.command, options.command)
    module = importlib.import_module(f".{name}", __package__)
    return getattr(module, options.command)(options)


class Ended(BaseException):
    """Asked to end by a signal other than ^C."""


def _on_signal(number, _frame):
    raise Ended(number)


def main(argv):
    options = parse(argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _on_signal)
    try:
        return dispatch(options) or 0
    except Failure as exc:
        console.error(exc)
        return 1
    except KeyboardInterrupt:
        console.error("interrupted")
        return 130
    except Ended as exc:
        return 128 + exc.args[0]
    except OSError as exc:
        console.error(f"{exc.strerror or exc}: {exc.filename or state.folder()}")
        return 1
    except Exception as exc:
        path = state.sub("logs") / "crash.log"
        path.write_text(traceback.format_exc())
        console.error(f"unexpected: {exc!r} (traceback in {path})")
        return 1
    finally:
        sys.stdout.flush()
