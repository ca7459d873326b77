"""Words of other systems, as they can be shown and kept."""

import re
from html import unescape
from urllib.parse import unquote_plus

#: Where services say what went wrong.
_REASONS = ("message", "error", "errors", "detail", "error_description", "title")
_LONGEST = 300
_HALF = 1 << 15
_MARKUP = re.compile(r"<(script|style).*?(</\1>|$)|<[^>]*(>|$)", re.I | re.S)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


def plain(text):
    """Return a text that can be kept and shown, on one line, its beginning."""
    text = re.sub(r"\s+", " ", _UNPRINTABLE.sub(" ", text)).strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def said_in(data, body, scrub):
    """Return the first words of an answer that say why.

    :param data: its JSON, None without any
    :param body: its bytes
    :param scrub: takes a text, returns it without the secret
    """
    found = _reason(data)
    if not found:
        # First without the secret, then shorter: half a secret isn't found any more.
        text = scrub(body[: 2 * _HALF].decode(errors="replace"))[:_HALF]
        found = unescape(_MARKUP.sub(" ", text))
    return plain(scrub(found))


def _reason(data, depth=3):
    if isinstance(data, str):
        return data
    if not depth or not data:
        return ""
    if isinstance(data, list):
        return _reason(data[0], depth - 1)
    if isinstance(data, dict):
        named = (_reason(data.get(name), depth - 1) for name in _REASONS)
        return next(filter(None, named), "")
    return ""


def without_parameter(query, name):
    """Return the query of an address without a parameter."""
    return "&".join(
        pair
        for pair in query.split("&")
        if unquote_plus(pair.partition("=")[0]).lower() != name.lower()
    )
