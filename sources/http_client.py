"""Asks another system over HTTP: within limits, nowhere else, and telling no secret."""

import json
import zlib
from collections import namedtuple
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from urllib3.exceptions import HTTPError

from odoo.exceptions import UserError

from .addresses import AddressBook
from .http_answer import AnswerReader
from .http_transport import Credential, Lane, is_sendable, open_session
from .http_words import plain, without_parameter

#: What came back: the data of its JSON, the headers, and the address that gave it.
Answer = namedtuple("Answer", "data headers url")
_REDIRECTS = (301, 302, 303, 307, 308)
_KEEP_METHOD = (307, 308)
_MOST_HOPS = 3
_PORTS = {"http": 80, "https": 443}
_BROKEN = (requests.RequestException, HTTPError, OSError, ValueError, zlib.error)


@dataclass(frozen=True)
class Limits:
    """Seconds to connect, of silence, and in all; bytes of one answer, unpacked."""

    connect: float = 10
    silence: float = 30
    total: float = 120
    size: int = 20_000_000


class HttpClient:
    """Asks for JSON; used in a ``with``, which closes its connections.

    Public hosts are called over http and https; those in a private network, and
    secrets without encryption, only where a system administrator named the host.
    """

    def __init__(self, env, credential=None, scrub=None, limits=None, pace=None):
        """
        :param credential: a :class:`Credential`; None: it is open to all
        :param scrub: takes a text, returns it without the secret
        :param limits: a :class:`Limits`
        :param pace: its ``wait()`` is called before each request
        """
        self.env = env
        self.credential = credential or Credential()
        self.scrub = scrub or (lambda text: text)
        self.limits = limits or Limits()
        self.pace = pace
        self._book = AddressBook(env)
        self._lane = Lane(self._book, self.credential)
        timeout = self.limits.connect, self.limits.silence
        self._session = open_session(self._lane, timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._session.close()
        self._lane.close()

    def ask(
        self, url, params=None, *, method="GET", body=None, headers=None, explain=None
    ):
        """Return the :class:`Answer` of the other system.

        :param params: dict or list of pairs for the query of the address
        :param body: what is sent as JSON: text as it is, anything else is encoded
        :param headers: dict of headers that are no secret
        :param explain: takes the JSON of an error, returns its reason or None
        :raise RetryLater: it asks to wait
        :raise HttpError: it answers with an error
        :raise UserError: it is not there, not allowed, too slow, too long, no JSON
        """
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": "Odoo-Customer-Success",
            **(headers or {}),
        }
        if body is not None:
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
            headers = {"Content-Type": "application/json", **headers}
        request = self._prepare(method, url, params, headers, body)
        try:
            with self._lane.deadline(self.limits.total):
                return self._follow(request, explain)
        except _BROKEN as error:
            raise UserError(self._failure(error, request)) from None

    def resolve(self, base, link):
        """Return the address a link means, if it is of the same host as ``base``.

        :raise UserError: it leads elsewhere
        """
        try:
            place = urlsplit(urljoin(base, link))
            is_same = _is_same_place(urlsplit(base), place) and not place.username
        except ValueError:
            is_same = False
        if not is_same or not link:
            raise UserError(
                self.env._(
                    "It sends us to another place, where a fetch does not follow: "
                    "%(link)s",
                    link=plain(self.scrub(link)),
                )
            )
        query = place.query
        if self.credential.kind == "query":
            # It is added to every request anyway; here it would be logged.
            query = without_parameter(query, self.credential.name)
        return urlunsplit(place._replace(query=query, fragment=""))

    def _prepare(self, method, url, params, headers, body):
        request = requests.Request(method, url, headers, data=body, params=params)
        try:
            prepared = self._session.prepare_request(request)
            place = urlsplit(prepared.url)
            is_web = place.scheme in _PORTS and place.hostname
        except (requests.RequestException, ValueError) as error:
            raise UserError(
                self.env._(
                    "Not a web address: %(reason)s",
                    reason=plain(self.scrub(str(error))),
                )
            ) from None
        if not is_web:
            raise UserError(
                self.env._("Only addresses with http:// or https:// are called.")
            )
        if self.credential.secret and self.credential.kind != "none":
            self._check_secret(place)
        return prepared

    def _check_secret(self, place):
        """Refuse to show the secret on the way, or where others read it."""
        host, port = place.hostname, place.port or _PORTS[place.scheme]
        if place.scheme == "http" and not self._book.is_listed(host, port):
            raise UserError(
                self.env._(
                    "The secret would travel unencrypted to %(host)s: use https://",
                    host=host,
                )
            )
        url = urlunsplit(place)
        if self.scrub(url) != url:
            raise UserError(
                self.env._("The secret must not stand in the address as well.")
            )
        if not is_sendable(self.credential.secret):
            raise UserError(
                self.env._("The secret has a line break or another control sign.")
            )

    def _follow(self, request, explain):
        """Return the answer, going where the same host sends us."""
        for _hop in range(_MOST_HOPS + 1):
            if self.pace:
                self.pace.wait()
            response = self._session.send(request, stream=True, allow_redirects=False)
            with response:
                if response.status_code in _REDIRECTS:
                    request = self._redirected(request, response)
                    continue
                reader = AnswerReader(self.env, response, self.scrub, explain)
                data = reader.data(self.limits.size)
                return Answer(data, response.headers, request.url)
        raise UserError(self.env._("It redirects again and again."))

    def _redirected(self, request, response):
        """Return the request for where a redirect leads.

        :raise UserError: it leads elsewhere
        """
        url = self.resolve(request.url, response.headers.get("Location", ""))
        if request.method != "GET" and response.status_code not in _KEEP_METHOD:
            raise UserError(
                self.env._(
                    "It redirects to %(url)s: enter that address.",
                    url=plain(self.scrub(url)),
                )
            )
        headers = dict(request.headers)
        return self._prepare(request.method, url, None, headers, request.body)

    def _failure(self, error, request):
        """Return why nothing came, in words."""
        host = urlsplit(request.url).netloc
        if self._lane.is_cut:
            return self.env._(
                "%(host)s did not finish its answer within %(seconds)s seconds.",
                host=host,
                seconds=f"{self.limits.total:g}",
            )
        if isinstance(error, requests.Timeout) or "timed out" in str(error):
            return self.env._(
                "%(host)s stays silent for more than %(seconds)s seconds.",
                host=host,
                seconds=f"{self.limits.silence:g}",
            )
        reason = plain(self.scrub(_root(error)))
        if isinstance(error, requests.exceptions.SSLError):
            return self.env._(
                "The certificate of %(host)s can't be trusted: %(reason)s",
                host=host,
                reason=reason,
            )
        return self.env._("%(host)s broke off: %(reason)s", host=host, reason=reason)


def _seat(place):
    host = (place.hostname or "").rstrip(".")
    return place.scheme, host, place.port or _PORTS.get(place.scheme)


def _is_same_place(base, place):
    """Whether both are one host and port, or one is its encrypted form."""
    _scheme, host, port = _seat(base)
    upgraded = ("https", host, 443)
    is_upgrade = base.scheme == "http" and port == 80 and _seat(place) == upgraded
    return is_upgrade or _seat(place) == _seat(base)


def _root(error):
    """Return the innermost reason of an error of the network, without an address."""
    while True:
        inside = [getattr(error, "reason", None), *error.args]
        inner = next((one for one in inside if isinstance(one, Exception)), None)
        if inner is None:
            return getattr(error, "strerror", None) or str(error)
        error = inner
