from collections import Counter
from datetime import UTC, datetime, timedelta

from freezegun import freeze_time

from odoo import fields

from .http_common import HttpSourceCase
from .movidesk_server import MovideskServer

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
COUNTED = ("tickets_open", "tickets_30d", "tickets_out_of_sla")
OPEN = ("New", "InAttendance", "Stopped")


class MovideskCase(HttpSourceCase):
    """A Movidesk that holds what the test says, and a source that reads it.

    Time stands still: :meth:`pass_time` moves it, and fetching moves it as far as the
    source asks to wait.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.make_user(
            "cs_system", "base.group_system", "customer_success.group_cs_admin"
        )
        cls.account.partner_id.write({"vat": "11.222.333/0001-81", "ref": "SOL"})

    def setUp(self):
        super().setUp()
        frozen = freeze_time(NOON)
        self.clock = frozen.start()
        self.addCleanup(frozen.stop)
        self.movidesk = MovideskServer()
        self.addCleanup(self.movidesk.close)
        self.allow(self.movidesk.place)
        self.source = self.make_movidesk()

    def make_movidesk(self, **values):
        source = self.env["cs.metric.source"].with_user(self.specialist)
        source = source.create(
            {
                "name": "Movidesk",
                "kind": "http",
                "http_preset": "movidesk",
                "http_url": self.movidesk.url,
                "is_automatic": True,
                **values,
            }
        )
        source.with_user(self.system).secret = self.movidesk.token
        return source

    def now(self):
        return datetime.now(UTC)

    def ago(self, **parts):
        return self.now() - timedelta(**parts)

    def pass_time(self, **parts):
        self.clock.tick(timedelta(**parts))

    def walk(self, most=100):
        """Fetch until the walk is at its end, waiting as long as it asks.

        :return: how many runs it took
        """
        self.source.sudo().next_run = fields.Datetime.now()
        for run in range(1, most + 1):
            self.run_once()
            if not self.source.position and not self.source.failures:
                return run
            wait = self.source.next_run - fields.Datetime.now()
            self.clock.tick(max(wait, timedelta(0)))
        raise AssertionError(f"still at {self.source.position}")

    def run_once(self):
        """Let the scheduled action fetch once, if the source is due."""
        with self.enter_registry_test_mode():
            self.fetch_due(self.source)

    def customer(self, number, **values):
        """Make a company at Movidesk and the customer that it is."""
        cnpj = f"{number:08d}0001{number % 100:02d}"
        account = self.make_account(f"Cliente {number}")
        account.partner_id.vat = f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/0001-{cnpj[12:]}"
        self.movidesk.person(f"E{number}", cnpj=cnpj, **values)
        return account

    def counts(self, account):
        """Return what is known of a customer: open, in 30 days, out of SLA."""
        return tuple(
            fact.value if fact.is_known else None
            for fact in (self.present(key, account) for key in COUNTED)
            if fact
        )

    def naive(self):
        """Count what Movidesk holds, as one would by hand: {company: counts}."""
        found = {key: Counter() for key in self.movidesk.persons}
        for ticket in self.movidesk.tickets.values():
            [client, *_others] = ticket["clients"]
            owner = (client["organization"] or client)["id"]
            if ticket["type"] == 1 or ticket["baseStatus"] == "Canceled":
                continue
            is_open = ticket["baseStatus"] in OPEN
            due = ticket["slaSolutionDate"]
            found[owner].update(
                tickets_open=is_open,
                tickets_30d=self.now() - ticket["createdDate"] <= timedelta(days=30),
                tickets_out_of_sla=bool(is_open and due and due < self.now()),
            )
        return {
            owner: tuple(float(count[key]) for key in COUNTED)
            for owner, count in found.items()
        }
