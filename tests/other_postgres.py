"""A second PostgreSQL server, as a customer or a product has one."""

import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "log_statement": "all",
    "log_line_prefix": "%u: ",
    "max_connections": "20",
    "shared_buffers": "16MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "stats_fetch_consistency": "none",
}


class OtherPostgres:
    """Started at once; its roles sign in with passwords over TCP.

    Its administrator is ``postgres``, by the socket in ``folder``.
    """

    host = "127.0.0.1"

    def __init__(self):
        # Short: the path of a socket has at most 107 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="cs-other-", dir="/tmp"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._run = self._as_server_user()
        binaries = shutil.which("postgres")
        assert binaries, "no PostgreSQL server on PATH"
        self._binaries = Path(binaries).parent
        self.port = _free_port()
        try:
            self._make()
            self._start()
        except BaseException:
            self.stop()
            raise

    def _as_server_user(self):
        """Return what runs a command as somebody whom PostgreSQL takes: never root."""
        if os.geteuid():
            return ["setpriv", "--pdeathsig", "INT"]
        user = pwd.getpwnam("nobody")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        # With the right to pass folders: the server's programs can lie in /root.
        return [
            *("setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"),
            *("--clear-groups", "--pdeathsig", "INT"),
            *("--securebits=+no_setuid_fixup", "--inh-caps=-all,+dac_override"),
            "--ambient-caps=-all,+dac_override",
        ]

    def _make(self):
        initdb = [self._binaries / "initdb", "-D", self.data, "-U", "postgres"]
        initdb += ["-E", "UTF8", "--no-sync", "--auth-local=trust"]
        initdb += ["--auth-host=scram-sha-256", "--no-instructions"]
        subprocess.run(  # noqa: S603
            [*self._run, *initdb],
            env=_environment(),
            cwd="/",
            check=True,
            capture_output=True,
        )

    def _start(self):
        server = [self._binaries / "postgres", "-D", self.data, "-p", str(self.port)]
        for name, value in _SETTINGS.items():
            server += ["-c", f"{name}={value}"]
        server += ["-c", f"unix_socket_directories={self.folder}"]
        with open(self.log, "wb") as out:
            self._process = subprocess.Popen(  # noqa: S603
                [*self._run, *server], env=_environment(), cwd="/", stderr=out
            )
        for _attempt in range(600):
            try:
                self._connect("postgres").close()
            except psycopg2.OperationalError:
                assert self._process.poll() is None, self.log.read_text()
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text())

    def stop(self):
        """End the server and remove all of it."""
        if process := getattr(self, "_process", None):
            process.send_signal(subprocess.signal.SIGQUIT)
            process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _connect(self, database):
        return psycopg2.connect(
            host=str(self.folder),
            hostaddr="",
            port=self.port,
            user="postgres",
            dbname=database,
            options="",
        )

    def session(self, database):
        """Return a connection as its administrator, which commits every statement."""
        connection = self._connect(database)
        connection.autocommit = True
        return connection

    def execute(self, statements, *parameters, database="postgres"):
        """Run statements as its administrator; return the rows of the last one."""
        connection = self.session(database)
        try:
            with connection.cursor() as cr:
                cr.execute(statements, parameters or None)
                return cr.fetchall() if cr.description else None
        finally:
            connection.close()

    def statements(self, role):
        """Return the statements of a role, in their order."""
        text = self.log.read_text(errors="replace")
        found = rf"^{role}: LOG:  statement: (.*?)(?=^\w*: |\Z)"
        return re.findall(found, text, re.DOTALL | re.MULTILINE)


def _environment():
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
