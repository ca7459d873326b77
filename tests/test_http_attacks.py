import gzip
import time
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.customer_success.sources.http import HttpSource
from odoo.addons.customer_success.sources.http_client import Limits

from .test_http_json import LOG, JsonCase

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
BOMB = gzip.compress(b"[" + b" " * 100_000_000, 9)


def endless():
    yield HEAD + b"["
    while True:
        yield b"1," * 500_000


def silent():
    time.sleep(3)
    yield b""


def dripping():
    yield HEAD
    for _n in range(100):
        yield b"x"
        time.sleep(0.05)


def redirect(place):
    return 302, b"", {"Location": place}


#: Path → what is answered there, and what the source says of it.
ATTACKS = {
    "/metadata": (redirect("http://169.254.169.254/"), "another place.*169.254"),
    "/elsewhere": (redirect("https://other.example/"), "another place.*other.example"),
    "/file": (redirect("file:///etc/passwd"), "another place.*file:"),
    "/around": (redirect("/around"), "again and again"),
    "/endless": (endless, "longer than 20 MB"),
    "/bomb": ((200, BOMB, {"Content-Encoding": "gzip"}), "longer than 20 MB"),
    "/silent": (silent, "stays silent"),
    "/dripping": (dripping, "did not finish its answer"),
    "/page": ((200, b"<html>Hello", {}), "web page instead of data .Hello"),
    "/bad": ((200, b"[{,", {}), "no valid JSON"),
    "/deep": ((200, b"[" * 100_000, {}), "nested too deeply"),
}


def attack(asked):
    answer = ATTACKS[asked.path][0]
    return answer() if callable(answer) else answer


@tagged("post_install", "-at_install")
class TestHttpAttacks(JsonCase):
    """A hostile service is stopped and named, other sources are fetched."""

    def fetch_all(self, sources):
        fast = patch.object(HttpSource, "limits", Limits(silence=1, total=2))
        with fast, mute_logger(LOG), self.enter_registry_test_mode():
            self.fetch_due(sources)

    def make_good(self):
        good = self.make_json([{"ref": "SOL", "users": 5}], is_automatic=True)
        # The last one of the round.
        good.sudo().next_run = max(good.next_run, self.env.cr.now())
        return good, self.server.place

    def test_each_is_stopped_and_the_others_are_fetched(self):
        sources = self.env["cs.metric.source"]
        for path in ATTACKS:
            sources |= self.make_json(attack, path, is_automatic=True)
        hostile = self.server.place
        for source, path in zip(sources, ATTACKS, strict=True):
            source.sudo().http_url = f"http://{hostile}{path}"
        good, place = self.make_good()
        self.allow(hostile, place)
        begun = time.monotonic()
        self.fetch_all(sources | good)
        self.assertLess(time.monotonic() - begun, 15)
        for source, (_answer, words) in zip(sources, ATTACKS.values(), strict=True):
            self.assertRegex(source.last_error or "", words)
            self.assertEqual((source.failures, source.rows_recorded), (1, 0))
        self.assertEqual((good.last_error, good.rows_recorded), (False, 1))

    def test_names_that_lead_into_the_private_network(self):
        server = self.serve([{"ref": "SOL", "users": 5}])
        good, place = self.make_good()
        self.allow(place)
        turns = [["93.184.216.34"], ["127.0.0.1"]]
        sources = self.env["cs.metric.source"]
        for name in ("inside", "rebind"):
            source = self.make_json([], is_automatic=True)
            source.http_url = f"http://{name}.example:{server.port}/"
            sources |= source
        self.allow(place)
        known = {
            "inside__example": ["10.0.0.5", "::ffff:169.254.169.254"],
            # Public when it was looked up at first, this machine from then on.
            "rebind__example": lambda: turns.pop(0) if len(turns) > 1 else turns[0],
            "127__0__0__1": ["127.0.0.1"],
        }
        with self.resolving(**known):
            self.assertEqual(known["rebind__example"](), ["93.184.216.34"])
            self.fetch_all(sources | good)
        for source in sources:
            self.assertIn("is in a private network", source.last_error)
        self.assertFalse(server.asked)
        self.assertEqual(good.rows_recorded, 1)
