import json
import threading
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import requests

from odoo.tests.common import _super_send

from odoo.addons.customer_success.sources import addresses
from odoo.addons.customer_success.sources.addresses import ALLOWED

from .fetched_common import FetchedCase

#: What a local server was asked.
Asked = namedtuple("Asked", "method path query headers body")


class LocalServer:
    """A web service of the test, in a thread.

    ``answer``, or what it returns for an :data:`Asked`, is data (sent as JSON, bytes
    as they are), ``(status, data)`` or ``(status, data, headers)``; the bytes of a
    generator are sent as they come, without any header of ours.
    """

    def __init__(self, answer):
        self.answer = answer if callable(answer) else lambda _asked: answer
        self.asked = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                server.handle(self)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *args):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.place}"
        # Often looked at, so that closing it takes no time.
        self.thread = threading.Thread(target=self.server.serve_forever, args=[0.02])
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def handle(self, handler):
        place = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(
            handler.command,
            place.path,
            dict(parse_qsl(place.query, keep_blank_values=True)),
            handler.headers,
            handler.rfile.read(length).decode(),
        )
        self.asked.append(asked)
        answer = self.answer(asked)
        try:
            if hasattr(answer, "__next__"):
                self.send_raw(handler, answer)
            else:
                self.send(handler, *(answer if isinstance(answer, tuple) else [answer]))
        except OSError:
            handler.close_connection = True  # whoever asked went away

    def send(self, handler, status, data=None, headers=None):
        if not isinstance(status, int):
            status, data = 200, status
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        headers = {"Content-Type": "application/json", **(headers or {})}
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def send_raw(self, handler, parts):
        handler.close_connection = True
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()


class HttpSourceCase(FetchedCase):
    """Sources that call servers of the test; names are found where the test says."""

    @classmethod
    def _request_handler(cls, s: requests.Session, r, /, **kw):
        # Nothing leaves the machine: see resolving() and the addresses in use.
        return _super_send(s, r, **kw)

    def serve(self, answer):
        """Start a server; see :class:`LocalServer`."""
        server = LocalServer(answer)
        self.addCleanup(server.close)
        return server

    def allow(self, *hosts):
        """Let sources call these hosts, as the system administrator does."""
        self.env["ir.config_parameter"].set_param(ALLOWED, " ".join(hosts))

    def serve_allowed(self, answer):
        server = self.serve(answer)
        self.allow(server.place)
        return server

    def resolving(self, **places):
        """Find each host at the addresses given; other hosts aren't found.

        :param places: host (``__`` is a dot) → list of addresses, or a function
        """
        found = {name.replace("__", "."): where for name, where in places.items()}

        def getaddrinfo(host, port, **_options):
            where = found.get(host)
            if where is None:
                raise addresses.gaierror("not found")
            known = where() if callable(where) else where
            return [(2, 1, 6, "", (address, port)) for address in known]

        return patch.object(addresses, "getaddrinfo", getaddrinfo)
