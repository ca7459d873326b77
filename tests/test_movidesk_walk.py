import random
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from .movidesk_common import OPEN, MovideskCase

LOG = "odoo.addons.customer_success.models.cs_metric_source_outcome"
STATUSES = (*OPEN, "Canceled", "Resolved", "Closed")
COMPANIES = 30
TICKETS = 320


@tagged("post_install", "-at_install")
class TestMovideskWalk(MovideskCase):
    """All of Movidesk is read, page by page, whatever comes in between."""

    def fill(self):
        """Put 320 tickets of 30 companies into both routes."""
        chance = random.Random(7)  # noqa: S311
        self.accounts = {
            f"E{number}": self.customer(number) for number in range(1, COMPANIES + 1)
        }
        for number in range(1, TICKETS + 1):
            age = timedelta(days=chance.choice([0, 3, 20, 40, 80, 100, 300]))
            self.movidesk.ticket(
                number,
                f"P{number % 50}",
                f"E{chance.randint(1, COMPANIES)}",
                type=chance.choice([1, 2, 2, 2]),
                baseStatus=chance.choice(STATUSES),
                createdDate=self.now() - age - timedelta(days=2),
                lastUpdate=self.now() - age,
                slaSolutionDate=chance.choice([None, self.now() - age]),
            )

    def check_counts(self):
        """What is known of each customer is what one counts by hand."""
        naive = self.naive()
        known = {key: self.counts(self.accounts[key]) for key in self.accounts}
        self.assertEqual(known, {key: naive[key] for key in self.accounts})
        self.assertEqual(self.movidesk.refused, [])

    def statuses(self):
        return [one.is_failed for one in self.source.run_ids]

    def known_tickets(self):
        items = self.env["cs.metric.source.item"].search(
            [("source_id", "=", self.source.id), ("kind", "=", "ticket")]
        )
        return {
            (item.key, item.state, item.customer_key, item.due_at) for item in items
        }

    def most_a_minute(self):
        asked = [at for at, *_rest in self.movidesk.asked]
        return max(
            sum(at <= one < at + timedelta(minutes=1) for one in asked) for at in asked
        )

    def test_a_first_load_reads_both_routes_at_nine_a_minute(self):
        self.fill()
        runs = self.walk()
        self.check_counts()
        self.assertGreater(runs, 1)
        self.assertLessEqual(self.most_a_minute(), 9)
        routes = {route for _at, route, _params in self.movidesk.asked}
        self.assertEqual(
            routes, {"/persons", "/tickets", "/tickets/past", "/survey/responses"}
        )
        self.assertFalse(any(self.statuses()))

    def test_the_same_again_changes_nothing(self):
        self.fill()
        self.walk()
        before, history = self.known_tickets(), self.history("tickets_open")
        del self.movidesk.asked[:]
        self.pass_time(hours=6)
        self.assertEqual(self.walk(), 1)
        self.assertEqual(self.known_tickets(), before)
        self.check_counts()
        self.assertEqual(self.source.rows_bad, 0)
        self.assertEqual([v for _at, v in history], [v for _at, v in history][:1])
        self.assertLessEqual(len(self.movidesk.asked), 3)

    def test_only_what_changed_is_read_after_that(self):
        self.fill()
        self.walk()
        self.pass_time(hours=6)
        del self.movidesk.asked[:]
        self.movidesk.ticket(3, baseStatus="New")
        self.movidesk.ticket(900, "P1", "E1")
        old = next(
            key
            for key, one in self.movidesk.tickets.items()
            if self.now() - one["lastUpdate"] > timedelta(days=95)
        )
        self.movidesk.ticket(old, baseStatus="New", type=2)
        self.walk()
        self.check_counts()
        self.assertLessEqual(len(self.movidesk.asked), 4)
        self.assertNotIn("/tickets/past", [r for _at, r, _p in self.movidesk.asked])

    def check_goes_on(self, at, fault):
        """Let something befall a request in the middle; all is counted in the end."""
        self.fill()
        self.movidesk.faults.extend([None] * at + [fault])
        with mute_logger(LOG):
            self.walk()
        self.check_counts()
        self.assertEqual(len(self.known_tickets()), len(self.readable_tickets()))
        asked = [(r, *sorted(p.items())) for _at, r, p in self.movidesk.asked]
        # Only the page that failed was asked for again.
        self.assertEqual(len(asked) - len(set(asked)), 1)
        self.assertLessEqual(self.most_a_minute(), 9)

    def readable_tickets(self):
        """Return the tickets that are worth reading: of 90 days, and open ones."""
        return [
            one
            for one in self.movidesk.tickets.values()
            if one["baseStatus"] in OPEN
            or self.now() - one["lastUpdate"] < timedelta(days=89)
        ]

    def test_it_goes_on_after_being_told_to_wait(self):
        self.movidesk.limit = 4
        self.fill()
        self.walk()
        self.check_counts()
        self.assertEqual(set(self.statuses()), {False})

    def test_it_goes_on_after_an_error_in_the_middle(self):
        self.check_goes_on(4, 500)
        self.assertEqual(self.statuses().count(True), 1)

    def test_it_goes_on_after_the_connection_is_cut(self):
        self.check_goes_on(5, "cut")

    def test_it_goes_on_after_a_page_that_is_none(self):
        self.check_goes_on(6, "html")

    def test_it_stops_before_movidesk_blocks_it(self):
        self.fill()
        self.movidesk.faults.extend([None, 500, 500, 500, 500])
        with mute_logger(LOG):
            self.walk()
        self.check_counts()
        self.assertFalse(
            [one for one in self.source.run_ids if "status 429" in (one.reason or "")]
        )

    def test_what_changes_while_it_is_read_comes_with_the_next_walk(self):
        self.fill()
        for request in (1, 3, 5, 7, 8):
            with self.subTest(request=request):
                self.source.sudo().marks = False
                self.movidesk.faults.extend([None] * request + [self.stir])
                self.walk()
                self.assertFalse(self.movidesk.faults)
                self.pass_time(hours=6)
                self.walk()
                self.check_counts()

    def stir(self):
        """Touch the first and the last ticket of both routes, and some between."""
        recent, past = [], []
        for number, ticket in self.movidesk.tickets.items():
            is_recent = self.now() - ticket["lastUpdate"] < timedelta(days=90)
            (recent if is_recent else past).append(number)
        for numbers in (sorted(recent), sorted(past)):
            for number in (*numbers[:1], *numbers[-1:], *numbers[40:42]):
                status = self.movidesk.tickets[number]["baseStatus"]
                other = "Closed" if status in OPEN else "InAttendance"
                self.movidesk.ticket(number, baseStatus=other)
        self.movidesk.ticket(len(self.movidesk.tickets) + 1, "P1", "E1")

    def run_to_the_second_round(self):
        self.source.sudo().next_run = self.now().replace(tzinfo=None)
        self.run_once()
        self.assertTrue(self.source.position)
        self.pass_time(minutes=2)

    def test_what_was_dated_before_the_last_walk_is_not_lost(self):
        self.fill()
        self.walk()
        for number in (1, 2, 3):
            ten_minutes_ago = self.ago(minutes=10)
            self.movidesk.ticket(
                number, type=2, baseStatus="New", lastUpdate=ten_minutes_ago
            )
        self.pass_time(hours=6)
        self.walk()
        self.check_counts()

    def test_a_walk_given_up_for_long_begins_anew(self):
        self.fill()
        self.run_to_the_second_round()
        begun = self.source.position["begun"]
        self.pass_time(days=8)
        self.source.sudo().next_run = self.now().replace(tzinfo=None)
        self.run_once()
        self.assertNotEqual(self.source.position["begun"], begun)
        self.walk()
        self.check_counts()

    def test_tickets_that_are_gone_are_forgotten_within_a_week(self):
        self.fill()
        self.walk()
        for number in range(1, 20):
            self.movidesk.tickets.pop(number)
        self.pass_time(days=7, hours=1)
        self.walk()
        self.check_counts()

    def test_a_company_that_slips_through_a_walk_stays_known(self):
        self.fill()
        for number in range(100, 170):
            self.movidesk.person(f"A{number}")
        self.accounts["Z1"] = self.customer(999)
        self.movidesk.persons["Z1"] = self.movidesk.persons.pop("E999") | {"id": "Z1"}
        self.walk()
        self.pass_time(days=1, hours=1)
        # Between two pages, all before the second one moves up by one.
        self.movidesk.faults.extend(
            [None, lambda: self.movidesk.persons.pop("A100") and None]
        )
        self.walk()
        self.assertEqual(self.counts(self.accounts["Z1"]), (0, 0, 0))

    def test_with_another_key_all_is_read_anew(self):
        self.fill()
        self.walk()
        self.movidesk.token = "another"
        for number in range(1, 20):
            self.movidesk.tickets.pop(number)
        self.source.with_user(self.system).secret = "another"
        self.pass_time(hours=6)
        self.walk()
        self.check_counts()

    def test_a_page_that_comes_again_and_again_is_not_followed(self):
        self.movidesk.person("E1")
        page = [{"id": "E1", "personType": 2}]
        self.movidesk.faults.extend([lambda: page] * 9)
        self.source.sudo().next_run = self.now().replace(tzinfo=None)
        with mute_logger(LOG):
            self.run_once()
        self.assertIn("same page again", self.source.last_error or "")


TICKET = st.fixed_dictionaries(
    {
        "type": st.sampled_from([1, 2, 2]),
        "baseStatus": st.sampled_from(STATUSES),
        "organization": st.sampled_from(["E1", "E2", None]),
        "created": st.integers(0, 60),
        "touched": st.integers(0, 150),
        "due": st.none() | st.integers(-120, 120),
    }
)
#: Hours that pass, and the tickets that are made or changed then, by number.
ROUNDS = st.lists(
    st.tuples(
        st.integers(0, 24 * 20),
        st.dictionaries(st.integers(1, 8), TICKET, max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@tagged("post_install", "-at_install")
class TestMovideskProperties(MovideskCase):
    """Whatever tickets there are and however time passes, the counts are right."""

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(rounds=ROUNDS)
    def check(self, rounds):
        self.movidesk.tickets.clear()
        self.env["cs.metric.source.item"].sudo().search([]).unlink()
        self.source.sudo().write({"marks": False, "position": False})
        is_first = True
        for hours, tickets in rounds:
            self.pass_time(hours=hours)
            for number, ticket in tickets.items():
                self.make(number, dict(ticket), is_first)
            self.walk()
            naive = self.naive()
            for key, account in self.accounts.items():
                self.assertEqual(self.counts(account), naive[key], key)
            is_first = False
        self.assertEqual(self.movidesk.refused, [])

    def make(self, number, ticket, is_first):
        age = timedelta(days=ticket.pop("touched") if is_first else 0)
        created, due = ticket.pop("created"), ticket.pop("due")
        known = self.movidesk.tickets.get(number, {}).get("createdDate")
        due = self.now() + timedelta(hours=due) if due is not None else None
        organization = ticket.pop("organization")
        self.movidesk.ticket(
            number,
            "P1" if organization else "E2",
            organization,
            createdDate=known or self.now() - age - timedelta(days=created),
            lastUpdate=self.now() - age,
            slaSolutionDate=due,
            **ticket,
        )

    def test_counts_are_right(self):
        self.accounts = {"E1": self.customer(1), "E2": self.customer(2)}
        self.check()
