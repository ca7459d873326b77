from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.customer_success.models import cs_metric_reading_retention as retention

from .facts_common import FactsCase

NOW = datetime(2026, 6, 15, 12)
HORIZON = NOW - timedelta(days=90)
METRICS = ("nps", "mrr")
#: Few moments and few values: readings meet, repeat, contradict and confirm.
LONG_AGO = st.integers(2, 80).map(lambda step: NOW - timedelta(days=12 * step))
RECENT = st.integers(0, 89 * 2).map(lambda step: NOW - timedelta(hours=12 * step))
MOMENTS = st.one_of(LONG_AGO, RECENT)
VALUES = st.one_of(st.none(), st.integers(0, 2), st.floats(-1e9, 1e9, width=32))


def arrivals(moments):
    """Calls of the door, with a withdrawal of some readings now and then.

    A reading is (which account, metric, value, moment), a withdrawal a set of numbers.
    """
    reading = st.tuples(st.integers(0, 1), st.sampled_from(METRICS), VALUES, moments)
    call = st.lists(reading, min_size=1, max_size=8)
    return st.lists(st.one_of(call, call, st.sets(st.integers(0, 50))), max_size=5)


class Replay:
    """What the history must be, kept as a plain dict."""

    def __init__(self):
        self.readings = {}
        self.withdrawn = set()

    def record(self, call):
        # Of one moment only the last word of a call counts, withdrawn or not.
        last = {(account, metric, at): value for account, metric, value, at in call}
        for key, value in last.items():
            if (*key, value) not in self.withdrawn:
                self.readings[key] = value

    def withdraw(self, keys):
        for key in keys:
            self.withdrawn.add((*key, self.readings.pop(key)))

    def at(self, as_of):
        """Return ``{(account, metric): (value, at)}`` of what is known then."""
        newest = {}
        for (account, metric, at), value in sorted(
            self.readings.items(), key=lambda item: item[0][2]
        ):
            if at <= as_of:
                newest[account, metric] = (value, at)
        return {fact: known for fact, known in newest.items() if known[0] is not None}


@tagged("post_install", "-at_install")
class TestReplay(FactsCase):
    """The one reader agrees with a naive replay, whatever came when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.account + cls.make_account("Mercado Lua")
        cls.metric_ids = {
            key: cls.env.ref(f"customer_success.cs_metric_{key}").id for key in METRICS
        }

    def forget_everything(self):
        for table in ("cs_metric_reading", "cs_metric_value", "cs_metric_withdrawal"):
            self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        self.accounts.sudo().mrr = 0
        self.env.flush_all()
        self.env.invalidate_all()

    def known(self, as_of=None):
        """Return ``{(account, metric): (value, at)}``, as the reader has it."""
        accounts = {one.id: position for position, one in enumerate(self.accounts)}
        metrics = {id_: key for key, id_ in self.metric_ids.items()}
        return {
            (accounts[account_id], metrics[metric_id]): (value, at)
            for account_id, metric_id, value, at in self.env.execute_query(
                SQL(
                    "SELECT v.account_id, v.metric_id, v.value, v.at FROM (%s) v",
                    self.values._sql_values(as_of),
                )
            )
        }

    def arrive(self, replay, steps, since=None):
        """Let calls and withdrawals come in, here and in the replay.

        :param since: only readings of that moment and later are withdrawn
        """
        for step in steps:
            if isinstance(step, set):
                keys = sorted(
                    key for key in replay.readings if since is None or key[2] >= since
                )
                chosen = {keys[number % len(keys)] for number in step if keys}
                self.withdraw(chosen)
                replay.withdraw(chosen)
            else:
                self.record_all(
                    *(
                        self.reading(metric, value, self.accounts[account].id, at=at)
                        for account, metric, value, at in step
                    )
                )
                replay.record(step)

    def withdraw(self, keys):
        readings = self.readings.browse()
        for account, metric, at in keys:
            readings += self.readings.search(
                [
                    ("account_id", "=", self.accounts[account].id),
                    ("metric_id.key", "=", metric),
                    ("at", "=", at),
                ]
            )
        self.assertEqual(len(readings), len(keys))
        readings.with_user(self.admin).action_withdraw("Wrong")

    def thin(self, confirmations, changes):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(retention.CONFIRMATIONS, str(confirmations))
        parameters.set_param(retention.CHANGES, str(changes))
        return self.readings._thin(self.accounts.ids)

    def values_of(self, known):
        return {fact: value for fact, (value, _at) in known.items()}

    proves = settings(
        max_examples=60,
        deadline=None,
        # The same histories in every run: a red run is a change of ours.
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
    )

    @proves
    @given(steps=arrivals(MOMENTS), moments=st.lists(MOMENTS, max_size=4))
    def test_any_history_at_any_moment(self, steps, moments):
        self.forget_everything()
        replay = Replay()
        with self.at_time(NOW):
            self.arrive(replay, steps)
            for as_of in (NOW, *moments):
                self.assertEqual(self.known(as_of), replay.at(as_of))
            self.assertEqual(self.known(), replay.at(NOW))
            self.assertEqual(self.known(NOW.date()), replay.at(NOW))
            for position, account in enumerate(self.accounts):
                mrr = replay.at(NOW).get((position, "mrr"), (0, None))[0]
                self.assertAlmostEqual(account.mrr, mrr, 2)

    @proves
    @given(
        before=arrivals(MOMENTS),
        after=arrivals(RECENT),
        moments=st.lists(MOMENTS, max_size=6),
    )
    def test_confirmations_that_go_change_ages_only(self, before, after, moments):
        self.forget_everything()
        replay = Replay()
        with self.at_time(NOW):
            self.arrive(replay, before)
            self.thin(confirmations=90, changes=0)
            self.arrive(replay, after, since=HORIZON)
            if any(isinstance(step, set) for step in after):
                # Where the newest was withdrawn, what confirmed the one before it
                # may be gone: the value is the same, only older.
                now = replay.at(NOW)
                self.assertEqual(self.values_of(self.known()), self.values_of(now))
            else:
                self.assertEqual(self.known(), replay.at(NOW), "age of the present")
            for as_of in moments:
                known, expected = self.known(as_of), replay.at(as_of)
                self.assertEqual(self.values_of(known), self.values_of(expected))
                for fact, (_value, at) in known.items():
                    self.assertLessEqual(at, expected[fact][1])

    @proves
    @given(steps=arrivals(MOMENTS), moments=st.lists(MOMENTS, max_size=6))
    def test_months_that_were_thinned_end_as_they_did(self, steps, moments):
        self.forget_everything()
        replay = Replay()
        with self.at_time(NOW):
            self.arrive(replay, steps)
            self.thin(confirmations=90, changes=365)
            self.assertEqual(self.known(), replay.at(NOW), "age of the present")
            for as_of in moments:
                if as_of < datetime(2025, 6, 2):
                    as_of = self.end_of_month(as_of)
                    moment = self.env["cs.account"]._as_of_moment(as_of, self.company)
                else:
                    moment = as_of
                self.assertEqual(
                    self.values_of(self.known(as_of)),
                    self.values_of(replay.at(moment)),
                )

    def end_of_month(self, moment):
        """Return the last day of a month, as the customer's company has it."""
        day = self.env["cs.account"]._local_date(moment, self.company)
        next_month = date(day.year, day.month, 28) + timedelta(days=4)
        return next_month.replace(day=1) - timedelta(days=1)
