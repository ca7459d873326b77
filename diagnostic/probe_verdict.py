"""What the number of a probe says."""

import math
from decimal import Decimal

#: Numbers of a database that differ by less are one.
_DECIMALS = 9


def number(value):
    """Return a value of a database as a float, None when it is no finite number."""
    if isinstance(value, (bool, int, float, Decimal)) and math.isfinite(value):
        return float(value)
    return None


def answer(value, done_at, partly_at):
    """Return the answer that a number stands for.

    :param value: the number seen
    :param done_at: "done" from here on
    :param partly_at: "partly" from here on, "not_done" before; when it is above
        ``done_at``, lower numbers are better
    """
    direction = 1 if done_at > partly_at else -1
    reached = round(direction * value, _DECIMALS)
    if reached >= round(direction * done_at, _DECIMALS):
        return "done"
    if reached >= round(direction * partly_at, _DECIMALS):
        return "partly"
    return "not_done"
