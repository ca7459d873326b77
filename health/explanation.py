"""A score taken apart: what each line brings, summing to it to the last digit."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

TENTH = Decimal("0.1")
KINDS = ("measure", "cap", "override")


def tenths(number):
    """Return a number as an integer of tenths, rounded half up as SQL does it."""
    exact = Decimal(repr(float(number))).quantize(Decimal("1e-8"), ROUND_HALF_UP)
    return int(exact.quantize(TENTH, ROUND_HALF_UP) * 10)


def settle(verdict):
    """Return the lines of a verdict, each with its ``kind`` and ``contribution``.

    Measures sum to the weighted mean of their points, a cap takes what is above it,
    an override adds what is missing to it. Contributions are multiples of 0.1, the
    tenths that rounding leaves over go to the largest remainders, so that they sum to
    the score exactly.

    :param verdict: dict of ``score`` (what counts), ``computed`` and ``lines`` as
        ``Judgement`` made them
    """
    lines = [dict(line, kind=_kind(line)) for line in verdict["lines"] or []]
    lines.sort(key=lambda line: (KINDS.index(line["kind"]), line[f"{line['kind']}_id"]))
    measures = [line for line in lines if line["kind"] == "measure"]
    caps = [line for line in lines if line["kind"] == "cap"]
    computed = tenths(verdict["computed"])
    measured = _share(measures)
    for line in caps:
        line["contribution"] = 0.0
    if caps:
        lowest = min(caps, key=lambda line: (line["max_score"], line["cap_id"]))
        lowest["contribution"] = (computed - measured) / 10
    elif measures and computed != measured:
        _shift(measures, computed - measured)
    for line in lines:
        if line["kind"] == "override":
            line["contribution"] = (tenths(verdict["score"]) - computed) / 10
    return lines


def _kind(line):
    return next(kind for kind in KINDS if f"{kind}_id" in line)


def _share(measures):
    """Write the contributions of measures.

    :return: their sum in tenths: the mean of the points, weighted and rounded
    """
    counting = [line for line in measures if line["points"] is not None]
    weight = sum(Fraction(str(line["weight"])) for line in counting)
    for line in measures:
        line["contribution"] = 0.0
    if not weight:
        return 0
    exact = [
        Fraction(str(line["weight"])) * Fraction(str(line["points"])) * 10 / weight
        for line in counting
    ]
    total = sum(exact)
    # Half up.
    rounded = int(total + Fraction(1, 2))
    floors = [int(share) for share in exact]
    by_remainder = sorted(
        range(len(counting)),
        key=lambda index: (floors[index] - exact[index], counting[index]["measure_id"]),
    )
    for index in by_remainder[: rounded - sum(floors)]:
        floors[index] += 1
    for line, share in zip(counting, floors, strict=True):
        line["contribution"] = share / 10
    return rounded


def _shift(measures, difference):
    """Give a tenth that the database rounded otherwise to the largest line."""
    largest = max(measures, key=lambda line: line["contribution"])
    largest["contribution"] = round(largest["contribution"] + difference / 10, 1)
