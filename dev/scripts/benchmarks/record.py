"""Ten values of every customer through the one door, beside COPY of the same rows."""

import io
from datetime import datetime, timedelta

from .harness import Row, Step, row

CALL = 50_000
COPY = "COPY of the same rows into an indexed table"
FIRST = Step("record() the first 10 values per customer", COPY, 4.0)
NEXT = Step("record() next day's values", COPY, 5.0)
AGAIN = Step("record() the same again", COPY, 0.7)
#: Two of them are mirrored on the customer, as in life.
KEYS = (*(f"bench_{number}" for number in range(8)), "mrr", "mood")
BEGIN = datetime(2026, 1, 1)


@row
class Record(Row):
    name = "record"
    steps = (FIRST, NEXT, AGAIN)

    def prepare(self, size):
        metrics = self.env["cs.metric"]
        known = metrics.search([("key", "in", KEYS)])
        known += metrics.create(
            [
                {"key": key, "name": key}
                for key in KEYS
                if key not in known.mapped("key")
            ]
        )
        self.ids = {metric.key: metric.id for metric in known}

    def round(self, size, clock):
        self.clean()
        self.env.cr.execute(
            """
            CREATE TABLE bench_copy (
                id serial PRIMARY KEY,
                account_id int NOT NULL,
                metric_id int NOT NULL,
                source_id int,
                at timestamp NOT NULL,
                value float8
            );
            CREATE UNIQUE INDEX ON bench_copy (account_id, metric_id, at)
            """
        )
        self.env.cr.commit()
        # What comes again cannot be copied twice: it is the rows of one more day.
        for step, day, copied_day in ((FIRST, 0, 0), (NEXT, 1, 1), (AGAIN, 1, 2)):
            for account_ids in self._calls():
                self._copy(step, clock, self._readings(account_ids, copied_day))
                self._record(step, clock, self._readings(account_ids, day))

    def clean(self):
        self.env.cr.execute("TRUNCATE cs_metric_reading, cs_metric_value")
        self.env.cr.execute("DROP TABLE IF EXISTS bench_copy")

    def _calls(self):
        """Yield the customers of each call."""
        ids, width = self.portfolio.account_ids, CALL // len(KEYS)
        for start in range(0, len(ids), width):
            yield ids[start : start + width]

    def _readings(self, account_ids, day):
        """Return ten values of each customer, all different the next day."""
        at = (BEGIN + timedelta(days=day)).isoformat()
        return [
            {
                "account": account_id,
                "metric": key,
                "value": (account_id * 7 + number * 13) % 400 / 4 + day,
                "at": at,
            }
            for account_id in account_ids
            for number, key in enumerate(KEYS)
        ]

    def _record(self, step, clock, readings):
        with clock.time(step):
            answer = self.env["cs.metric.value"].record(readings)
        expected = "unchanged" if step is AGAIN else "recorded"
        if answer[expected] != len(readings):
            raise AssertionError(f"{step.name}: {str(answer)[:500]}")

    def _copy(self, step, clock, readings):
        text = "".join(
            f"{one['account']}\t{self.ids[one['metric']]}\t{one['at']}\t{one['value']}\n"
            for one in readings
        )
        with clock.time(step, yardstick=True):
            self.env.cr.copy_expert(
                "COPY bench_copy (account_id, metric_id, at, value) FROM STDIN",
                io.StringIO(text),
            )
