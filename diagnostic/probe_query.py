"""The query of a probe, and the one parameter that it may have."""

from ..sources.sql_tokens import Unreadable, tokens_of

#: What stands for the date of the copy, as a date.
COPY_DATE = "%(copy_date)s"


def with_copy_date(sql, day):
    """Return a query with the date of the copy in its place.

    It is looked for where PostgreSQL reads it too: not in texts and comments. Other
    percent signs mean what they mean in SQL.

    :param sql: the query
    :param day: a ``datetime.date``
    """
    for name, start, end in reversed(_parameters(sql)):
        if name == "copy_date":
            sql = f"{sql[:start]}CAST('{day.isoformat()}' AS date){sql[end:]}"
    return sql


def unknown_parameters(sql):
    """Return the parameters of a query that are not known, as they are written."""
    found = _parameters(sql)
    return [sql[start:end] for name, start, end in found if name != "copy_date"]


def _parameters(sql):
    """Return name, beginning and end of everything like ``%(name)s``, in order."""
    try:
        tokens = tokens_of(sql)
    except Unreadable:
        return []
    found = []
    for at in range(len(tokens) - 4):
        percent, opening, name, closing, mark = tokens[at : at + 5]
        texts = (percent.text, opening.text, closing.text, mark.text)
        end = mark.at + 1
        is_whole = sql[percent.at : end].lower() == f"%({name.text})s"
        if texts == ("%", "(", ")", "s") and name.kind == "word" and is_whole:
            found.append((name.text, percent.at, end))
    return found
