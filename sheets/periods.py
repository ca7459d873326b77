"""Billed periods and the subscriptions that consecutive ones are."""

from dataclasses import dataclass, field
from datetime import date, timedelta

#: A pause of so many days between two periods is an invoice that came late.
LONGEST_GAP = timedelta(days=5)


@dataclass
class Period:
    """What a customer pays for a product from ``start`` to ``end``, both in force."""

    start: date
    end: date | None
    mrr: float
    quantity: float = 1.0
    billing_months: int = 1
    #: Its line in the file; None for what was known before.
    line: int | None = None
    #: The cs.subscription it was known from; None for a line of the file.
    subscription: object = None

    @property
    def last(self):
        """The end, the end of time for an open one."""
        return self.end or date.max


@dataclass
class Chain:
    """Periods of one product without a gap between them: one subscription."""

    periods: list = field(default_factory=list)

    def takes(self, period):
        """Whether a period that starts later goes on from here."""
        last = max(one.last for one in self.periods)
        return last == date.max or period.start <= last + LONGEST_GAP

    @property
    def latest(self):
        """The period that says what is paid now, a line of the file rather."""
        return max(
            self.periods,
            key=lambda one: (one.last, one.line is not None, one.start, one.line or 0),
        )

    @property
    def lines(self):
        """The lines of the file in it."""
        return [one.line for one in self.periods if one.line is not None]

    @property
    def subscriptions(self):
        """The subscriptions known before that it goes on from."""
        return [
            one.subscription for one in self.periods if one.subscription is not None
        ]

    def values(self):
        """Return the fields of the cs.subscription that it is."""
        latest = self.latest
        return {
            "start_on": self.periods[0].start,
            "end_on": latest.end or False,
            "mrr": latest.mrr,
            "quantity": latest.quantity,
            "billing_months": latest.billing_months,
        }


def chains(periods):
    """Return the :class:`Chain` list of one product's periods, in order of time."""
    result = []
    for period in sorted(periods, key=lambda one: (one.start, one.last)):
        if result and result[-1].takes(period):
            result[-1].periods.append(period)
        else:
            result.append(Chain([period]))
    return result
