"""How a request travels: to an address that was checked, signed last, cut in time."""

import os
import re
import socket
import threading
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.poolmanager import PoolManager
from urllib3.util.connection import create_connection

from odoo.exceptions import UserError

_MOST_ADDRESSES = 3
#: One host without and with encryption.
_MOST_CONNECTIONS = 2


@dataclass(frozen=True, repr=False)
class Credential:
    """What opens the other system, and how it is presented.

    ``kind``: none, bearer, header (``name`` is the header), basic (``name`` is the
    user), query (``name`` is the parameter).
    """

    kind: str = "none"
    name: str = ""
    secret: str = ""

    def sign(self, target, headers):
        """Return path with query, and headers, with the secret in its place."""
        if not self.secret or self.kind == "none":
            return target, headers
        if self.kind == "query":
            joint = "&" if "?" in target else "?"
            pair = f"{quote(self.name, safe='')}={quote(self.secret, safe='')}"
            return f"{target}{joint}{pair}", headers
        return target, {**headers, **self._header()}

    def _header(self):
        if self.kind == "header":
            return {self.name: self.secret.encode()}
        if self.kind == "basic":
            pair = b64encode(f"{self.name}:{self.secret}".encode())
            return {"Authorization": b"Basic " + pair}
        return {"Authorization": f"Bearer {self.secret}".encode()}


class Lane:
    """What the connections of one client share.

    The secret is added below ``requests`` and ``urllib3``: they log, and put into
    their errors, the address they know.
    """

    def __init__(self, book, credential):
        self.env = book.env
        self.book = book
        self.credential = credential
        self.is_cut = False
        self._guards = []

    def connect(self, host, port, **options):
        """Return a socket connected to one of the addresses that were checked.

        :raise UserError: there is none, or none answers
        """
        for address in self.book.find(host, port)[:_MOST_ADDRESSES]:
            try:
                found = create_connection((address, port), **options)
            except OSError as error:
                reason = error.strerror or str(error)
            else:
                self._guard(found)
                return found
        raise UserError(
            self.env._(
                "%(host)s does not answer at port %(port)s: %(reason)s",
                host=host,
                port=port,
                reason=reason,
            )
        )

    def _guard(self, connected):
        """Keep a second handle on a connection: it outlives what TLS does with it."""
        self._guards.append(connected.dup())
        while len(self._guards) > _MOST_CONNECTIONS:
            self._guards.pop(0).close()

    @contextmanager
    def deadline(self, seconds):
        """Cut the connections that live when this has lasted so long.

        The time limits of sockets begin anew with every byte.
        """
        self.is_cut = False
        watch = threading.Timer(seconds, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _cut(self):
        self.is_cut = True
        for guard in list(self._guards):
            try:
                guard.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side ended it before

    def close(self):
        for guard in self._guards:
            guard.close()
        self._guards.clear()


class _Connection:
    """A connection that asks its lane where to go and how to sign."""

    def __init__(self, *args, lane, **kwargs):
        super().__init__(*args, **kwargs)
        self._lane = lane

    def _new_conn(self):
        return self._lane.connect(
            self.host,
            self.port,
            timeout=self.timeout,
            socket_options=self.socket_options,
        )

    def request(self, method, url, body=None, headers=None, **kwargs):
        url, headers = self._lane.credential.sign(url, headers or {})
        return super().request(method, url, body=body, headers=headers, **kwargs)


class _Http(_Connection, HTTPConnection):
    pass


class _Https(_Connection, HTTPSConnection):
    pass


class _Pools(PoolManager):
    def __init__(self, *args, lane, **kwargs):
        super().__init__(*args, **kwargs)
        self._lane = lane

    def _new_pool(self, scheme, *args, **kwargs):
        pool = super()._new_pool(scheme, *args, **kwargs)
        kind = _Https if scheme == "https" else _Http
        pool.ConnectionCls = partial(kind, lane=self._lane)
        return pool


class _Adapter(HTTPAdapter):
    def __init__(self, lane, timeout):
        self._lane = lane
        self._timeout = timeout
        super().__init__()

    def init_poolmanager(self, connections, maxsize, block=False, **kwargs):
        self.poolmanager = _Pools(connections, lane=self._lane, maxsize=1, **kwargs)

    def send(self, request, **kwargs):
        kwargs["timeout"] = self._timeout
        return super().send(request, **kwargs)


class _Session(requests.Session):
    def get_redirect_target(self, resp):
        """Return nothing: following, requests would read a whole body first."""


def open_session(lane, timeout):
    """Return a session that takes nothing from its environment and keeps no cookie.

    :param timeout: seconds to connect, and of silence, as ``requests`` takes them
    """
    session = _Session()
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(lane, timeout))
    session.headers.clear()
    return session


def is_sendable(secret):
    """Return whether a secret can stand in a header."""
    return not re.search(r"[\x00-\x1f\x7f]", secret)
