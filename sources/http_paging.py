"""How a web service gives its rows page by page, and which page was the last."""

from collections import namedtuple

import jmespath
from jmespath.exceptions import JMESPathError
from requests.utils import parse_header_links

from odoo.exceptions import UserError, ValidationError

#: One page: all data of the answer, its rows, and the answer itself.
Found = namedtuple("Found", "data rows answer")


class Paging:
    """All rows come with the first answer."""

    #: Of the placeholder that stands for where a page begins.
    name = None
    #: Fields of the source without which it can't be.
    needed = ()

    def __init__(self, source):
        self.source = source
        self.env = source.env

    def check(self):
        """Refuse settings with which no second page would be found.

        :raise ValidationError: says which
        """
        missing = [name for name in self.needed if not self.source[name]]
        if missing:
            labels = self.source.fields_get(missing, ["string"])
            raise ValidationError(
                self.env._(
                    "To fetch page by page, say: %(fields)s",
                    fields=", ".join(one["string"] for one in labels.values()),
                )
            )

    def first(self):
        """Return where the first page begins; None: nothing is said."""
        return

    def after(self, at, found):
        """Return where the page after one begins, None if that was the last.

        :param at: where this one began
        :param found: the :class:`Found` page
        :raise UserError: it can't be told
        """
        return

    def is_over(self, found):
        """Return whether the rule to stop says that a page was the last."""
        rule = self.source.http_stop
        if rule == "more":
            return not _search(self.env, self.source.http_more, found.data)
        if rule == "short":
            return len(found.rows) < self.source.http_page_size
        return not found.rows

    def _whole(self, default):
        text = (self.source.http_first or "").strip()
        if text and not text.isdecimal():
            raise ValidationError(
                self.env._("The first page is a whole number, not “%s”.", text)
            )
        return int(text) if text else default


class PageNumber(Paging):
    name = "page"

    def first(self):
        return self._whole(1)

    def after(self, at, found):
        return None if self.is_over(found) else at + 1


class Offset(Paging):
    name = "offset"

    def first(self):
        return self._whole(0)

    def after(self, at, found):
        # Without a row there is nothing to skip: it would never end.
        is_last = self.is_over(found) or not found.rows
        return None if is_last else at + len(found.rows)


class Keyset(Paging):
    name = "last"
    needed = ("http_key",)

    def first(self):
        return self.source.http_first or None

    def after(self, at, found):
        if self.is_over(found) or not found.rows:
            return None
        key = _search(self.env, self.source.http_key, found.rows[-1])
        if isinstance(key, bool) or not isinstance(key, (str, int, float)):
            raise UserError(
                self.env._(
                    "The last row of a page has no key at “%(path)s”, so the next "
                    "page can't be asked for.",
                    path=self.source.http_key,
                )
            )
        return key


class Cursor(Paging):
    name = "cursor"
    needed = ("http_next",)

    def after(self, at, found):
        after = _search(self.env, self.source.http_next, found.data)
        is_over = self.source.http_stop == "more" and self.is_over(found)
        if is_over or not after:
            return None
        if isinstance(after, (dict, list)):
            raise UserError(
                self.env._(
                    "At “%(path)s” there is no mark of the next page, but a list or "
                    "an object.",
                    path=self.source.http_next,
                )
            )
        return after


class NextLink(Paging):
    name = "link"

    def after(self, at, found):
        if self.source.http_next:
            link = _search(self.env, self.source.http_next, found.data)
        else:
            link = _next_in_header(found.answer.headers.get("Link"))
        if link and not isinstance(link, str):
            raise UserError(
                self.env._(
                    "At “%(path)s” there is no address of the next page.",
                    path=self.source.http_next,
                )
            )
        return link or None


#: cs.metric.source.http_paging → class
PAGINGS = {
    "none": Paging,
    "page": PageNumber,
    "offset": Offset,
    "keyset": Keyset,
    "cursor": Cursor,
    "link": NextLink,
}


def _next_in_header(text):
    links = parse_header_links(text or "")
    return next((link["url"] for link in links if link.get("rel") == "next"), None)


def _search(env, path, data):
    try:
        return jmespath.search(path, data)
    except JMESPathError as error:
        raise UserError(
            env._(
                "“%(path)s” can't be found in the answer: %(reason)s",
                path=path,
                reason=str(error).splitlines()[0],
            )
        ) from None
