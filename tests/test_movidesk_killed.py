import threading
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.customer_success.sources.addresses import ALLOWED

from .movidesk_common import COUNTED
from .movidesk_server import MovideskServer
from .worker_common import NAME, WorkerCase

COMPANIES = 30
TICKETS = 250


@tagged("post_install", "-at_install")
class TestMovideskKilled(WorkerCase):
    """Real workers read a Movidesk; one is killed in the middle of its first load."""

    def setUp(self):
        super().setUp()
        self.movidesk = MovideskServer(limit=1000)
        self.addCleanup(self.movidesk.close)
        with self.committed() as env:
            env["ir.config_parameter"].set_param(ALLOWED, self.movidesk.place)
        self.addCleanup(self.forbid)

    def forbid(self):
        with self.committed() as env:
            env["ir.config_parameter"].set_param(ALLOWED, False)

    def make_movidesk(self):
        with self.committed() as env:
            source = env["cs.metric.source"].create(
                {
                    "name": NAME,
                    "kind": "http",
                    "http_preset": "movidesk",
                    "http_url": self.movidesk.url,
                    "sheet_mapping": NAME,
                    "user_id": env.ref("base.user_admin").id,
                    "is_automatic": True,
                    "secret": self.movidesk.token,
                }
            )
            return source.id

    def fill(self):
        now = self.movidesk.now()
        for number in range(COMPANIES):
            self.movidesk.person(f"E{number}", reference=f"W-{number}")
        for number in range(1, TICKETS + 1):
            age = timedelta(days=number % 5 * 25)
            self.movidesk.ticket(
                number,
                "P1",
                f"E{number % COMPANIES}",
                baseStatus="Closed" if number % 3 else "New",
                createdDate=now - age,
                lastUpdate=now - age,
                slaSolutionDate=now - timedelta(hours=1),
            )

    def a_minute_later(self, source_id):
        """Make believe that a minute has passed since the last request."""
        with self.committed() as env:
            source = env["cs.metric.source"].browse(source_id)
            source.write({"http_asked": False, "next_run": fields.Datetime.now()})

    def test_killed_in_the_middle_the_next_reads_the_rest(self):
        accounts = self.make_customers(COMPANIES)
        self.fill()
        source = self.make_movidesk()
        asked, goes_on = threading.Event(), threading.Event()
        self.addCleanup(goes_on.set)

        def hold():
            asked.set()
            goes_on.wait(60)

        self.movidesk.faults.extend([None] * 4 + [hold])
        self.start("killed", "_cron_fetch")
        self.wait_for(asked.is_set, "the fifth request")
        self.kill("killed")
        goes_on.set()
        with self.committed() as env:
            self.wait_for(
                lambda: not env["cs.metric.source"]._ids_being_fetched(),
                "the lock of the killed worker to end",
            )
        before = [(route, params) for _at, route, params in self.movidesk.asked]
        for turn in range(3):
            self.a_minute_later(source)
            self.start(f"next-{turn}", "_cron_fetch")
            self.finish(f"next-{turn}")
        [position, failures] = self.source(source, "position", "failures")
        self.assertEqual((position, failures), (False, 0))
        after = [(route, params) for _at, route, params in self.movidesk.asked]
        # The page of the killed request came again, no page before it did.
        self.assertEqual(after[len(before)], before[-1])
        self.assertFalse([one for one in before[:-1] if one in after[len(before) :]])
        for number, key in enumerate(COUNTED):
            naive = [self.naive(company)[number] for company in range(COMPANIES)]
            history = self.history(accounts, key)
            self.assertEqual([history[id_][-1] for id_ in accounts], naive, key)

    def naive(self, company):
        tickets = [
            one
            for key, one in self.movidesk.tickets.items()
            if key % COMPANIES == company
        ]
        recent = self.movidesk.now() - timedelta(days=30)
        is_open = [one for one in tickets if one["baseStatus"] == "New"]
        lately = [one for one in tickets if one["createdDate"] > recent]
        return len(is_open), len(lately), len(is_open)
