"""How often a source may ask, over all its fetches."""

import time

from .fetched import RetryLater

_MINUTE = 60
#: Seconds that a fetch waits by itself; for longer it is put off.
_PATIENCE = 5


class Pace:
    """Keeps the requests of one source below its limit a minute."""

    def __init__(self, source, limit):
        """
        :param limit: requests a minute; 0: as many as one likes
        """
        self.source = source
        self.limit = limit

    def wait(self):
        """Note a request, after waiting until there is room for it.

        :raise RetryLater: that would take long
        """
        limit = self.limit
        if not limit:
            return
        # sudo: when it asked is the machine's note.
        source = self.source.sudo()
        now = time.time()
        asked = [at for at in source.http_asked or [] if now - _MINUTE < at <= now]
        if len(asked) >= limit:
            seconds = asked[-limit] + _MINUTE - now
            if seconds > _PATIENCE:
                raise RetryLater(
                    source.env._(
                        "At most %(limit)s requests a minute: it goes on in "
                        "%(seconds)s seconds.",
                        limit=limit,
                        seconds=round(seconds) + 1,
                    ),
                    round(seconds) + 1,
                )
            time.sleep(max(seconds, 0))
        source.http_asked = [*asked, time.time()][-limit:]
