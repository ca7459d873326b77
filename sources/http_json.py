"""Any web service that answers with JSON."""

from datetime import timedelta

import jmespath
from jmespath.exceptions import JMESPathError

from odoo import fields
from odoo.exceptions import UserError, ValidationError

from .fetched import Page
from .http import HttpSource, preset
from .http_answer import HttpError
from .http_paging import PAGINGS, Found
from .http_settings import (
    MOMENTS,
    filled_address,
    filled_body,
    moments,
    stands_in,
)
from .http_words import plain, with_parameters

#: What a service answers that doesn't know any more where we stood.
_LOST = (400, 404, 410, 422)
#: A walk that was cut longer ago begins anew.
_WALK_LASTS = timedelta(days=1)


@preset
class JsonSource(HttpSource):
    """Rows lie in the answer where a path says; page follows page."""

    preset = "json"

    def __init__(self, source):
        super().__init__(source)
        self.paging = PAGINGS[source.http_paging](source)

    def check(self):
        source = self.source
        self.need("http_url")
        self.settings.headers(source.http_headers)
        if source.http_method == "POST" and source.http_body:
            self.settings.check_body(source.http_body)
        for path in (source.http_rows, *self._paths()):
            if path:
                self.settings.check_path(path)
        self._check_paging()
        return super().check()

    def check_address(self):
        names = [*MOMENTS, *filter(None, [self.paging.name])]
        self.settings.check_address(self.source.http_url, names)

    def _paths(self):
        source = self.source
        by_paging = {
            "keyset": [source.http_key],
            "cursor": [source.http_next],
            "link": [source.http_next],
        }
        more = [source.http_more] if source.http_stop == "more" else []
        return by_paging.get(source.http_paging, []) + more

    def _check_paging(self):
        source, name = self.source, self.paging.name
        if not name:
            return
        self.paging.check()
        self.paging.first()
        if source.http_stop == "more" and not source.http_more:
            self.need("http_more")
        if source.http_stop == "short" and not source.http_page_size:
            self.need("http_page_size")
        is_told = source.http_parameter or stands_in(
            name, source.http_url, source.http_body
        )
        if name != "link" and not is_told:
            raise ValidationError(
                self.env._(
                    "Say which parameter asks for the next page, or write {%(name)s} "
                    "where it stands in the address or the body.",
                    name=name,
                )
            )

    def pages(self, position=None):
        if position and self._is_old(position):
            position = None
        walk = position or self._beginning()
        with self.client() as client:
            try:
                yield from self._pages_from(client, walk)
            except HttpError as error:
                if not position or error.status not in _LOST:
                    raise
                # It forgot the mark that we kept: what came is kept, all is asked anew.
                yield from self._pages_from(client, self._beginning())

    def _is_old(self, walk):
        """Whether a walk was cut so long ago that its first pages are news again."""
        return self.begun - fields.Datetime.to_datetime(walk["begun"]) > _WALK_LASTS

    def _beginning(self):
        begun = fields.Datetime.to_string(self.begun)
        return {"begun": begun, "pages": 0, "at": self.paging.first()}

    def _pages_from(self, client, walk):
        before = None
        while walk:
            found = self._ask(client, walk)
            if found.rows and found.rows == before:
                raise UserError(
                    self.env._(
                        "The same rows came for two pages: check the parameter by "
                        "which the next page is asked for."
                    )
                )
            before = found.rows
            begun, is_last = walk["begun"], self._is_last_allowed(walk)
            walk = self._next(client, walk, found)
            yield Page(found.rows, None if is_last else walk)
            if walk and is_last:
                raise UserError(
                    self.env._(
                        "There are more than %(count)s pages. What came is kept; ask "
                        "for larger pages, or raise the limit.",
                        count=self.source.http_max_pages,
                    )
                )
        # Only once the last page is recorded, which a preview never does.
        # sudo: from when on the next fetch asks is the machine's note.
        self.source.sudo().http_since = begun

    def _next(self, client, walk, found):
        """Return where the walk goes on, None if it came to its end."""
        at = self.paging.after(walk["at"], found)
        if at is None:
            return None
        if self.paging.name == "link":
            at = client.resolve(found.answer.url, at)
        if isinstance(at, str) and self.scrub(at) != at:
            raise UserError(
                self.env._(
                    "The service repeats the secret in where the next page begins, "
                    "which would be kept: the fetch stops here."
                )
            )
        if at == walk["at"]:
            raise UserError(
                self.env._("The next page is this one again: the fetch would not end.")
            )
        return {**walk, "pages": walk["pages"] + 1, "at": at}

    def _is_last_allowed(self, walk):
        return walk["pages"] + 1 >= self.source.http_max_pages

    def _ask(self, client, walk):
        """Return the :class:`Found` page where the walk stands."""
        source = self.source
        is_post = source.http_method == "POST"
        words = self._words(walk)
        is_link = self.paging.name == "link" and walk["at"]
        url = walk["at"] if is_link else self._address(words)
        answer = client.ask(
            url,
            method=source.http_method,
            body=filled_body(source.http_body or "{}", words) if is_post else None,
            headers=self.settings.headers(source.http_headers),
        )
        return Found(answer.data, self.rows(answer.data), answer)

    def _words(self, walk):
        """Return what the placeholders stand for."""
        now = fields.Datetime.to_datetime(walk["begun"])
        today = self.env["cs.account"]._today(self.source.company_id or None)
        words = moments(self.source.http_since, now, today)
        if self.paging.name:
            words[self.paging.name] = "" if walk["at"] is None else str(walk["at"])
        return words

    def _address(self, words):
        """Return the address of the page at which the walk stands."""
        source, name = self.source, self.paging.name
        added = {}
        if name and words[name] and source.http_parameter:
            added[source.http_parameter] = words[name]
        if name and source.http_size_parameter and source.http_page_size:
            added[source.http_size_parameter] = str(source.http_page_size)
        return with_parameters(filled_address(source.http_url, words), added)

    def rows(self, data):
        """Return the rows in the data of an answer, each a dict.

        :raise UserError: there are none where they were said to be
        """
        path = self.source.http_rows or "@"
        try:
            rows = jmespath.search(path, data)
        except JMESPathError as error:
            raise UserError(
                self.env._(
                    "“%(path)s” can't be found in the answer: %(reason)s",
                    path=path,
                    reason=str(error).splitlines()[0],
                )
            ) from None
        if not isinstance(rows, list):
            raise UserError(self._no_rows(data, rows))
        return [self._row(row) for row in rows]

    def _row(self, row):
        if isinstance(row, list):
            return {str(number): cell for number, cell in enumerate(row)}
        return row if isinstance(row, dict) else {"value": row}

    def _no_rows(self, data, found):
        lists = _paths_of_lists(data)
        if lists:
            return self.env._(
                "There is no list of rows where it was looked for (%(path)s). Path to "
                "the rows may be one of: %(lists)s",
                path=self.source.http_rows or self.env._("the whole answer"),
                lists=plain(self.scrub(", ".join(lists))),
            )
        return self.env._(
            "There is no list of rows in the answer. It begins: %(words)s",
            words=plain(self.scrub(str(found or data))),
        )


def _paths_of_lists(data, depth=3):
    """Return paths of lists in an answer, the first ones."""
    if not isinstance(data, dict) or not depth:
        return []
    paths = []
    for key, inside in list(data.items())[:20]:
        if isinstance(inside, list):
            paths.append(key)
        paths += [f"{key}.{path}" for path in _paths_of_lists(inside, depth - 1)]
    return paths[:8]
