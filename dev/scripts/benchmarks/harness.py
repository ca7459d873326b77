"""Runs the rows of the benchmark and says how they did beside their yardsticks.

On a machine that others use too, seconds say little; the ratio to what was measured in
the same moments, in the same database, says more.
"""

import contextlib
import gc
import itertools
import json
import math
import platform
import statistics
import time
from collections import defaultdict, namedtuple

from .portfolio import Portfolio

ROUNDS = 3
#: Time may grow with the number of customers to the power of this.
GROWTH_GOAL = 1.1
#: Smaller sizes are mostly the fixed part of a call.
GROWTH_FROM = 10_000
ROWS = []

#: One line of the result: what is done, what is beside it, and the goal of the ratio.
Step = namedtuple("Step", ["name", "yardstick", "goal"])


def row(cls):
    """Register a row of the benchmark."""
    ROWS.append(cls)
    return cls


class Row:
    """One subject of the benchmark; its steps are measured three times each."""

    name = None
    steps = ()

    def __init__(self, env, portfolio):
        self.env = env
        self.portfolio = portfolio

    def prepare(self, size):
        """Make what all rounds of a size need."""

    def round(self, size, clock):
        """Do every step and its yardstick once, each within ``clock``.

        :param clock: a ``Clock``
        """
        raise NotImplementedError

    def clean(self):
        """Leave the database as the next row expects it: customers alone."""


class Clock:
    """Sums what the parts of the steps of one round take."""

    def __init__(self, env):
        self.env = env
        self.ours = defaultdict(float)
        self.yardstick = defaultdict(float)

    @contextlib.contextmanager
    def time(self, step, yardstick=False):
        """Measure a part of a step, its commit included."""
        gc.collect()
        begun = time.perf_counter()
        yield
        self.env.cr.commit()
        sums = self.yardstick if yardstick else self.ours
        sums[step.name] += time.perf_counter() - begun


class Harness:
    def __init__(self, env, only=None):
        self.env = env
        self.portfolio = Portfolio(env)
        self.rows = [
            cls(env, self.portfolio) for cls in ROWS if not only or cls.name in only
        ]
        self.results = []
        self.growth = []
        print(f"{'customers':>9}  {'step':<44} seconds    beside it   ratio  goal")

    def run(self, size):
        """Measure every row with that many customers."""
        self.portfolio.grow_to(size)
        for one in self.rows:
            one.prepare(size)
            self.env.cr.commit()
            clocks = [self._round(one, size) for _round in range(ROUNDS)]
            one.clean()
            self.env.cr.commit()
            for step in one.steps:
                self._add(one, step, size, clocks)

    def _round(self, one, size):
        clock = Clock(self.env)
        one.round(size, clock)
        return clock

    def _add(self, one, step, size, clocks):
        seconds = statistics.median(clock.ours[step.name] for clock in clocks)
        beside = statistics.median(clock.yardstick[step.name] for clock in clocks)
        result = {
            "row": one.name,
            "step": step.name,
            "accounts": size,
            "seconds": round(seconds, 4),
            "yardstick": step.yardstick,
            "yardstick_seconds": round(beside, 4),
            "ratio": round(seconds / beside, 3),
            "goal": step.goal,
            "met": seconds / beside <= step.goal,
        }
        self.results.append(result)
        print(
            f"{size:>9}  {step.name:<44} {seconds:>7.3f} {beside:>12.3f} "
            f"{seconds / beside:>7.2f}  ≤ {step.goal} {_word(result['met'])}",
            flush=True,
        )

    def show_growth(self):
        """Say how the time of each step grows from size to size."""
        by_step = defaultdict(list)
        for result in self.results:
            by_step[result["row"], result["step"]].append(result)
        for (name, step), of_sizes in by_step.items():
            for small, large in itertools.pairwise(of_sizes):
                self._add_growth(name, step, small, large)

    def _add_growth(self, name, step, small, large):
        exponent = math.log(large["seconds"] / small["seconds"]) / math.log(
            large["accounts"] / small["accounts"]
        )
        counts = small["accounts"] >= GROWTH_FROM
        met = exponent <= GROWTH_GOAL if counts else None
        self.growth.append(
            {
                "row": name,
                "step": step,
                "from": small["accounts"],
                "to": large["accounts"],
                "exponent": round(exponent, 3),
                "goal": GROWTH_GOAL if counts else None,
                "met": met,
            }
        )
        goal = f"  ≤ {GROWTH_GOAL} {_word(met)}" if counts else ""
        print(
            f"growth {small['accounts']} → {large['accounts']}  {step:<44} "
            f"{exponent:>5.2f}{goal}",
            flush=True,
        )

    def save(self, path):
        """Write all results as JSON."""
        self.env.cr.execute("SHOW server_version")
        [version] = self.env.cr.fetchone()
        content = {
            "python": platform.python_version(),
            "postgresql": version,
            "rounds": ROUNDS,
            "results": self.results,
            "growth": self.growth,
        }
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, ensure_ascii=False)
            file.write("\n")


def _word(met):
    return "met" if met else "missed"
