"""Which tables the query of a probe reads."""

from ..sources.sql_tokens import Unreadable, tokens_of

#: Words behind which tables stand, and those that cannot be another name of one.
_BEFORE = ("from", "join")
_NO_ALIAS = {
    *("on", "using", "where", "group", "order", "limit", "offset", "fetch", "as"),
    *("union", "except", "intersect", "having", "window", "tablesample", "for"),
    *("join", "inner", "left", "right", "full", "cross", "natural", "lateral"),
}


def tables_of(sql):
    """Return the names of the tables that a query reads, sorted.

    Queries of its own (WITH) and functions are no tables. A name with a schema is
    returned with it.
    """
    try:
        tokens = tokens_of(sql or "")
    except Unreadable:
        return []
    own = _own_queries(tokens)
    found = set()
    for at, token in enumerate(tokens):
        if token.kind == "word" and token.text in _BEFORE and not _is_part(tokens, at):
            found.update(_tables_at(tokens, at + 1))
    return sorted(name for name in found if name not in own)


def _own_queries(tokens):
    """Return the names that the query gives to queries of its own."""
    return {
        tokens[at].text
        for at in range(1, len(tokens) - 2)
        if _text(tokens, at - 1) in ("with", "recursive", ",")
        and _is_name(tokens, at)
        and _is_defined(tokens, at + 1)
    }


def _is_defined(tokens, at):
    """Whether ``AS (`` follows, perhaps behind names of columns."""
    if _text(tokens, at) == "(":
        at = _closing(tokens, at) + 1
    if _text(tokens, at) != "as":
        return False
    at += 1
    while _text(tokens, at) in ("not", "materialized"):
        at += 1
    return _text(tokens, at) == "("


def _is_part(tokens, at):
    """Whether FROM belongs to ``extract(… FROM …)``, or to ``IS DISTINCT FROM``."""
    if _text(tokens, at - 1) == "distinct":
        return True
    return _text(tokens, at - 2) == "(" and _text(tokens, at - 3) in (
        "extract",
        "trim",
        "substring",
        "overlay",
    )


def _tables_at(tokens, at):
    """Give the tables that stand from here on, divided by commas."""
    while True:
        while _text(tokens, at) in ("lateral", "only"):
            at += 1
        if _text(tokens, at) == "(":
            at = _closing(tokens, at) + 1
        elif _is_name(tokens, at):
            name, at = tokens[at].text, at + 1
            while _text(tokens, at) == "." and _is_name(tokens, at + 1):
                name, at = f"{name}.{tokens[at + 1].text}", at + 2
            if _text(tokens, at) == "(":
                at = _closing(tokens, at) + 1
            else:
                yield name
        else:
            return
        at = _behind_alias(tokens, at)
        if _text(tokens, at) != ",":
            return
        at += 1


def _behind_alias(tokens, at):
    if _text(tokens, at) == "as":
        at += 1
    if _is_name(tokens, at) and _text(tokens, at) not in _NO_ALIAS:
        at += 1
        if _text(tokens, at) == "(":
            at = _closing(tokens, at) + 1
    return at


def _closing(tokens, at):
    """Return where the parenthesis that opens here is closed."""
    depth = 0
    for place in range(at, len(tokens)):
        if tokens[place].kind == "sign":
            depth += {"(": 1, ")": -1}.get(tokens[place].text, 0)
        if not depth:
            return place
    return len(tokens)


def _is_name(tokens, at):
    return 0 <= at < len(tokens) and tokens[at].kind in ("word", "name")


def _text(tokens, at):
    return tokens[at].text if 0 <= at < len(tokens) else ""
