"""The tasks of a plan as bars between their dates, as SVG text."""

from html import escape

WIDTH, NAMES, ROW, TOP = 980, 400, 30, 30
COLOURS = {
    "done": "#28a745",
    "skipped": "#9aa4b2",
    "open": "#714B67",
    "waiting": "#c9bfd0",
    "late": "#dc3545",
}
INK, MUTED, GRID = "#374151", "#6b7280", "#e5e7eb"
TICKS = 6


def draw_timelines(tasks, rows, today, format_day):
    """Draw one row a task, in pieces that share their scale.

    :param tasks: list of ``{"name", "begin", "end", "state", "who"}``; states as
        those of tasks, and ``late``
    :param rows: how many tasks a piece has at most
    :param today: the date that a line marks
    :param format_day: function that writes a date
    :return: list of ``<svg>`` as text; empty without tasks
    """
    if not tasks:
        return []
    first = min([today, *(task["begin"] for task in tasks)])
    last = max([today, *(task["end"] for task in tasks)])
    return [
        _draw_timeline(tasks[place : place + rows], first, last, today, format_day)
        for place in range(0, len(tasks), rows)
    ]


def _draw_timeline(tasks, first, last, today, format_day):
    span = max((last - first).days, 1)

    def place(day):
        return round(NAMES + (WIDTH - NAMES - 40) * (day - first).days / span, 1)

    height = TOP + ROW * len(tasks) + 10
    parts = [
        _tick(place(day), height, format_day(day)) for day in _ticks(first, last, span)
    ]
    parts += [
        _row(index, task, place(task["begin"]), place(task["end"]))
        for index, task in enumerate(tasks)
    ]
    x = place(today)
    parts.append(
        f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height}" stroke="#dc3545"'
        ' stroke-dasharray="4 3"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' width="{WIDTH}" height="{height}" role="img" font-family="sans-serif">'
        f"{''.join(parts)}</svg>"
    )


def _ticks(first, last, span):
    step = max(span // TICKS, 1)
    days = [first + (last - first) * (count * step) / span for count in range(TICKS)]
    return [day for day in days if day < last] + [last]


def _tick(x, height, text):
    return (
        f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{height}" stroke="{GRID}"/>'
        f'<text x="{x}" y="{TOP - 14}" font-size="11" fill="{MUTED}"'
        f' text-anchor="middle">{escape(text)}</text>'
    )


def _row(index, task, x, end):
    y = TOP + ROW * index
    name = task["name"] or ""
    short = name if len(name) <= 58 else f"{name[:57]}…"
    return (
        f'<text x="0" y="{y + 12}" font-size="12" fill="{INK}">{escape(short)}'
        f"<title>{escape(name)}</title></text>"
        f'<text x="0" y="{y + 24}" font-size="10" fill="{MUTED}">'
        f"{escape(task['who'] or '')}</text>"
        f'<rect x="{x}" y="{y + 4}" width="{max(end - x, 6):.1f}" height="14" rx="4"'
        f' fill="{COLOURS[task["state"]]}"/>'
    )
