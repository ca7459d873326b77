"""The radar of a diagnostic, as SVG text: sharp on the screen and in print."""

import math
import textwrap
from html import escape

WIDTH, HEIGHT = 640, 440
CENTRE_X, CENTRE_Y = WIDTH / 2, HEIGHT / 2
RADIUS = 150
LABEL = RADIUS + 24
LINE = 14
CHARACTERS = 20
NOW, BEFORE, GRID, INK = "#714B67", "#9aa4b2", "#d8dadd", "#374151"


def draw_radar(names, scores, before=(), limits=()):
    """Draw one corner an area, its score as the distance from the centre.

    :param names: the areas, clockwise from the top
    :param scores: 0–100 each, or None for what isn't known: drawn in the centre
    :param before: scores of an earlier time, drawn behind; None or empty for none
    :param limits: scores where a level begins, drawn as rings
    :return: an ``<svg>`` as text; empty with less than three areas
    """
    if len(names) < 3:
        return ""
    parts = [_ring(len(names), 100, GRID)]
    parts += [_ring(len(names), limit, GRID, "3 3") for limit in limits]
    parts += [_spoke(corner, len(names)) for corner in range(len(names))]
    if any(score is not None for score in before):
        parts.append(_shape(before, BEFORE, 0.15, "5 4"))
    parts.append(_shape(scores, NOW, 0.25))
    parts += [
        _label(corner, len(names), name, score)
        for corner, (name, score) in enumerate(zip(names, scores, strict=True))
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" role="img"'
        f' font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _point(corner, corners, distance):
    angle = 2 * math.pi * corner / corners - math.pi / 2
    x = CENTRE_X + distance * math.cos(angle)
    y = CENTRE_Y + distance * math.sin(angle)
    return round(x, 1), round(y, 1)


def _outline(scores):
    points = (
        _point(corner, len(scores), RADIUS * (score or 0.0) / 100)
        for corner, score in enumerate(scores)
    )
    return " ".join(f"{x},{y}" for x, y in points)


def _ring(corners, score, colour, dashes=""):
    return (
        f'<polygon points="{_outline([score] * corners)}" fill="none"'
        f' stroke="{colour}" stroke-dasharray="{dashes}"/>'
    )


def _spoke(corner, corners):
    x, y = _point(corner, corners, RADIUS)
    return f'<line x1="{CENTRE_X}" y1="{CENTRE_Y}" x2="{x}" y2="{y}" stroke="{GRID}"/>'


def _shape(scores, colour, opacity, dashes=""):
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>'
        for x, y in (
            _point(corner, len(scores), RADIUS * score / 100)
            for corner, score in enumerate(scores)
            if score is not None
        )
    )
    return (
        f'<polygon points="{_outline(scores)}" fill="{colour}"'
        f' fill-opacity="{opacity}" stroke="{colour}" stroke-width="2"'
        f' stroke-dasharray="{dashes}"/>{dots}'
    )


def _label(corner, corners, name, score):
    x, y = _point(corner, corners, LABEL)
    anchor = "middle" if abs(x - CENTRE_X) < 20 else "start" if x > CENTRE_X else "end"
    lines = textwrap.wrap(name or "", CHARACTERS)[:3] or [""]
    # Above the centre a label grows upwards, below it downwards.
    above = len(lines) * (0.5 + (CENTRE_Y - y) / LABEL / 2)
    spans = "".join(
        f'<tspan x="{x}" dy="{LINE if index else 0}">{escape(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    number = "–" if score is None else f"{math.floor(score + 0.5)}"
    return (
        f'<text x="{x}" y="{round(y - LINE * above + 5, 1)}" font-size="12"'
        f' fill="{INK}" text-anchor="{anchor}">{spans}'
        f'<tspan x="{x}" dy="{LINE}" font-weight="bold" fill="{NOW}">{number}</tspan>'
        "</text>"
    )
