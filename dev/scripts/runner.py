"""Runs a script, standard input or a prompt with `env` of a database.

Arguments: [--today YYYY-MM-DD] DATABASE [FILE [ARGUMENT…]]. Odoo's own shell ends with
status 0 whatever the script did; here an uncaught error is 1 and SystemExit is passed
on.
Nothing is committed unless the script does it.
"""

import argparse
import contextlib
import logging
import sys
import traceback

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--today")
    parser.add_argument("database")
    parser.add_argument("file", nargs="?")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser.parse_args()


def execute(source, filename, scope):
    """Run the code; its traceback shows its own lines only."""
    try:
        exec(compile(source, filename, "exec"), scope)  # noqa: S102
    except SystemExit:
        raise
    except BaseException:
        kind, error, trace = sys.exc_info()
        sys.stdout.flush()
        traceback.print_exception(kind, error, trace.tb_next)
        sys.exit(130 if kind is KeyboardInterrupt else 1)


def converse(scope):
    import code
    import readline
    import rlcompleter

    readline.set_completer(rlcompleter.Completer(scope).complete)
    readline.parse_and_bind("tab: complete")
    banner = f"Odoo on {scope['env'].cr.dbname}: env; env.cr.commit() keeps changes"
    code.interact(banner, local=scope, exitmsg="")


def run(options):
    # A registry that an update has just left may still have to be loaded: with --today
    # the clock is stopped only after that, certificates and caches want the real one.
    registry = Registry(options.database)
    cr = registry.cursor()
    try:
        context = api.Environment(cr, SUPERUSER_ID, {})["res.users"].context_get()
        env = api.Environment(cr, SUPERUSER_ID, context)
        scope = {"__name__": "__main__", "env": env, "self": env.user}
        with clock(options.today):
            if options.file:
                scope["__file__"] = options.file
                sys.argv = [options.file, *options.arguments]
                with open(options.file, "rb") as file:
                    execute(file.read(), options.file, scope)
            elif sys.stdin.isatty():
                converse(scope)
            else:
                execute(sys.stdin.buffer.read(), "<stdin>", scope)
    finally:
        cr.rollback()
        cr.close()


def clock(today):
    if not today:
        return contextlib.nullcontext()
    from freezegun import freeze_time

    return freeze_time(today, tick=True)


def main():
    options = parse()
    config.parse_config(
        ["-d", options.database, "--no-http", "--max-cron-threads=0"],
        setup_logging=True,
    )
    logging.getLogger("odoo").setLevel(logging.WARNING)
    run(options)


if __name__ == "__main__":
    main()
