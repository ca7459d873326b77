"""What all kinds share that fetch rows: rows to readings, page by page."""

from collections import Counter, namedtuple
from functools import partial
from itertools import chain

from odoo import fields
from odoo.exceptions import UserError, ValidationError

from ..facts.batch import MAX_READINGS, ReadingBatch
from ..facts.reading_parser import shown
from . import registry
from .base import Source
from .coercion import moment_of, value_of

#: Rows (list of dicts, column → what it holds) and where the next page begins
#: (anything JSON can hold; None: this was the last).
Page = namedtuple("Page", "rows position")
#: The first rows, what would become of each in words, a summary, and if all is well.
Trial = namedtuple("Trial", "rows outcomes summary is_good")
PREVIEW_ROWS = 10
MAX_REASONS = 20


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
        #: What the other system remarked of its rows; kept with the run.
        self.notes = []
        self._has_remarked_twice = False

    def pages(self, position=None):
        """Yield :class:`Page` after page.

        It may be asked again for a page, from its position; what it writes besides
        is committed, or undone, with the page that it yields next.

        :param position: where to go on, as a page before gave it; None: anew
        :raise UserError: the rows can't be fetched, in words for a person
        :raise RetryLater: the other system asks to wait
        """
        raise NotImplementedError

    def cell(self, row, column):
        """Return what a column of a row holds, None if it isn't there."""
        return row.get(column)

    def shown(self, row):
        """Return a row as people see it, a dict of columns."""
        return row

    def check(self):
        source = self.source
        if not source.customer_column:
            raise ValidationError(self.env._("Say which column holds the customer."))
        if any(not self.column_of(line) for line in source.line_ids):
            raise ValidationError(self.env._("Say which column holds each value."))

    def preview(self):
        """Return the first rows, nothing is recorded.

        :raise UserError: they can't be fetched
        """
        for page in self.pages():
            if page.rows:
                return page.rows[:PREVIEW_ROWS]
        return []

    def trial(self):
        """Return the first rows and what would become of them; nothing stays recorded.

        :raise UserError: they can't be fetched
        """
        rows = self.preview()
        readings_of_rows = [self.readings([row]) for row in rows]
        with self.env.cr.savepoint() as attempt:
            # sudo: as the scheduled fetch does; nothing of it stays.
            batch = ReadingBatch(self.env(su=True), self.source.sudo())
            answer = batch.record(list(chain(*readings_of_rows)))
            attempt.rollback()
        self.env.invalidate_all(flush=False)
        return Trial(
            [self.shown(row) for row in rows],
            self._outcomes(readings_of_rows, answer["errors"]),
            self._trial_summary(rows, answer),
            bool(rows) and not answer["errors"],
        )

    def _outcomes(self, readings_of_rows, errors):
        """Return what would become of each row."""
        reasons = {error["index"]: error["reason"] for error in errors}
        outcomes, start = [], 0
        for readings in readings_of_rows:
            end = start + len(readings)
            refused = [reasons[n] for n in range(start, end) if n in reasons]
            good = self.env._("would be recorded") if readings else ""
            outcomes.append(refused[0] if refused else good)
            start = end
        return outcomes

    def _trial_summary(self, rows, answer):
        if not rows:
            return self.env._("The source answered, without any row.")
        return self.env._(
            "Of the first %(rows)s rows, %(good)s values would be recorded, %(bad)s "
            "would not. Nothing is stored yet.",
            rows=len(rows),
            good=answer["recorded"] + answer["unchanged"],
            bad=len(answer["errors"]),
        )

    def run(self, accounts=None):
        self._check_lines()
        counted, errors = Counter(), []
        walk = partial(self._walk, counted, errors)
        try:
            self.source._insist(walk) if self._commits_pages() else walk()
        except RetryLater as later:
            later.counted = counted
            raise
        return {**counted, "errors": errors}

    def _walk(self, counted, errors):
        """Fetch and record page after page, from where the source stands."""
        owned = registry.kind_of(self.source._as_owner())
        position = self.source.position
        if position is None or position is False:
            # Another transaction may have stopped this walk at its first try.
            counted.clear()
            errors.clear()
        for page in owned.pages(position or None):
            answers = list(owned.record(page.rows))
            self._arrive(page.position)
            for answer in answers:
                counted.update(answer["counted"])
                errors += answer["errors"][: MAX_REASONS - len(errors)]
            self._check_time(page.position)
        errors[:0] = owned.notes

    def _remark_twice(self, readings):
        """Say once a run that of several values of one fact only the last counts."""
        seen = set()
        for reading in () if self._has_remarked_twice else readings:
            fact = (reading["account"], reading["metric"], str(reading.get("at")))
            if fact in seen:
                self._has_remarked_twice = True
                self.notes.append(
                    self.env._(
                        "There are several rows of “%(customer)s” for one moment: only "
                        "the last counts. Let the source give one row for each.",
                        customer=shown(reading["account"]),
                    )
                )
                return
            seen.add(fact)

    def _check_lines(self):
        if not self.source.line_ids:
            raise UserError(
                self.env._("Nothing is asked for: add the metrics and their columns.")
            )

    def _arrive(self, position):
        """Keep where the walk stands, with what was recorded up to there."""
        # sudo: the position is the machine's note.
        self.source.sudo().position = position
        if self._commits_pages():
            self.env["ir.cron"]._commit_progress()

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
        self._remark_twice(readings)
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
                "errors": _each_once(error["reason"] for error in answer["errors"]),
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


def _each_once(reasons):
    return list(dict.fromkeys(reasons))
