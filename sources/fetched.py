"""What all kinds share that fetch rows: rows to readings, page by page."""

from collections import Counter, namedtuple

from odoo import fields
from odoo.exceptions import UserError, ValidationError

from ..facts.batch import MAX_READINGS, ReadingBatch
from . import registry
from .base import Source
from .coercion import moment_of, value_of

#: Rows (list of dicts, column → what it holds) and where the next page begins
#: (anything JSON can hold; None: this was the last).
Page = namedtuple("Page", "rows position")
PREVIEW_ROWS = 10


class RetryLater(UserError):
    """The other system asks to wait; what was fetched so far is kept."""

    def __init__(self, message, seconds):
        super().__init__(message)
        self.seconds = seconds
        #: What was counted before, see ``cs.metric.source._note()``.
        self.counted = {}


class FetchedSource(Source):
    """Fetches rows with a column for the customer and one for each metric.

    A kind says how pages of rows come, and by which name a column is found in a row.
    """

    is_fetched = True

    def __init__(self, source):
        super().__init__(source)
        self.begun = fields.Datetime.now()

    def pages(self, position=None):
        """Yield :class:`Page` after page.

        :param position: where to go on, as a page before gave it; None: anew
        :raise UserError: the rows can't be fetched, in words for a person
        :raise RetryLater: the other system asks to wait
        """
        raise NotImplementedError

    def cell(self, row, column):
        """Return what a column of a row holds, None if it isn't there."""
        return row.get(column)

    def check(self):
        source = self.source
        if not source.customer_column:
            raise ValidationError(self.env._("Say which column holds the customer."))
        if any(not line.column for line in source.line_ids):
            raise ValidationError(self.env._("Say which column holds each value."))

    def preview(self):
        """Return the first rows, nothing is recorded.

        :raise UserError: they can't be fetched
        """
        for page in self.pages():
            if page.rows:
                return page.rows[:PREVIEW_ROWS]
        return []

    def run(self, accounts=None):
        self._check_lines()
        owned = registry.kind_of(self.source._as_owner())
        counted, errors = Counter(), []
        try:
            for page in owned.pages(self.source.position):
                for answer in self._keep(owned, page):
                    counted.update(answer["counted"])
                    errors += answer["errors"][: 20 - len(errors)]
                self._check_time(page.position)
        except RetryLater as later:
            later.counted = counted
            raise
        return {**counted, "errors": errors}

    def _check_lines(self):
        if not self.source.line_ids:
            raise UserError(
                self.env._("Nothing is asked for: add the metrics and their columns.")
            )

    def _keep(self, owned, page):
        """Record a page and where the walk stands with it: both or neither.

        :return: the answers of :meth:`record`
        """

        def work():
            answers = list(owned.record(page.rows))
            # sudo: the position is the machine's note.
            self.source.sudo().position = page.position
            return answers

        if self._commits_pages():
            return self.source._in_own_transaction(work)
        return work()

    def _commits_pages(self):
        return self.env.context.get("cs_commit_pages")

    def _check_time(self, position):
        """Leave the rest of a long walk to the next turn."""
        if position is None or not self._commits_pages():
            return
        if not self.env["ir.cron"]._commit_progress():
            raise RetryLater(self.env._("It goes on shortly from where it stands."), 0)

    def record(self, rows):
        """Record rows; yield what became of each call of the door.

        :return: dicts of counted (a dict of numbers) and errors (reasons)
        """
        readings = self.readings(rows)
        for start in range(0, len(readings), MAX_READINGS):
            part = readings[start : start + MAX_READINGS]
            # sudo: the owner may fetch; writing facts is the door's work alone.
            batch = ReadingBatch(self.env(su=True), self.source.sudo())
            answer = batch.record(part)
            yield {
                "counted": {
                    "read": len(part),
                    "recorded": answer["recorded"],
                    "unchanged": answer["unchanged"],
                    "waiting": batch.waiting,
                    "bad": len(answer["errors"]) - batch.waiting,
                },
                "errors": [error["reason"] for error in answer["errors"]],
            }

    def readings(self, rows):
        """Return rows as readings, one for each row and metric."""
        source = self.source
        lines = [(one.metric_id, self.column_of(one)) for one in source.line_ids]
        # sudo: key and kind of a metric, to know how its value is read.
        lines = [(one.sudo().key, one.sudo().kind, column) for one, column in lines]
        readings = []
        for row in rows:
            base = {"account": self.customer(row), "at": self.begun}
            if source.at_column:
                base["at"] = moment_of(self.cell(row, source.at_column))
            for key, kind, column in lines:
                value = value_of(self.cell(row, column), kind)
                readings.append({**base, "metric": key, "value": value})
        return readings

    def customer(self, row):
        """Return by what a row names its customer."""
        found = self.cell(row, self.source.customer_column)
        # A number is a reference here: ids of ours are nothing another system knows.
        return found.strip() if isinstance(found, str) else str(found or "")

    def column_of(self, line):
        """Return the column in which the value of a line is."""
        return line.column
