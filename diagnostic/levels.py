"""The colours of levels and answers, alike in all drawings and documents."""

LEVEL_COLOURS = {
    "initial": "#c0392b",
    "basic": "#d68910",
    "organised": "#2874a6",
    "managed": "#1e8449",
}
ANSWER_COLOURS = {
    "done": LEVEL_COLOURS["managed"],
    "partly": LEVEL_COLOURS["basic"],
    "not_done": LEVEL_COLOURS["initial"],
}
UNKNOWN = "#8a94a3"
INK, MUTED, GRID = "#374151", "#6b7280", "#d8dadd"
