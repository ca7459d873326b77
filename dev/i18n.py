"""`python3 dev i18n`: the translation files, from what the installed addon shows."""

from . import database, runtime, state


def i18n(options):
    runtime.prepare()
    script = runtime.SCRIPTS / "translations.py"
    arguments = ["--check"] if options.check else []
    with database.passing("i18n") as name:
        cmd = runtime.script("runner.py", name, script, state.REPO, *arguments)
        return runtime.call(cmd)
