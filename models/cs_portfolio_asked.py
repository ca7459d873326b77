"""What a caller asks of the portfolio, made what it must be: never an error."""

LARGEST_ID = 2**31 - 1
FALSE = (None, False, "")


def as_dict(value):
    """Return a dict; of anything else an empty one."""
    return value if isinstance(value, dict) else {}


def as_int(value, usual=0):
    """Return a whole number, ``usual`` where none is given."""
    if isinstance(value, bool):
        return usual
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return usual


def as_id(value):
    """Return the id of a record, 0 where it can be none."""
    number = as_int(value)
    return number if 0 < number <= LARGEST_ID else 0


def as_ids(values):
    """Return ids; a single one may be given too."""
    return [as_id(value) for value in as_list(values)]


def as_list(values):
    """Return a list; a single value makes a list of it, nothing an empty one."""
    if isinstance(values, list | tuple | set):
        return list(values)
    return [] if values in FALSE else [values]


def as_text(value):
    """Return a text to search for; PostgreSQL knows no NUL."""
    if value in FALSE or isinstance(value, dict | list | tuple | set):
        return ""
    return str(value).replace("\x00", "").strip()
