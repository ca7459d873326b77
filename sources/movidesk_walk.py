"""The way through Movidesk, a page at a time, that goes on wherever it was cut."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from ..models.cs_metric_source_item import ANSWERS_KEPT
from .item_store import ItemStore
from .movidesk_service import (
    KEYS_A_QUERY,
    answer_item,
    customer_item,
    ticket_item,
)

#: Clocks differ, and what changes while one reads must not fall between two walks.
OVERLAP = timedelta(minutes=30)
#: Companies are read again after a day; after a week all is, to see what is gone.
_COMPANIES_LAST = timedelta(days=1)
_ALL_LASTS = timedelta(days=7)
#: A company may slip through one walk, when another before it is deleted meanwhile.
_COMPANIES_MISSED = timedelta(days=3)


class Walk:
    """Reads what changed at Movidesk into the items of a source.

    ``position`` says where it stands: which step of its plan, and up to where that is
    read. ``marks`` of the source say what earlier walks have read.
    """

    def __init__(self, source, service, position):
        """
        :param service: a :class:`MovideskService`
        :param position: as a walk before left it; None: anew
        """
        self.env = source.env
        self.service = service
        self.store = ItemStore(source)
        self._with_nps = source.movidesk_nps
        self._marks = source.marks or {}
        self.position = position or {}
        if self._is_older(self.position.get("begun"), _ALL_LASTS):
            self.position = self._plan()

    @property
    def begun(self):
        return fields.Datetime.to_datetime(self.position["begun"])

    @property
    def is_done(self):
        return self.position["at"] == len(self.position["steps"])

    def _is_older(self, moment, limit):
        moment = fields.Datetime.to_datetime(moment)
        return not moment or fields.Datetime.now() - moment > limit

    def _plan(self):
        is_whole = self._is_older(self._marks.get("all"), _ALL_LASTS)
        is_new_day = self._is_older(self._marks.get("companies"), _COMPANIES_LAST)
        steps = {
            "companies": is_whole or is_new_day,
            "tickets": is_whole,
            # What moves from one route to the other meanwhile is met in one of them:
            # tickets grow old towards the second, what is touched comes as a change.
            "past": is_whole,
            "changes": True,
            "answers": self._with_nps,
            "answered": self._with_nps,
            "gone": is_whole,
            "people": True,
        }
        return {
            "begun": fields.Datetime.to_string(fields.Datetime.now()),
            "is_whole": is_whole,
            "steps": [name for name, is_due in steps.items() if is_due],
            "at": 0,
            "after": None,
        }

    def step(self):
        """Read one page, keep it, and move the position behind it.

        :raise UserError: it can't be read; the position stays
        """
        at, after = self.position["at"], self.position["after"]
        following = getattr(self, f"_{self.position['steps'][at]}")(after)
        if following is not None and _key(following) == _key(after):
            raise UserError(self.env._("Movidesk gives the same page again and again."))
        at = at + 1 if following is None else at
        self.position = {**self.position, "at": at, "after": following}

    def marks(self):
        """Return the marks for the next walk."""
        steps = self.position["steps"]
        read = {
            "all": self.position["is_whole"],
            "companies": "companies" in steps,
            "changes": True,
            "answers": "answers" in steps,
        }
        fresh = {mark: self.position["begun"] for mark in read if read[mark]}
        return {**self._marks, **fresh}

    # The steps: each reads and keeps one page behind `after`, and returns where the
    # next one begins, None behind the last.

    def _companies(self, after):
        skip = after[0] if after else 0
        rows = self.service.companies(skip)
        if not rows:
            # Those that are no companies are asked for again in the last step.
            self.store.sweep(["customer"], self.begun - _COMPANIES_MISSED)
            return None
        self._keep("customer", map(customer_item, rows))
        return [skip + len(rows), customer_item(rows[-1])["key"]]

    def _tickets(self, after):
        return self._keep_tickets(self.service.tickets(after or 0))

    def _past(self, after):
        return self._keep_tickets(self.service.past_open_tickets(after or 0))

    def _changes(self, after):
        since = self.begun
        if not self.position["is_whole"]:
            since = fields.Datetime.to_datetime(self._marks["changes"])
        rows = self.service.tickets(after or 0, since=since - OVERLAP)
        return self._keep_tickets(rows)

    def _keep_tickets(self, rows):
        self._keep("ticket", map(ticket_item, rows))
        return max((int(row["id"]) for row in rows), default=None)

    def _answers(self, after):
        mark = None if self.position["is_whole"] else self._marks.get("answers")
        since = fields.Datetime.to_datetime(mark) or self.begun - ANSWERS_KEPT
        rows, has_more = self.service.answers(since - OVERLAP, after)
        self._keep("answer", filter(None, map(answer_item, rows)))
        self.store.settle_answers()
        return str(rows[-1]["id"]) if rows and has_more else None

    def _answered(self, _after):
        """Ask for the old tickets by which one sees whose answers are."""
        keys = self.store.unsettled_tickets(KEYS_A_QUERY)
        if keys:
            self._keep("ticket", map(ticket_item, self.service.past_tickets(keys)))
            self.store.settle_answers()
            self.store.give_up_tickets(keys)
        return keys or None

    def _gone(self, _after):
        self.store.sweep(["ticket", "answer"], self.begun)

    def _people(self, _after):
        """Ask for those of whom there are tickets or answers, companies or not."""
        keys = self.store.unknown_customers(KEYS_A_QUERY)
        if keys:
            nothing_known = [{"key": key} for key in keys]
            found = map(customer_item, self.service.persons(keys))
            self._keep("customer", [*nothing_known, *found])
        return keys or None

    def _keep(self, kind, items):
        self.store.keep(kind, list(items), self.begun)


def _key(cursor):
    """Return the key of the last row before a cursor."""
    return cursor[-1] if isinstance(cursor, list) else cursor
