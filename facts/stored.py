"""What became of readings that were stored."""

from collections import namedtuple
from datetime import datetime

#: How many changed something, and which were refused.
Stored = namedtuple("Stored", ["changed", "refused"])


class Refused(
    namedtuple(
        "Refused", ["account_id", "metric_id", "at", "owner_id", "withdrawal_id"]
    )
):
    """A reading that was refused, and why.

    By the id of the cs.metric.source that owns the fact, else of the
    cs.metric.withdrawal by which it was withdrawn.
    """

    __slots__ = ()

    @classmethod
    def of_row(cls, account_id, metric_id, at, owner_id, withdrawal_id):
        """Make it of what the database answers: a moment is text there."""
        moment = datetime.fromisoformat(at)
        return cls(account_id, metric_id, moment, owner_id, withdrawal_id)
