"""What a customer paid, day by day, as a list of readings."""

from collections import namedtuple
from dataclasses import replace
from datetime import date, timedelta

from .periods import chains

_DAY = timedelta(days=1)

#: A period as it counts: from ``start`` to the day before ``until``.
Segment = namedtuple("Segment", "start until end product mrr months")


#: What it knows; readings of these by the source of subscriptions are corrected.
METRICS = ("mrr", "products", "renewal", "billing_months")


def readings(account_id, by_product, known, recorded, today):
    """Return the readings of revenue of one customer since its first line.

    One for each day on which MRR, products in force, their length or the next end
    changed: with the end of all of them, MRR and products 0 and no renewal. What was
    recorded before the file told otherwise is corrected at its own moment.

    :param by_product: ``{product: [Period]}`` of the file
    :param known: the same of the subscriptions known before
    :param recorded: ``[(metric, naive UTC moment, local day)]`` in the history
    :param today: the last day of history
    """
    segments = _segments(by_product, known)
    first = min(one.start for periods in by_product.values() for one in periods)
    yield _reading(account_id, first, "tenure", segments[0].start)
    before = {}
    for day in _days_of_change(segments, first, today):
        for key, value in _facts(segments, day).items():
            if key not in before or before[key] != value:
                before[key] = value
                yield _reading(account_id, day, key, value)
    for key, moment, day in recorded:
        if first <= day <= today:
            yield _reading(account_id, moment, key, _facts(segments, day)[key])


def _reading(account_id, day, key, value):
    return {"account": account_id, "metric": key, "value": value, "at": day}


def _facts(segments, day):
    """Return MRR, products in force and the next end of one day."""
    running = {}
    # In order of start: of two periods of a product, the later one counts.
    for segment in segments:
        if segment.start <= day < segment.until:
            running[segment.product] = segment
    # The renewal is that of the longest periods: add-ons by the month follow the plan.
    longest = max((one.months for one in running.values()), default=0)
    ends = [one.end for one in running.values() if one.end and one.months == longest]
    return {
        "mrr": round(sum(one.mrr for one in running.values()), 6),
        "products": len(running),
        "renewal": min(ends, default=None),
        "billing_months": longest or None,
    }


def _days_of_change(segments, first, today):
    days = {day for one in segments for day in (one.start, one.until)}
    return sorted(day for day in days if first <= day <= today)


def _segments(by_product, known):
    """Return the :class:`Segment` list of all products, in order of start."""
    everything = {
        product: [
            *by_product.get(product, []),
            *_not_covered(known.get(product, []), by_product.get(product, [])),
        ]
        for product in {*by_product, *known}
    }
    starts = {one.start for periods in everything.values() for one in periods}
    segments = [
        Segment(
            period.start,
            until,
            period.end,
            product,
            period.mrr,
            period.billing_months,
        )
        for product, periods in everything.items()
        for period, until in _until(periods, starts)
    ]
    return sorted(segments, key=lambda one: one.start)


def _not_covered(known, periods):
    """Return the parts of what was known that the file's periods don't speak of."""
    if not periods:
        return known
    first = min(one.start for one in periods)
    last = max(one.last for one in periods)
    parts = []
    for one in known:
        if one.start < first:
            parts.append(replace(one, end=min(one.last, first - _DAY)))
        if one.last > last:
            parts.append(replace(one, start=max(one.start, last + _DAY)))
    return parts


def _until(periods, starts):
    """Yield each period of a product with the first day on which it doesn't count."""
    for chain in chains(periods):
        following = [*chain.periods[1:], None]
        for period, after in zip(chain.periods, following, strict=True):
            until = _day_after(period, starts)
            # A gap within a subscription is an invoice that came late.
            yield period, max(until, after.start) if after else until


def _day_after(period, starts):
    if period.end is None:
        return date.max
    # The day on which another begins belongs to that one.
    return period.end if period.end in starts else period.end + _DAY
