from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .facts_common import FactsCase

FIRST = datetime(2026, 1, 1)
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
METRICS = ("nps", "mrr", "tenure", "renewal")
MOMENTS = st.integers(0, 24 * 10).map(lambda hours: FIRST + timedelta(hours=hours))
DATES = st.dates(date(2025, 1, 1), date(2027, 1, 1)).map(str)
NUMBERS = st.one_of(st.none(), st.integers(-3, 3), st.floats(-1e9, 1e9, width=32))


@st.composite
def some_readings(draw):
    """Readings as (position of the account, metric, value, moment)."""
    metric = draw(st.sampled_from(METRICS))
    is_date = metric in ("tenure", "renewal")
    value = draw(st.one_of(st.none(), DATES) if is_date else NUMBERS)
    return draw(st.integers(0, 1)), metric, value, draw(MOMENTS)


def replay(calls, as_of, zone):
    """The naive answer: the last word on the newest moment, known values only."""
    if isinstance(as_of, datetime):
        moment, day = as_of, as_of.replace(tzinfo=UTC).astimezone(zone).date()
    else:
        day = as_of
        end = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
        moment = end.astimezone(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    newest = {}
    for call in calls:
        for position, metric, value, at in call:
            key = (position, metric)
            if at <= moment and (key not in newest or at >= newest[key][0]):
                newest[key] = (at, value)
    result = {}
    for (position, metric), (_at, value) in newest.items():
        if value is None:
            continue
        if metric == "tenure":
            value = (day - date.fromisoformat(value)).days
        elif metric == "renewal":
            value = (date.fromisoformat(value) - day).days
        result[position, metric] = value
    return result


@tagged("post_install", "-at_install")
class TestReader(FactsCase):
    """The one relation that every verdict reads facts from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.metric_ids = {
            key: cls.env.ref(f"customer_success.cs_metric_{key}").id for key in METRICS
        }
        cls.tokyo = cls.env["res.company"].create({"name": "Tokyo"})
        cls.tokyo.resource_calendar_id.tz = "Asia/Tokyo"
        cls.there = cls.make_account(
            partner_id=cls.make_partner("Sushi").id, company_id=cls.tokyo.id
        )

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )
    @given(
        calls=st.lists(st.lists(some_readings(), max_size=8), max_size=4),
        as_of=st.one_of(MOMENTS, MOMENTS.map(datetime.date)),
        is_one_zone=st.booleans(),
    )
    def test_it_replays_any_history(self, calls, as_of, is_one_zone):
        accounts = self.account + self.there
        tokyo = self.tokyo.resource_calendar_id
        tokyo.tz = "America/Sao_Paulo" if is_one_zone else "Asia/Tokyo"
        self.readings.search([("account_id", "in", accounts.ids)]).sudo().unlink()
        self.values.search([("account_id", "in", accounts.ids)]).sudo().unlink()
        for call in calls:
            answer = self.record_all(
                *(
                    self.reading(metric, value, accounts[position].id, at=at)
                    for position, metric, value, at in call
                )
            )
            self.assertFalse(answer["errors"])
        zones = (SAO_PAULO, ZoneInfo(tokyo.tz))
        expected = {
            (accounts[position].id, self.metric_ids[metric]): value
            for at_position, zone in enumerate(zones)
            for (position, metric), value in replay(calls, as_of, zone).items()
            if position == at_position
        }
        found = {
            key: value
            for key, value in self.rows(as_of).items()
            if key[0] in accounts.ids
        }
        self.assertEqual(found, expected)

    def test_the_present_is_the_replay_of_now(self):
        self.record_all(
            self.reading("nps", 3, at="2026-01-05"),
            self.reading("nps", 8, at="2026-02-05"),
            self.reading("mrr", None, at="2026-02-05"),
            self.reading("renewal", "2026-03-01", at="2026-02-05"),
        )
        with self.at_time("2026-02-10 12:00:00"):
            now = self.rows()
            self.assertEqual(now, self.rows(datetime(2026, 2, 10, 12)))
            self.assertEqual(now, self.rows(date(2026, 2, 10)))
        self.assertEqual(self.judged(date(2026, 1, 31)), 3)

    def test_days_turn_at_the_companys_midnight(self):
        """At 23:30 in São Paulo it is tomorrow in UTC, and still today here."""
        self.record_all(
            self.reading("tenure", "2026-01-01", at="2026-01-01"),
            self.reading("renewal", "2026-01-31", at="2026-01-01"),
            self.reading("tenure", "2026-01-01", self.there.id, at="2026-01-01"),
        )
        with self.at_time("2026-01-11 02:30:00"):
            self.assertEqual(self.judged(metric="tenure"), 9)
            self.assertEqual(self.judged(metric="renewal"), 21)
            self.assertEqual(self.judged(metric="tenure", account=self.there), 10)
        with self.at_time("2026-01-11 03:00:00"):
            self.assertEqual(self.judged(metric="tenure"), 10)
        for as_of in (date(2026, 1, 10), datetime(2026, 1, 11, 2, 59)):
            self.assertEqual(self.judged(as_of, "tenure"), 9)

    def test_an_as_of_may_be_text(self):
        self.record_all(self.reading(at="2026-01-05T12:00:00"))
        self.assertEqual(self.judged("2026-01-05"), 9)
        self.assertIsNone(self.judged("2026-01-05 11:59:59"))

    def test_ages_and_staleness_for_people(self):
        self.record_all(self.reading("active_users", 9, at="2026-01-01"))
        users = self.present("active_users")
        for now, age, stale in (
            ("2026-02-15 03:00:00", 45, False),
            ("2026-02-15 03:00:01", 45, True),
            ("2026-02-16 03:00:00", 46, True),
        ):
            with self.at_time(now):
                users.invalidate_recordset()
                self.assertEqual((users.age_days, users.is_stale), (age, stale))

    def test_people_see_facts_of_their_portfolio_and_write_none(self):
        self.account.csm_id = self.csm
        self.record_all(self.reading())
        fact = self.present()
        self.assertTrue(fact.with_user(self.csm).has_access("read"))
        self.assertFalse(fact.with_user(self.other_csm).has_access("read"))
        self.assertTrue(fact.with_user(self.manager).has_access("read"))
        self.assertFalse(fact.with_user(self.salesperson).has_access("read"))
        for user in (self.csm, self.specialist, self.admin):
            self.assertFalse(fact.with_user(user).has_access("write"))
            self.assertFalse(self.readings.with_user(user).has_access("create"))
        action = fact.with_user(self.csm).action_open_readings()
        self.assertEqual(
            self.readings.with_user(self.csm).search_count(action["domain"]), 1
        )
