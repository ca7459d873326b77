"""What people type about a web service, taken apart and checked."""

import json
import re
from datetime import UTC, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

import jmespath
from jmespath.exceptions import JMESPathError

from odoo.exceptions import ValidationError

from .http_words import plain

_SECRET_NAME = re.compile(
    r"(^|[_-])(token|secret|password|passwd|pwd|authorization|cookie)($|[_-])|"
    r"api[_-]?key|access[_-]?token|^(key|auth|sig|signature|code)$",
    re.I,
)
#: Long, of letters and digits mixed: nobody types that as a filter.
_RANDOM = re.compile(r"(?=.*[a-z])(?=.*\d)[\w.~+/=-]{32,}", re.I)
_SECRET_IN_BODY = re.compile(
    r'"[^"]*(password|passwd|token|secret|api_?key)"\s*:\s*"[^"{]', re.I
)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: Headers that are the client's own.
_OURS = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding")
#: What services call their columns, though JMESPath would want it quoted.
_PLAIN_NAME = re.compile(r"[\w$@][\w $@/:-]*")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: What was changed while the last fetch ran, or while the clocks differ.
_OVERLAP = timedelta(minutes=5)


class SettingsReader:
    """Reads addresses, headers, paths and placeholders of one source."""

    def __init__(self, env):
        self.env = env

    def check_address(self, url, names=()):
        """Refuse what is no address, or holds a secret.

        :param names: of the placeholders that may stand in it
        :raise ValidationError: says what is wrong, and what to do
        """
        try:
            place = urlsplit(url)
            is_good = place.scheme in ("http", "https") and place.hostname
            is_good = is_good and (place.port or True)
        except ValueError:
            is_good = False
        if not is_good or re.search(r"\s", url):
            raise ValidationError(
                self.env._(
                    "“%(url)s” is no address of a web service: it begins with "
                    "https:// or http://, a host follows, and it has no spaces.",
                    url=plain(url),
                )
            )
        pairs = parse_qsl(place.query, keep_blank_values=True)
        if "@" in place.netloc or any(
            value and (_SECRET_NAME.search(name) or _RANDOM.fullmatch(value))
            for name, value in pairs
        ):
            raise ValidationError(
                self.env._(
                    "The address holds what looks like a password or a token, which "
                    "everybody who opens this page would read. Leave it out, choose "
                    "under Access how it is sent, and have a system administrator "
                    "enter it as the secret."
                )
            )
        self._check_placeholders(url, names)

    def _check_placeholders(self, text, names):
        for found in _PLACEHOLDER.findall(text):
            if found not in names:
                raise ValidationError(
                    self.env._(
                        "{%(name)s} in the address is unknown. There are: %(known)s",
                        name=found,
                        known=", ".join(f"{{{name}}}" for name in names),
                    )
                )

    def check_body(self, body):
        """Refuse a body that is no JSON, or holds a secret.

        :raise ValidationError: says where it breaks
        """
        try:
            # A placeholder may stand for a number: any number will do.
            json.loads(_PLACEHOLDER.sub("0", body))
        except (ValueError, RecursionError) as error:
            raise ValidationError(
                self.env._(
                    "The body is no valid JSON: %(reason)s", reason=plain(str(error))
                )
            ) from None
        if _SECRET_IN_BODY.search(body):
            raise ValidationError(
                self.env._(
                    "The body holds what looks like a password or a token, which "
                    "everybody who opens this page would read. Secrets are sent in a "
                    "header, or as a parameter of the address."
                )
            )

    def headers(self, text):
        """Return the headers of a text with ``Name: value`` in each line.

        :raise ValidationError: a line is no header, or holds a secret
        """
        headers = {}
        for line in (text or "").splitlines():
            name, colon, value = line.partition(":")
            if not line.strip():
                continue
            if not colon or not value.strip():
                raise ValidationError(
                    self.env._(
                        "“%(line)s” is no header: write Name: value, one in each line.",
                        line=plain(line),
                    )
                )
            self.check_header_name(name.strip())
            if _SECRET_NAME.search(name) or _RANDOM.fullmatch(value.strip()):
                raise ValidationError(
                    self.env._(
                        "The header %(name)s looks like a secret, which everybody who "
                        "opens this page would read. Choose “Secret header” under "
                        "Access, and have a system administrator enter it.",
                        name=name.strip(),
                    )
                )
            headers[name.strip()] = value.strip()
        return headers

    def check_header_name(self, name):
        """Refuse a header that can't be sent.

        :raise ValidationError: it isn't one, or it is the client's own
        """
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise ValidationError(
                self.env._("“%(name)s” can't be sent as a header.", name=plain(name))
            )

    def check_column(self, column):
        """Refuse what is neither the name of a column nor a path into a row.

        :raise ValidationError: says where it breaks
        """
        if column and not _PLAIN_NAME.fullmatch(column):
            self.check_path(column)

    def check_path(self, path):
        """Refuse what is no JMESPath expression.

        :raise ValidationError: says where it breaks
        """
        try:
            jmespath.compile(path)
        except JMESPathError as error:
            raise ValidationError(
                self.env._(
                    "“%(path)s” is no path into the data (JMESPath): %(reason)s",
                    path=path,
                    reason=plain(str(error).splitlines()[0]),
                )
            ) from None


def moments(since, now, today):
    """Return what the placeholders of time stand for, by their names.

    :param since: naive UTC moment when the last complete fetch began, or None
    :param now: naive UTC moment
    :param today: the date where the company works
    """
    since = since and (since - _OVERLAP).replace(tzinfo=UTC)
    return {
        "since": since.strftime("%Y-%m-%dT%H:%M:%SZ") if since else _BEGINNING,
        "since_date": f"{since:%Y-%m-%d}" if since else _BEGINNING[:10],
        "since_unix": str(int(since.timestamp())) if since else "0",
        "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "today": today.isoformat(),
    }


_BEGINNING = "1970-01-01T00:00:00Z"
#: The placeholders of time.
MOMENTS = ("since", "since_date", "since_unix", "now", "today")


def filled_address(url, words):
    """Return an address with the words in place of their placeholders."""
    return _filled(url, words, lambda word: quote(word, safe=":"))


def filled_body(body, words):
    """Return a JSON text with the words in place of their placeholders."""
    return _filled(body, words, lambda word: json.dumps(word)[1:-1])


def _filled(text, words, written):
    def word(match):
        name = match.group(1)
        return written(words[name]) if name in words else match.group(0)

    return _PLACEHOLDER.sub(word, text)


def stands_in(name, *texts):
    """Return whether a placeholder is in one of the texts."""
    return any(f"{{{name}}}" in (text or "") for text in texts)
