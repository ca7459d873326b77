"""The ERP of a customer: another Odoo, with accounting, on another server."""

import json
import os
import subprocess
import sys
from pathlib import Path

OWNER = "erp"


class CustomerErp:
    """A database of that Odoo; people work in it through Odoo itself, as `erp_*.py`.

    It begins as a copy of the database that ``python3 dev test`` prepared with
    accounting, and goes with its server.
    """

    def __init__(self, server, name):
        """
        :param server: an ``OtherPostgres``
        :param name: of the database
        """
        template = os.environ.get("CS_ERP_TEMPLATE")
        assert template, "the database with accounting is made by `python3 dev test`"
        self.server = server
        self.name = name
        self.server.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        self.server.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
        self._copy(template)

    def _copy(self, template):
        dump = ["pg_dump", "--format=custom", "--compress=0", "--no-owner", template]
        restore = ["pg_restore", "--no-owner", "--exit-on-error", "-d", self.name]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as given:  # noqa: S603
            subprocess.run(  # noqa: S603
                restore, stdin=given.stdout, env=self._environment(), check=True
            )
        assert not given.returncode, "the database with accounting can't be read"

    def _environment(self):
        names = {n: v for n, v in os.environ.items() if not n.startswith("PG")}
        place = {"PGHOST": self.server.folder, "PGPORT": self.server.port}
        place |= {"PGUSER": OWNER}
        return names | {name: str(value) for name, value in place.items()}

    def work(self, script, *arguments):
        """Run a script of this folder in that Odoo, and keep what it did.

        :return: what it printed in its last line, as JSON
        """
        command = [sys.executable, "-m", "odoo", "shell", "-d", self.name, "--no-http"]
        command += ["--log-level=warn", "-D", self.server.folder / "files"]
        path = Path(__file__).with_name(script)
        done = subprocess.run(  # noqa: S603
            command,
            input=path.read_bytes(),
            env=self._environment() | {"CS_ERP_WORK": json.dumps(arguments)},
            capture_output=True,
            check=False,
        )
        output = done.stdout.decode()
        assert not done.returncode, done.stderr.decode()[-4000:] + output[-4000:]
        said = [line for line in output.splitlines() if line.startswith("CS ")]
        assert said, done.stderr.decode()[-4000:]
        return json.loads(said[-1].removeprefix("CS "))

    def keep_copy(self, name):
        """Keep a copy as it is now, as a customer sends one."""
        self.server.execute(
            f"CREATE DATABASE {name} TEMPLATE {self.name} OWNER {OWNER}"
        )
