"""Reads what another system answered: not too long, not too deep, in JSON."""

import json
import re
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

from odoo.exceptions import UserError

from .fetched import RetryLater
from .http_words import said_in

_DEEPEST = 100
_CHUNK = 1 << 16
_ERROR_BYTES = 1 << 16
#: Waiting asked for without saying how long; and the longest that is believed.
_WAIT = 60
_LONGEST_WAIT = 24 * 3600


class HttpError(UserError):
    """The other system answered with an error.

    ``status`` is its number, ``data`` its JSON or None.
    """

    def __init__(self, message, status, data=None):
        super().__init__(message)
        self.status = status
        self.data = data


class AnswerReader:
    """Takes one response of ``requests`` apart."""

    def __init__(self, env, response, scrub, explain=None):
        """
        :param scrub: takes a text, returns it without the secret
        :param explain: takes the JSON of an error, returns its reason or None
        """
        self.env = env
        self.response = response
        self.headers = response.headers
        self.scrub = scrub
        self.explain = explain

    def data(self, size):
        """Return the data of the answer.

        :param size: bytes that it may have, unpacked
        :raise RetryLater: the other system asks to wait
        :raise HttpError: it answered with an error
        :raise UserError: it is too long, or no JSON
        """
        self._check_status()
        body = self._body(size)
        kind = self.headers.get("Content-Type", "").lower()
        if body.lstrip()[:1] == b"<" or "html" in kind:
            raise UserError(
                self.env._(
                    "It answered with a web page instead of data (%(words)s): perhaps "
                    "this is the address of its pages, or it wants a sign-in.",
                    words=said_in(None, body, self.scrub),
                )
            )
        return self._parsed(body)

    def _check_status(self):
        status = self.response.status_code
        wait = self.headers.get("Retry-After")
        if status == 429 or (status == 503 and wait):
            seconds = _seconds(wait)
            raise RetryLater(
                self.env._(
                    "It asks to wait %(seconds)s seconds (status %(status)s).",
                    seconds=seconds,
                    status=status,
                ),
                seconds,
            )
        if status >= 400:
            body = self._body(_ERROR_BYTES, is_cut=True)
            try:
                data = json.loads(body)
            except (ValueError, RecursionError):
                data = None
            reason = (self.explain and self.explain(data)) or data
            words = said_in(reason, body, self.scrub)
            raise HttpError(self._status_message(status, words), status, data)

    def _status_message(self, status, words):
        if status in (401, 403):
            return self.env._(
                "It refuses us (status %(status)s): check the secret and how it is "
                "sent. %(words)s",
                status=status,
                words=words,
            )
        if status == 404:
            return self.env._(
                "There is nothing at this address (status 404). %(words)s", words=words
            )
        return self.env._(
            "It answered with an error (status %(status)s): %(words)s",
            status=status,
            words=words,
        )

    def _body(self, size, is_cut=False):
        """Return the unpacked body as bytes.

        :param is_cut: take the beginning of a longer one
        :raise UserError: it is longer than ``size``
        """
        unpack = self._unpacker()
        parts, left = [], size
        while left >= 0 and not (unpack and unpack.eof):
            chunk = self.response.raw.read(_CHUNK, decode_content=False)
            if not chunk:
                break
            # One byte more than allowed shows that there is more.
            part = unpack.decompress(chunk, left + 1) if unpack else chunk
            parts.append(part)
            left -= len(part)
        if left < 0 and not is_cut:
            raise UserError(
                self.env._(
                    "The answer is longer than %(size)s MB: ask for fewer rows, or "
                    "page by page.",
                    size=f"{size / 1e6:g}",
                )
            )
        if left >= 0 and unpack and parts and not unpack.eof:
            raise requests.ConnectionError("broken off")
        return b"".join(parts)

    def _unpacker(self):
        encoding = self.headers.get("Content-Encoding", "identity").lower().strip()
        if encoding in ("gzip", "x-gzip"):
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        if encoding in ("identity", ""):
            return None
        raise UserError(
            self.env._(
                "It packs its answer as “%(name)s”, which was not asked for.",
                name=encoding[:40],
            )
        )

    def _parsed(self, body):
        try:
            # NaN is no JSON; as text, the value is refused and its row named.
            data = json.loads(body, parse_constant=str)
            is_deep = not _is_shallow(data)
        except RecursionError:
            is_deep = True
        except ValueError as error:
            words = said_in(None, body, self.scrub)
            if not words:
                raise UserError(self.env._("The answer is empty.")) from None
            raise UserError(
                self.env._(
                    "The answer is no valid JSON (%(reason)s): %(words)s",
                    reason=str(error)[:100],
                    words=words,
                )
            ) from None
        if is_deep:
            raise UserError(
                self.env._("The answer is nested too deeply to be rows of data.")
            )
        return data


def _seconds(raw):
    """Return how long a Retry-After (seconds or a date) asks to wait."""
    if raw and re.fullmatch(r"\s*\d{1,9}(\.\d+)?\s*", raw):
        wait = float(raw)
    else:
        try:
            moment = parsedate_to_datetime(raw or "")
            wait = (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            wait = _WAIT
    return round(min(max(wait, 1), _LONGEST_WAIT))


def _is_shallow(data):
    """Return whether lists and objects lie in each other no deeper than is sane."""
    level = [data] if isinstance(data, (dict, list)) else []
    for _depth in range(_DEEPEST):
        if not level:
            return True
        inside = (one.values() if isinstance(one, dict) else one for one in level)
        level = [x for one in inside for x in one if isinstance(x, (dict, list))]
    return False
