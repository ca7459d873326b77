"""What is measured: a file for each row, which registers itself in ``harness.ROWS``."""

from . import record
from . import alerts
from . import health
from . import journeys
from . import screens
from . import segments
from .harness import ROWS


def names():
    return [row.name for row in ROWS]
