"""What may be asked of another database: one query that only reads.

The other server is what forbids: its transaction only reads, and its parser decides
where a statement ends. Here people learn it at once, before anything is sent.
"""

import re

from odoo.exceptions import ValidationError

from .sql_tokens import Token, Unreadable, tokens_of

_LONGEST = 20_000
#: Statements that change data, and the word behind them; None: any name.
_CHANGES = {"insert": "into", "delete": "from", "merge": "into", "update": None}
_LOCKS = (["update"], ["share"], ["no", "key"], ["key", "share"])
_NOTHING = Token("", "", 0)
#: Functions that wait, change the session, leave the database, or run text as SQL. The
#: second net: what is hidden inside other functions, the server stops.
_DENIED = re.compile(
    r"""
      pg_sleep\w* | set_config | nextval | setval | pg_notify
    | pg_(try_)?advisory_\w+ | pg_(terminate|cancel)_backend | pg_promote
    | pg_reload_conf | pg_rotate_logfile\w* | pg_log_\w+
    | pg_file_\w+ | pg_stat_file | pg_read_(binary_)?file\w* | pg_ls_\w+
    | pg_(logical|replication|create|drop|copy|backup|wal|sync|set|clear|restore)_\w+
    | pg_(start|stop)_backup | pg_switch_(wal|xlog) | pg_export_snapshot
    | pg_stat_(statements_)?reset\w* | pg_prewarm | pg_import_system_collations
    | lo_\w+ | lo(read|write) | dblink\w* | postgres_fdw_\w+
    | http(_(get|post|put|patch|delete|head|set_curlopt))? | \w+_(to|from)_s3
    | (query|cursor)_to_xml\w* | ts_stat | ts_rewrite
    | crosstab\w* | connectby | xpath_table
    """,
    re.VERBOSE,
)


def checked_question(env, sql):
    """Return a query as it can be sent, without the semicolon at its end.

    :raise ValidationError: it isn't one query that only reads; says what is in the way
    """
    if len(sql or "") > _LONGEST:
        raise _refusal(env, env._("it is longer than a query ever needs to be"))
    try:
        tokens = tokens_of(sql or "")
    except Unreadable as error:
        reason = env._(
            "it can't be read near “%(place)s”: a quote or a comment may not be closed",
            place=error,
        )
        raise _refusal(env, reason) from None
    if tokens and tokens[-1].kind == "end":
        sql = sql[: tokens.pop().at]
    if reason := _Question(env, tokens).objection():
        raise _refusal(env, reason)
    return sql


def _refusal(env, reason):
    return ValidationError(
        env._(
            "This query is not run: %(reason)s. Write one query that begins with "
            "SELECT or WITH, and only reads.",
            reason=reason,
        )
    )


class _Question:
    """The tokens of a query, and what speaks against them."""

    def __init__(self, env, tokens):
        self.env = env
        self.tokens = tokens

    def objection(self):
        """Return why it is not run, None if nothing speaks against it."""
        if any(token.kind == "end" for token in self.tokens):
            return self.env._("it has more than one statement")
        first = next((one for one in self.tokens if one.text != "("), _NOTHING)
        if first.kind != "word" or first.text not in ("select", "with"):
            return self.env._("it begins with “%(word)s”", word=first.text.upper())
        if not self._is_balanced():
            return self.env._("its parentheses don't match")
        names = [n for n, one in enumerate(self.tokens) if one.kind in ("word", "name")]
        return next(filter(None, map(self._objection_to, names)), None)

    def _is_balanced(self):
        depth = 0
        for token in self.tokens:
            if token.kind == "sign":
                depth += {"(": 1, ")": -1}.get(token.text, 0)
            if depth < 0:
                return False
        return not depth

    def _objection_to(self, at):
        """Return what speaks against a word or a name."""
        token, following = self.tokens[at], self._token(at + 1)
        if following.text == "(" and following.kind == "sign":
            if _DENIED.fullmatch(token.text):
                return self.env._("%(name)s() is not allowed in it", name=token.text)
        elif token.kind == "word":
            return self._objection_to_word(at)
        return None

    def _objection_to_word(self, at):
        word = self.tokens[at].text
        if word == "into" and self._token(at - 1).text not in ("as", "."):
            return self.env._("INTO writes a table")
        if word == "for" and self._is_lock(at):
            return self.env._("it locks the rows it reads (FOR UPDATE, FOR SHARE)")
        if word in _CHANGES and self._is_statement(at):
            return self.env._("%(word)s changes data", word=word.upper())
        return None

    def _is_lock(self, at):
        behind = [one.text for one in self.tokens[at + 1 : at + 3]]
        return any(behind[: len(lock)] == lock for lock in _LOCKS)

    def _is_statement(self, at):
        """Return whether a word begins a statement, and names no column."""
        before, behind = self._token(at - 1), self._token(at + 1)
        wanted = _CHANGES[self.tokens[at].text] or behind.text
        is_named = behind.kind in ("word", "name") and behind.text == wanted
        return is_named and before.kind == "sign" and before.text in ("(", ")")

    def _token(self, at):
        return self.tokens[at] if 0 <= at < len(self.tokens) else _NOTHING
