"""What a customer paid, day by day, as a list of readings."""

from dataclasses import replace
from datetime import date, timedelta

from .periods import chains

_DAY = timedelta(days=1)


#: What it knows; readings of these by the source of subscriptions are corrected.
METRICS = ("mrr", "products", "renewal")


def readings(account_id, by_product, known, recorded, today):
    """Return the readings of revenue of one customer since its first line.

    One for each day on which MRR, products in force or the next end changed: with
    the end of all of them, MRR and products 0 and no renewal. What was recorded
    before the file told otherwise is corrected at its own moment.

    :param by_product: ``{product: [Period]}`` of the file
    :param known: the same of the subscriptions known before
    :param recorded: ``[(metric, naive UTC moment, local day)]`` in the history
    :param today: the last day of history
    """
    segments = _segments(by_product, known)
    first = min(one.start for periods in by_product.values() for one in periods)
    since = min(start for start, *_rest in segments)
    yield _reading(account_id, first, "tenure", since)
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
    running = [one for one in segments if one[0] <= day < one[1]]
    ends = [end for _start, _until, end, _product, _mrr in running if end]
    return {
        "mrr": round(sum(one[4] for one in running), 6),
        "products": len({one[3] for one in running}),
        "renewal": min(ends, default=None),
    }


def _days_of_change(segments, first, today):
    days = {day for start, until, *_rest in segments for day in (start, until)}
    return sorted(day for day in days if first <= day <= today)


def _segments(by_product, known):
    """Return ``[(start, first day not in force, end, product, mrr)]``."""
    everything = {
        product: [
            *by_product.get(product, []),
            *_not_covered(known.get(product, []), by_product.get(product, [])),
        ]
        for product in {*by_product, *known}
    }
    starts = {one.start for periods in everything.values() for one in periods}
    return [
        (*bounds, product, period.mrr)
        for product, periods in everything.items()
        for period, bounds in _bounds(periods, starts)
    ]


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


def _bounds(periods, starts):
    """Yield each period with its start, the day it stops counting, and its end."""
    for chain in chains(periods):
        following = [*chain.periods[1:], None]
        for period, after in zip(chain.periods, following, strict=True):
            if after:
                until = after.start
            elif period.end is None:
                until = date.max
            else:
                # The day on which another begins belongs to that one.
                until = period.end if period.end in starts else period.end + _DAY
            yield period, (period.start, until, period.end)
