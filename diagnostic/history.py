"""Scores over time before the levels they stand for, as SVG text."""

import math
from html import escape

from .levels import GRID, INK, LEVEL_COLOURS, MUTED

WIDTH, HEIGHT = 680, 250
LEFT, RIGHT, TOP, BOTTOM = 96, 30, 16, 30
LABELS = 8


def draw_history(points, limits, names):
    """Draw one point a diagnostic, the oldest at the left, joined by a line.

    :param points: list of ``(label, score)``; a score is 0–100, or None: left out
    :param limits: scores where the levels above the first begin
    :param names: of the levels, the lowest first
    :return: an ``<svg>`` as text; empty with less than two scores
    """
    points = [(label, score) for label, score in points if score is not None]
    if len(points) < 2:
        return ""
    edges = [0, *limits, 100]
    parts = [
        _band(edges[index : index + 2], colour, name)
        for index, (colour, name) in enumerate(
            zip(LEVEL_COLOURS.values(), names, strict=True)
        )
    ]
    places = [
        (_across(index, len(points)), _height(score))
        for index, (_label, score) in enumerate(points)
    ]
    line = " ".join(f"{x},{y}" for x, y in places)
    parts.append(
        f'<polyline points="{line}" fill="none" stroke="{INK}" stroke-width="2.5"/>'
    )
    step = math.ceil(len(points) / LABELS)
    last = len(points) - 1
    parts += [
        # Counted from the newest, which always has its label.
        _point(*place, label if (last - index) % step == 0 else "", score)
        for index, (place, (label, score)) in enumerate(
            zip(places, points, strict=True)
        )
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" role="img"'
        f' font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _across(index, count):
    width = WIDTH - LEFT - RIGHT
    return round(LEFT + width * (index + 0.5) / count, 1)


def _height(score):
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (100 - score) / 100, 1)


def _band(edges, colour, name):
    bottom, top = map(_height, edges)
    return (
        f'<rect x="{LEFT}" y="{top}" width="{WIDTH - LEFT}"'
        f' height="{max(bottom - top, 0):.1f}" fill="{colour}" fill-opacity="0.1"/>'
        f'<line x1="{LEFT}" y1="{top}" x2="{WIDTH}" y2="{top}" stroke="{GRID}"/>'
        f'<text x="{LEFT - 8}" y="{(bottom + top) / 2 + 4:.1f}" font-size="12"'
        f' fill="{colour}" text-anchor="end">{escape(name)}</text>'
    )


def _point(x, y, label, score):
    # Under the point where there is no room above it.
    number = y - 10 if y - TOP > 14 else y + 20
    return (
        f'<circle cx="{x}" cy="{y}" r="4.5" fill="{INK}"/>'
        f'<text x="{x}" y="{number}" font-size="14" font-weight="bold" fill="{INK}"'
        f' text-anchor="middle">{math.floor(score + 0.5)}</text>'
        f'<text x="{x}" y="{HEIGHT - 10}" font-size="11" fill="{MUTED}"'
        f' text-anchor="middle">{escape(label)}</text>'
    )
