"""Reads SQL as the scanner of PostgreSQL does, with its standard strings.

General readers of SQL know other dialects too, and take for a string or a comment what
PostgreSQL runs: a backslash before a quote, nested comments, brackets, backticks.
"""

import re
from collections import namedtuple

#: ``kind``: word (in lower case), name (was in double quotes), text, number, sign, end;
#: ``at``: where it begins.
Token = namedtuple("Token", "kind text at")
_LETTER = "A-Za-z_\x80-\U0010ffff"
_SCANNER = re.compile(
    rf"""
      (?P<blank>[ \t\n\r\f\v]+|--[^\n\r]*)
    | (?P<comment>/\*)
    | (?P<unicode>[uU]&['"])
    | (?P<escaped>[eE]'(?:[^'\\]|''|\\.)*')
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*")
    | (?P<dollar>\$(?:[{_LETTER}][{_LETTER}0-9]*)?\$)
    | (?P<word>(?![eE]')[{_LETTER}][{_LETTER}0-9$]*)
    | (?P<number>\.?[0-9][{_LETTER}0-9.]*)
    | (?P<end>;)
    | (?P<sign>[-+*/<>=~!@#%^&|`?,.:()\[\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_MARK = re.compile(r"/\*|\*/")
_STRINGS = ("text", "escaped")


class Unreadable(Exception):
    """The text is no SQL, or in a spelling that is not needed; says near what."""


def tokens_of(sql):
    """Return the tokens of a text, blanks and comments left out.

    :return: list of :class:`Token`
    :raise Unreadable: its text is the place
    """
    found, at, before = [], 0, None
    while at < len(sql):
        match = _SCANNER.match(sql, at)
        kind, end = (match.lastgroup, match.end()) if match else (None, at)
        if kind == "comment":
            kind, end = "blank", _end_of_comment(sql, at)
        elif kind == "dollar":
            kind, end = "text", _end_of_dollar(sql, match)
        if kind != "blank":
            if _is_refused(kind, before, sql[end : end + 1]):
                raise Unreadable(sql[at : at + 20])
            before = kind
            found.append(_token(kind, sql[at:end], at))
        at = end
    return found


def _is_refused(kind, before, following):
    # Strings in a row are one, with the rules of the first; letters after a number
    # begin something else in old versions of PostgreSQL.
    is_continued = kind in _STRINGS and before in _STRINGS
    is_glued = kind == "number" and following in ("'", '"', "$")
    return kind in (None, "unicode") or is_continued or is_glued


def _token(kind, text, at):
    if kind == "word":
        return Token(kind, text.lower(), at)
    if kind == "name":
        return Token(kind, text[1:-1].replace('""', '"'), at)
    return Token("text" if kind in _STRINGS else kind, text, at)


def _end_of_comment(sql, start):
    """Return where a comment ends: they nest."""
    depth = 0
    for mark in _COMMENT_MARK.finditer(sql, start):
        depth += 1 if mark.group() == "/*" else -1
        if not depth:
            return mark.end()
    raise Unreadable(sql[start : start + 20])


def _end_of_dollar(sql, match):
    found = sql.find(match.group(), match.end())
    if found < 0:
        raise Unreadable(match.group())
    return found + len(match.group())
