"""Connects to another PostgreSQL server, taking nothing from what lies around."""

import contextlib
import re
import ssl
import tempfile
from dataclasses import dataclass
from functools import partial

import psycopg2
import requests
from psycopg2.extensions import libpq_version

from odoo.exceptions import UserError, ValidationError

from .addresses import AddressBook
from .postgres_entry import ENCRYPTION
from .postgres_words import advice_on_opening

SSL_MODES = tuple(mode for mode, _name in ENCRYPTION)
_CONNECT_SECONDS = 10
_MOST_ADDRESSES = 3
#: A path at which there can be no file: else certificates, keys and passwords of who
#: runs Odoo would be presented.
_NOWHERE = "/dev/null/none"
_HOST = re.compile(
    r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\.?"  # name or IPv4
    r"|([0-9a-fA-F]*:){2,7}[0-9a-fA-F:.]*"  # IPv6
    r"|/[\w./+-]*"  # folder of a socket
)
_NO_NAME = re.compile(r"[\x00-\x1f\x7f=]|://")
_SETTINGS = {
    "default_transaction_read_only": "on",
    "standard_conforming_strings": "on",
    "lock_timeout": "5s",
}
#: A message names host, address and port before the reason.
_PREAMBLE = re.compile(r"^.*?\bfailed: (FATAL: +)?")


@dataclass(frozen=True, repr=False)
class PostgresPlace:
    """Where another database is, and as whom it is opened.

    ``host``: name, address, or folder of a Unix socket; those in a private network must
    have been allowed, see ``addresses``. ``sslmode``: one of :data:`SSL_MODES`.
    ``certificate``: PEM of who vouches for the server's; "" for the public ones.
    """

    host: str
    port: int
    dbname: str
    user: str
    password: str = ""
    sslmode: str = "require"
    certificate: str = ""


class PostgresLink:
    """How a place is reached."""

    def __init__(self, env, place):
        """
        :param place: a :class:`PostgresPlace`
        """
        self.env = env
        self.place = place

    def check(self):
        """Refuse what is no place, or could be read as more than one.

        :raise ValidationError: says which, and what to do
        """
        if not _HOST.fullmatch(self.place.host):
            raise ValidationError(
                self.env._(
                    "“%(host)s” is no host: enter one name or address, nothing else.",
                    host=self.place.host,
                )
            )
        if not 0 < self.place.port < 1 << 16:
            raise ValidationError(self.env._("The port is between 1 and 65535."))
        for name in (self.place.dbname, self.place.user):
            if not name or _NO_NAME.search(name):
                raise ValidationError(
                    self.env._(
                        "Enter the name of the database and that of the role alone: "
                        "no address, no parameters."
                    )
                )
        self._check_certificate()

    def _check_certificate(self):
        if self.place.certificate:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(
                    cadata=self.place.certificate
                )
            except (ssl.SSLError, ValueError):
                raise ValidationError(
                    self.env._(
                        "The certificate can't be read: paste the text between and "
                        "with BEGIN CERTIFICATE and END CERTIFICATE."
                    )
                ) from None
        elif self.place.sslmode == "verify-ca":
            raise ValidationError(
                self.env._(
                    "To check who signed the server's certificate, enter the "
                    "certificate of the signer."
                )
            )

    @contextlib.contextmanager
    def opened(self, seconds):
        """Give a psycopg2 connection whose transactions only read, and its canceller.

        The latter takes nothing, and can be called from another thread.

        :param seconds: after which the server ends a statement by itself
        :raise UserError: it can't be opened
        """
        self.check()
        with self._signers() as signers:
            keywords = {
                **self._place(),
                **self._identity(),
                **self._encryption(signers),
                "connect_timeout": _CONNECT_SECONDS,
                "options": self._options(seconds),
            }
            with contextlib.closing(self._connect(keywords)) as connection:
                connection.set_session(readonly=True)
                yield (
                    connection,
                    partial(_cancel, keywords, connection.info.backend_pid),
                )

    def _connect(self, keywords):
        try:
            return psycopg2.connect(**keywords)
        except psycopg2.Error as error:
            raise UserError(self._say_closed(self._reason(error))) from None

    def _say_closed(self, reason):
        said = self.env._(
            "The database on %(host)s can't be opened: %(reason)s",
            host=self.place.host,
            reason=reason,
        )
        advice = advice_on_opening(self.env, reason)
        return f"{said.rstrip('.')}. {advice}" if advice else said

    def _place(self):
        """Return where to connect: to the addresses that were checked."""
        book = AddressBook(self.env)
        if self.place.host.startswith("/"):
            book.check_socket(self.place.host, self.place.port)
            return {"host": self.place.host, "hostaddr": "", "port": self.place.port}
        found = book.find(self.place.host, self.place.port)[:_MOST_ADDRESSES]
        return {
            "host": ",".join([self.place.host] * len(found)),
            "hostaddr": ",".join(found),
            "port": self.place.port,
            "target_session_attrs": "any",
        }

    def _identity(self):
        # What is given here is not taken from PG* variables and service files.
        identity = {
            "dbname": self.place.dbname,
            "user": self.place.user,
            "password": self.place.password or "",
            "passfile": _NOWHERE,
            "gssencmode": "disable",
            "application_name": "odoo customer_success",
            "client_encoding": "UTF8",
        }
        if libpq_version() >= 160000:
            # No ticket of who runs Odoo.
            identity["require_auth"] = "scram-sha-256,md5,password,none"
        return identity

    def _encryption(self, signers):
        """Return how the connection is encrypted.

        :param signers: path of the certificates that vouch for the server's
        """
        return {
            "sslmode": self.place.sslmode,
            "sslrootcert": signers,
            "sslcert": _NOWHERE,
            "sslkey": _NOWHERE,
            "sslcrl": _NOWHERE,
            "channel_binding": "prefer",
        }

    @contextlib.contextmanager
    def _signers(self):
        """Give the path of the certificates that vouch for the server's."""
        if not self.place.sslmode.startswith("verify"):
            yield _NOWHERE
        elif not self.place.certificate:
            yield requests.certs.where()
        else:
            with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
                file.write(self.place.certificate)
                file.flush()
                yield file.name

    def _options(self, seconds):
        times = {
            "statement_timeout": f"{seconds}s",
            "idle_in_transaction_session_timeout": f"{seconds + 60}s",
        }
        return " ".join(
            f"-c {name}={value}" for name, value in (_SETTINGS | times).items()
        )

    def _reason(self, error):
        """Return the last reason in the message of a failed connection."""
        lines = [line for line in str(error).splitlines() if line.strip()]
        reasons = [_PREAMBLE.sub("", line) for line in lines if line[0] != "\t"]
        reason = reasons[-1] if reasons else type(error).__name__
        return reason.strip()[:300]


def _cancel(keywords, pid):
    """End what a session of ours does on the server, from another session.

    ``connection.cancel()`` would stop this whole process while a server that hangs
    doesn't answer: psycopg2 keeps Python's lock there.
    """
    with (
        contextlib.suppress(psycopg2.Error),
        contextlib.closing(psycopg2.connect(**keywords)) as connection,
        connection.cursor() as cr,
    ):
        cr.execute("SELECT pg_catalog.pg_cancel_backend(%s)", (pid,))
