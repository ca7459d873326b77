import gzip
import logging
import socket
import time
from base64 import b64encode
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.customer_success.sources import http_transport
from odoo.addons.customer_success.sources.fetched import RetryLater
from odoo.addons.customer_success.sources.http_answer import HttpError
from odoo.addons.customer_success.sources.http_client import HttpClient, Limits
from odoo.addons.customer_success.sources.http_transport import Credential

from .http_common import HttpSourceCase

SECRET = "s3cr+t/põ%"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class ClientCase(HttpSourceCase):
    def client(self, credential=None, **limits):
        def scrub(text):
            return text.replace(credential.secret, "•••") if credential else text

        client = HttpClient(self.env, credential, scrub, Limits(**limits))
        self.addCleanup(client.__exit__)
        return client

    def ask(self, answer, path="/", credential=None, limits=None, **options):
        """Ask a server that answers so; the first answer stays for later ones."""
        self.server = self.serve_allowed(answer)
        client = self.client(credential, **(limits or {}))
        return client.ask(f"{self.server.url}{path}", **options)

    def check_stopped(self, words, answer, quicker_than=5, **options):
        begun = time.monotonic()
        with self.assertRaisesRegex(UserError, words) as stopped:
            self.ask(answer, **options)
        self.assertLess(time.monotonic() - begun, quicker_than)
        return str(stopped.exception)


@tagged("post_install", "-at_install")
class TestHttpClient(ClientCase):
    """It asks, and returns the data of what is answered."""

    def test_data_comes_back(self):
        answer = self.ask([{"a": 1}], "/rows?x=1", params={"y": "ç d"})
        self.assertEqual(answer.data, [{"a": 1}])
        self.assertEqual(self.server.asked[0].path, "/rows")
        self.assertEqual(self.server.asked[0].query, {"x": "1", "y": "ç d"})
        self.assertNotIn("Cookie", self.server.asked[0].headers)

    def test_a_body_is_sent_as_json(self):
        self.ask({}, method="POST", body={"q": 1}, headers={"X-Tenant": "acme"})
        asked = self.server.asked[0]
        self.assertEqual((asked.method, asked.body), ("POST", '{"q": 1}'))
        self.assertEqual(asked.headers["Content-Type"], "application/json")
        self.assertEqual(asked.headers["X-Tenant"], "acme")

    def test_packed_answers(self):
        body = gzip.compress(b'{"a": "\xc3\xa7"}')
        answer = self.ask((200, body, {"Content-Encoding": "gzip"}))
        self.assertEqual(answer.data, {"a": "ç"})

    def test_connections_are_kept_and_no_cookie_is(self):
        server = self.serve_allowed((200, {}, {"Set-Cookie": "a=b"}))
        client = self.client()
        with patch.object(
            http_transport, "create_connection", wraps=http_transport.create_connection
        ) as connect:
            for _n in range(3):
                client.ask(server.url)
        self.assertEqual(connect.call_count, 1)
        self.assertFalse([one for one in server.asked if one.headers["Cookie"]])

    def test_nothing_is_taken_from_the_environment(self):
        proxied = {
            "http_proxy": "http://127.0.0.1:9",
            "HTTP_PROXY": "http://127.0.0.1:9",
        }
        with patch.dict("os.environ", proxied):
            self.assertEqual(self.ask({"a": 1}).data, {"a": 1})

    def test_how_the_secret_is_sent(self):
        cases = {
            ("bearer", ""): ("Authorization", f"Bearer {SECRET}"),
            ("header", "X-Key"): ("X-Key", SECRET),
            ("basic", "ana"): (
                "Authorization",
                "Basic " + b64encode(f"ana:{SECRET}".encode()).decode(),
            ),
        }
        for (kind, name), (header, value) in cases.items():
            self.ask({}, credential=Credential(kind, name, SECRET))
            sent = self.server.asked[0].headers[header].encode("latin-1").decode()
            self.assertEqual(sent, value)
        self.ask({}, "/?a=1", credential=Credential("query", "token", SECRET))
        self.assertEqual(self.server.asked[0].query, {"a": "1", "token": SECRET})

    def test_the_secret_is_in_no_log_and_no_error(self):
        def answer(asked):
            if asked.path == "/next":
                return 500, {"message": f"token {asked.query['token']} broke"}
            return 302, b"", {"Location": f"/next?token={asked.query['token']}&p=1"}

        root = logging.getLogger()
        before = root.level
        self.addCleanup(root.setLevel, before)
        with self.assertLogs(level=logging.DEBUG) as logged:
            # A plain word: whoever logs it would log it as it is.
            words = self.check_stopped(
                "broke", answer, credential=Credential("query", "token", "opensesame")
            )
        text = "\n".join([words, *logged.output])
        self.assertIn("GET /next?p=1", text)
        self.assertNotIn("opensesame", text)

    def test_waiting_is_asked_for(self):
        cases = [
            (429, {"Retry-After": "17"}, 17),
            (503, {"Retry-After": "Fri, 31 Dec 2999 23:59:59 GMT"}, 24 * 3600),
            (429, {}, 60),
            (429, {"Retry-After": "soon"}, 60),
            (429, {"Retry-After": "0"}, 1),
        ]
        for status, headers, seconds in cases:
            with self.assertRaises(RetryLater) as later:
                self.ask((status, {}, headers))
            self.assertEqual(later.exception.seconds, seconds)

    def test_errors_say_what_the_other_side_says(self):
        cases = {
            "status 500.*: the base is on fire": (
                500,
                {"error": "the base is on fire"},
            ),
            "status 422.*: bad tag": (422, {"errors": [{"detail": "bad tag"}]}),
            "status 503.*: Be right back": (503, b"<h1>Be right <br> back</h1>"),
            "check the secret.*No way": (403, {"message": "No\x00 way"}),
            "nothing at this address": (404, b""),
        }
        for words, answer in cases.items():
            with self.assertRaisesRegex(HttpError, words):
                self.ask(answer)
        with self.assertRaisesRegex(HttpError, "status 400.*: mine"):
            self.ask((400, {"x": "mine"}), explain=lambda data: data["x"])


@tagged("post_install", "-at_install")
class TestHttpAttacks(ClientCase):
    """What is hostile or broken is stopped soon, and says why."""

    def test_redirects_go_nowhere_else(self):
        for place in (
            "http://169.254.169.254/latest/meta-data",
            "http://other.example/",
            "//other.example/",
            "file:///etc/passwd",
            "http://127.0.0.1:1/",
            "gopher://127.0.0.1/",
            "http://[",
            "",
        ):
            self.check_stopped(
                "sends us to another place", (302, b"", {"Location": place})
            )
            self.assertEqual(len(self.server.asked), 1)

    def test_redirects_on_the_same_host_are_followed_for_a_while(self):
        def answer(asked):
            hops = int(asked.path.strip("/") or 0)
            return (302, b"x", {"Location": f"/{hops - 1}"}) if hops else [hops]

        self.assertEqual(self.ask(answer, "/3").data, [0])
        self.check_stopped("again and again", answer, path="/4")
        self.assertEqual(len(self.server.asked), 4)

    def test_a_redirect_with_an_endless_body_is_not_read(self):
        def answer(_asked):
            yield b"HTTP/1.1 302 Found\r\nLocation: http://x.example/\r\n\r\n"
            while True:
                yield b"x" * 1_000_000

        self.check_stopped("another place", answer)

    def test_encryption_is_never_given_up(self):
        with self.assertRaisesRegex(UserError, "another place"):
            self.client().resolve("https://api.example/", "http://api.example/")
        upgraded = self.client().resolve("http://api.example/", "https://api.example/a")
        self.assertEqual(upgraded, "https://api.example/a")

    def test_an_endless_body(self):
        def answer(_asked):
            yield HEAD + b"\r\n["
            while True:
                yield b"1," * 500_000

        self.check_stopped("longer than 20 MB", answer)

    def test_a_bomb(self):
        bomb = gzip.compress(b" " * 200_000_000, 9)
        answer = (200, bomb, {"Content-Encoding": "gzip"})
        self.check_stopped("longer than 20 MB", answer)
        answer = (200, b"", {"Content-Encoding": "br"})
        self.check_stopped("packs its answer", answer)
        broken = (200, bomb[:5000], {"Content-Encoding": "gzip"})
        self.check_stopped("broke off", broken)
        self.check_stopped("broke off", (200, b"x", {"Content-Encoding": "gzip"}))

    def test_it_never_answers(self):
        def answer(_asked):
            time.sleep(2)
            yield b""

        self.check_stopped("stays silent", answer, 2, limits={"silence": 0.3})
        self.check_stopped("not finish.*0.3 s", answer, 2, limits={"total": 0.3})

    def test_it_drips(self):
        def head(_asked):
            for _n in range(100):
                yield b"x"
                time.sleep(0.05)

        def body(_asked):
            yield HEAD + b"Content-Length: 1000\r\n\r\n"
            yield from head(_asked)

        for drip in (head, body):
            self.check_stopped("did not finish", drip, 2, limits={"total": 0.5})

    def test_nobody_is_there(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.allow(f"127.0.0.1:{port}")
        with self.assertRaisesRegex(UserError, "does not answer at port .* refused"):
            self.client().ask(f"http://127.0.0.1:{port}/")
        with self.resolving(), self.assertRaisesRegex(UserError, "No such host"):
            self.client().ask("http://nowhere.example/")

    def test_what_is_no_data(self):
        page = (200, b"<html><title>Sign in</title><script>x</script>", {})
        self.check_stopped("web page instead of data .Sign in", page)
        self.check_stopped("no valid JSON .*: .a. 1", (200, b"{a: 1", {}))
        self.check_stopped("is empty", (200, b"", {}))
        self.check_stopped("no valid JSON", (200, b"\xff\xfe\xfa", {}))
        self.check_stopped("no valid JSON", (200, b"9" * 5000, {}))
        self.check_stopped("nested too deeply", (200, b"[" * 100_000, {}))
        self.check_stopped("nested too deeply", (200, b"[" * 200 + b"]" * 200, {}))
        chunked = iter([HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"])
        self.check_stopped("broke off", lambda _asked: chunked)

    def test_numbers_that_are_none(self):
        answer = self.ask((200, b"[NaN, Infinity, -Infinity, 1e999]", {}))
        self.assertEqual(answer.data, ["NaN", "Infinity", "-Infinity", float("inf")])

    def test_only_web_addresses(self):
        for url in ("file:///etc/passwd", "ftp://x.example/", "gopher://x", "x", ""):
            with self.assertRaisesRegex(UserError, "address"):
                self.client().ask(url)

    def test_secrets_do_not_travel_in_the_open(self):
        client = self.client(Credential("bearer", "", SECRET))
        with self.assertRaisesRegex(UserError, "unencrypted to api.example"):
            client.ask("http://api.example/")

    def test_half_a_secret_is_none(self):
        secret = "opensesame" * 5
        words = self.check_stopped(
            "status 500",
            (500, b"x" * 280 + secret.encode()),
            credential=Credential("bearer", "", secret),
        )
        self.assertNotIn("opens", words)

    def test_secrets_that_cannot_be_sent(self):
        for secret in ("a\r\nX: y", "a\0b"):
            words = self.check_stopped(
                "control sign", {}, credential=Credential("bearer", "", secret)
            )
            self.assertNotIn(secret, words)
            self.assertFalse(self.server.asked)


@tagged("post_install", "-at_install")
class TestPrivateNetwork(ClientCase):
    """The network that Odoo stands in is closed, but for hosts somebody named."""

    def test_names_and_spellings_of_this_machine(self):
        server = self.serve({})
        for host in ("127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "0"):
            with self.assertRaisesRegex(UserError, "private network.*Settings"):
                self.client().ask(f"http://{host}:{server.port}/")
        with (
            self.resolving(metrics__example=["10.1.2.3"]),
            self.assertRaisesRegex(UserError, r"private network \(10.1.2.3\)"),
        ):
            self.client().ask("http://metrics.example/")
        self.assertFalse(server.asked)

    def test_hosts_that_were_named(self):
        server = self.serve({"a": 1})
        url = f"http://metrics.internal:{server.port}/"
        with self.resolving(metrics__internal=["127.0.0.1"]):
            for allowed in ("other", "metrics.internal:1", "internal"):
                self.allow(allowed)
                with self.assertRaisesRegex(UserError, "private network"):
                    self.client().ask(url)
            for allowed in ("Metrics.Internal", f"x, metrics.internal:{server.port}"):
                self.allow(allowed)
                self.assertEqual(self.client().ask(url).data, {"a": 1})
        self.assertEqual(server.asked[0].headers["Host"], url[7:-1])

    def test_the_address_checked_is_the_address_called(self):
        """The name means something else at the next look-up: there is none."""
        server = self.serve({"a": 1})
        answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
        called = []

        def connect(place, **_options):
            called.append(place[0])
            return socket.create_connection(("127.0.0.1", server.port))

        with (
            self.resolving(rebind__example=lambda: answers.pop(0)),
            patch.object(http_transport, "create_connection", connect),
        ):
            client = self.client()
            client.ask("http://rebind.example/")
            client.ask("http://rebind.example/")
            self.assertEqual(called, ["93.184.216.34"])
            with self.assertRaisesRegex(UserError, "private network"):
                self.client().ask("http://rebind.example/")
        self.assertEqual(called, ["93.184.216.34"])

    def test_of_several_addresses_only_public_ones_are_called(self):
        called = []

        def connect(place, **_options):
            called.append(place[0])
            raise OSError("no route")

        with (
            self.resolving(mixed__example=["10.0.0.1", "93.184.216.34"]),
            patch.object(http_transport, "create_connection", connect),
            self.assertRaisesRegex(UserError, "no route"),
        ):
            self.client().ask("http://mixed.example/")
        self.assertEqual(called, ["93.184.216.34"])
