"""Where a score stands on the scale of levels, as SVG text."""

import math
from html import escape

from .levels import INK, LEVEL_COLOURS, MUTED

WIDTH, HEIGHT = 680, 74
TOP, BAR = 34, 14
LINE = 15


def draw_scale(score, limits, names):
    """Draw the scale from 0 to 100, and a mark where the score is.

    :param score: 0–100, or None: no mark
    :param limits: scores where the levels above the first begin
    :param names: of the levels, the lowest first
    :return: an ``<svg>`` as text
    """
    edges = [0, *limits, 100]
    reached = None if score is None else sum(score >= limit for limit in limits)
    parts = [
        _segment(index, colour, edges[index : index + 2], name, index == reached)
        for index, (colour, name) in enumerate(
            zip(LEVEL_COLOURS.values(), names, strict=True)
        )
    ]
    if score is not None:
        parts.append(_mark(score))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" role="img"'
        f' font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _place(score):
    return round(WIDTH * score / 100, 1)


def _segment(index, colour, edges, name, is_reached):
    begin, end = map(_place, edges)
    weight, ink = ("bold", INK) if is_reached else ("normal", MUTED)
    return (
        f'<rect x="{begin + (2 if index else 0)}" y="{TOP}"'
        f' width="{max(end - begin - 2, 0):.1f}"'
        f' height="{BAR}" fill="{colour}" fill-opacity="{1 if is_reached else 0.35}"/>'
        f'<text x="{(begin + end) / 2:.1f}" y="{TOP + BAR + LINE + 2}" font-size="12"'
        f' fill="{ink}" font-weight="{weight}" text-anchor="middle">'
        f"{escape(name)}</text>"
    )


def _mark(score):
    x = min(max(_place(score), 14), WIDTH - 14)
    return (
        f'<text x="{x}" y="{TOP - 16}" font-size="17" font-weight="bold"'
        f' fill="{INK}" text-anchor="middle">{math.floor(score + 0.5)}</text>'
        f'<polygon points="{x - 7},{TOP - 11} {x + 7},{TOP - 11} {x},{TOP - 1}"'
        f' fill="{INK}"/>'
    )
