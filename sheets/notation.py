"""Numbers and dates as people write them in Brazil, and as machines do."""

import re
from datetime import UTC, date, datetime

_THOUSANDS_DOT = re.compile(r"\d{1,3}(\.\d{3})+")
_THOUSANDS_COMMA = re.compile(r"\d{1,3}(,\d{3})+")
_NUMBER = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?|\.\d+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](.+))?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: (.+))?")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})[/.-](\d{1,2})")
_NAMED_MONTH = re.compile(r"([^\W\d_]{3,9})\.?(?:[/. -]| de )(\d{4}|\d{2})")
#: A negative amount as accountants write it.
_ACCOUNTING = re.compile(r"\s*\(([^()-]+)\)\s*")
_SIGNED = re.compile(r"\s*(R\$)?\s*-")
_MONTH_NAMES = {
    name: number
    for number, names in enumerate(
        (
            "jan janeiro january",
            "fev fevereiro feb february",
            "mar março marco march",
            "abr abril apr april",
            "mai maio may",
            "jun junho june",
            "jul julho july",
            "ago agosto aug august",
            "set setembro sep sept september",
            "out outubro oct october",
            "nov novembro november",
            "dez dezembro dec december",
        ),
        1,
    )
    for name in names.split()
}


def writes_decimal_comma(cells, by_default):
    """Return whether numbers are written the Brazilian way.

    Texts that can only be read one way decide; without any, ``by_default`` does.
    """
    evidence = 0
    for text in cells:
        if not isinstance(text, str):
            continue
        bare = _bare(text)
        comma, dot = bare.rfind(","), bare.rfind(".")
        if comma >= 0 and dot >= 0:
            evidence += 1 if comma > dot else -1
        elif comma >= 0 and not _THOUSANDS_COMMA.fullmatch(bare):
            evidence += 1
        elif dot >= 0 and not _THOUSANDS_DOT.fullmatch(bare):
            evidence -= 1
    return evidence > 0 or (evidence == 0 and by_default)


def parse_number(text, decimal_comma):
    """Return a number, None if the text is none.

    >>> parse_number("R$ 1.234,56", True)
    1234.56
    >>> parse_number("1.234", True), parse_number("1.234", False)
    (1234.0, 1.234)
    >>> parse_number("-12,5 %", False)
    -12.5
    >>> parse_number("abc", True), parse_number("nan", True)
    (None, None)
    >>> parse_number("(1.234,56)", True)
    -1234.56
    """
    if match := _ACCOUNTING.fullmatch(text):
        text = f"-{match[1]}"
    bare = _bare(text)
    is_negative = bool(_SIGNED.match(text))
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and dot >= 0:
        is_comma_decimal = comma > dot
    elif comma >= 0:
        is_comma_decimal = decimal_comma or not _THOUSANDS_COMMA.fullmatch(bare)
    else:
        is_comma_decimal = decimal_comma and bool(_THOUSANDS_DOT.fullmatch(bare))
    if is_comma_decimal:
        plain = bare.replace(".", "").replace(",", ".")
    else:
        plain = bare.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        return None
    return -float(plain) if is_negative else float(plain)


def _bare(text):
    """The digits and separators, without sign, currency, percent and spaces."""
    return re.sub(r"^-?(R\$)?-?|%$", "", re.sub(r"\s", "", text))


def parse_moment(text, zone):
    """Return a ``date``, or a naive UTC ``datetime``, None if the text is neither.

    A date with slashes begins with the day, as in Brazil; a month is its first day.
    """
    try:
        if match := _ISO.fullmatch(text):
            year, month, day, clock = match.groups()
        elif match := _DAY_FIRST.fullmatch(text):
            day, month, year, clock = match.groups()
        else:
            return _parse_month(text)
        on = date(_full_year(year), int(month), int(day))
        if not clock or re.fullmatch(r"00?:00(:00(\.0+)?)?", clock):
            return on
        clock = clock.replace("Z", "+00:00")
        moment = datetime.fromisoformat(f"{on.isoformat()}T{clock}")
        if not moment.tzinfo:
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _parse_month(text):
    """Return the first day of ``12/2026``, ``2026-12`` or ``dez/26``, else None."""
    if match := _MONTH.fullmatch(text):
        month, year = match.groups()
    elif match := _ISO_MONTH.fullmatch(text):
        year, month = match.groups()
    elif match := _NAMED_MONTH.fullmatch(text):
        name, year = match.groups()
        month = _MONTH_NAMES.get(name.casefold(), 0)
    else:
        return None
    return date(_full_year(year), int(month), 1)


def _full_year(year):
    return int(year) + 2000 if len(year) == 2 else int(year)
