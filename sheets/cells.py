"""Numbers, dates and answers as people write them in Brazil, and as machines do."""

import re
from datetime import UTC, date, datetime

from ..facts.reading_parser import MAX_NUMBER

_THOUSANDS_DOT = re.compile(r"\d{1,3}(\.\d{3})+")
_THOUSANDS_COMMA = re.compile(r"\d{1,3}(,\d{3})+")
_NUMBER = re.compile(r"\d+(\.\d+)?([eE][+-]?\d+)?|\.\d+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](.+))?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: (.+))?")
_SIGNED = re.compile(r"\s*(R\$)?\s*-")
_YES = {"1", "yes", "y", "true", "sim", "s", "verdadeiro", "x"}
_NO = {"0", "no", "n", "false", "não", "nao", "falso"}


class BadRow(Exception):
    """A row that cannot be kept; its text says why, in the user's language."""


class CellReader:
    """Reads the cells of one file, by that file's way of writing numbers."""

    def __init__(self, env, company, decimal_comma):
        """
        :param company: the res.company on whose clock times without offset are
        :param decimal_comma: what a lone ``1.234`` or ``1,234`` means: Brazilian
            (a thousand; one and a bit) or English
        """
        self.env = env
        self.decimal_comma = decimal_comma
        self._zone = env["cs.account"]._company_tz(company)
        self._numbers = {}
        self._moments = {}

    def number(self, text):
        """Return the number in a cell.

        :raise BadRow: not a number
        """
        if text not in self._numbers:
            self._numbers[text] = parse_number(text, self.decimal_comma)
        number = self._numbers[text]
        if number is None:
            raise BadRow(self.env._("Not a number: %(text)s", text=text))
        if abs(number) > MAX_NUMBER:
            raise BadRow(self.env._("Too large: %(value)s", value=text))
        return number

    def moment(self, text):
        """Return the ``date`` in a cell, or the naive UTC ``datetime`` in it.

        :raise BadRow: neither
        """
        if text not in self._moments:
            self._moments[text] = parse_moment(text, self._zone)
        moment = self._moments[text]
        if moment is None:
            raise BadRow(self.env._("Not a date: %(text)s", text=text))
        return moment

    def date(self, text):
        """Return the ``date`` in a cell, of a time its day.

        :raise BadRow: neither
        """
        moment = self.moment(text)
        if isinstance(moment, datetime):
            return moment.replace(tzinfo=UTC).astimezone(self._zone).date()
        return moment

    def answer(self, text):
        """Return 1.0 for yes and 0.0 for no.

        :raise BadRow: neither
        """
        word = text.casefold()
        if word not in _YES | _NO:
            raise BadRow(self.env._("Neither yes nor no: %(text)s", text=text))
        return float(word in _YES)


def writes_decimal_comma(texts, delimiter):
    """Return whether numbers are written the Brazilian way.

    Cells that can only be read one way decide; without any, the delimiter does:
    spreadsheets write ``;`` where the comma is taken by numbers.
    """
    evidence = 0
    for text in texts:
        bare = _bare(text)
        comma, dot = bare.rfind(","), bare.rfind(".")
        if comma >= 0 and dot >= 0:
            evidence += 1 if comma > dot else -1
        elif comma >= 0 and not _THOUSANDS_COMMA.fullmatch(bare):
            evidence += 1
        elif dot >= 0 and not _THOUSANDS_DOT.fullmatch(bare):
            evidence -= 1
    return evidence > 0 or (evidence == 0 and delimiter == ";")


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
    """
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

    A date with slashes begins with the day, as in Brazil.
    """
    try:
        if match := _ISO.fullmatch(text):
            year, month, day, clock = match.groups()
        elif match := _DAY_FIRST.fullmatch(text):
            day, month, year, clock = match.groups()
        else:
            return None
        year = int(year) + 2000 if len(year) == 2 else int(year)
        on = date(year, int(month), int(day))
        if not clock or re.fullmatch(r"00?:00(:00(\.0+)?)?", clock):
            return on
        clock = clock.replace("Z", "+00:00")
        moment = datetime.fromisoformat(f"{on.isoformat()}T{clock}")
        if not moment.tzinfo:
            moment = moment.replace(tzinfo=zone)
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
