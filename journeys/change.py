from collections.abc import Callable
from typing import NamedTuple


class Change(NamedTuple):
    """One difference between a journey and its template, and how to take it over."""

    kind: str  # added, removed, changed
    stage: str
    title: str  # of the task; empty: the stage itself
    detail: str
    apply: Callable[[], None]

    @property
    def shown(self):
        """What people see of it."""
        return (self.kind, self.stage, self.title, self.detail)
