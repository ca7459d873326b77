"""What another PostgreSQL server says, and what to do about it, in words."""

import re

from psycopg2 import errorcodes

from odoo.exceptions import UserError

# Out of the call below: what stands beside a translated text is taken for one.
_NOT_KNOWN = r"password authentication failed|no password supplied"
_NO_DATABASE = r"database .* does not exist"
_NOT_LET_IN = r"no pg_hba\.conf entry"
_FULL = r"not currently accepting|too many clients|too many connections"
_UNANSWERED = (
    r"refused|timed? ?out|timeout|No route|unreachable|closed the connection"
    r"|starting up|shutting down|No such file"
)


def advice_on_opening(env, said):
    """Return what to do when a connection failed, "" where nothing is known.

    The server speaks a language of its own: what isn't understood is only repeated.

    :param said: its reason
    """
    advice = (
        (
            _NOT_KNOWN,
            env._("The role or its password is wrong: enter them again."),
        ),
        (
            _UNANSWERED,
            env._(
                "The server does not answer: it may be down, listen elsewhere, or be "
                "out of reach from here."
            ),
        ),
        (
            _NO_DATABASE,
            env._("There is no database of this name on it."),
        ),
        (
            _NOT_LET_IN,
            env._(
                "It lets nobody in from here with this role: its administrator allows "
                "it in pg_hba.conf."
            ),
        ),
        (
            _FULL,
            env._("It takes no more connections now: try again later."),
        ),
    )
    return next((text for known, text in advice if re.search(known, said)), "")


def refusal(env, code, said):
    """Return why a query was refused.

    :param code: of PostgreSQL, or None
    :param said: its reason
    """
    if code == errorcodes.READ_ONLY_SQL_TRANSACTION:
        return env._(
            "The query was stopped, for it does more than read: %(reason)s", reason=said
        )
    if code in (errorcodes.UNDEFINED_TABLE, errorcodes.INVALID_SCHEMA_NAME):
        return env._(
            "The other database has no table or view of this name, or not in its "
            "version: %(reason)s",
            reason=said,
        )
    if code == errorcodes.UNDEFINED_COLUMN:
        return env._(
            "The other database has no column of this name, or not in its version: "
            "%(reason)s",
            reason=said,
        )
    if code == errorcodes.INSUFFICIENT_PRIVILEGE:
        return env._(
            "The role lacks rights there: %(reason)s. Whoever administers that "
            "database grants it to read (GRANT SELECT ON …), if the query needs it.",
            reason=said,
        )
    return env._("The other database refuses the query: %(reason)s", reason=said)


def refuse_double(env, column, columns):
    """Refuse an answer in which a column is not the only one of its name.

    :param columns: names of all columns of the answer
    :raise UserError: there is another one
    """
    if columns.count(column) > 1:
        raise UserError(
            env._(
                "The query gives more than one column “%(column)s”: give them "
                "different names with AS.",
                column=column,
            )
        )
