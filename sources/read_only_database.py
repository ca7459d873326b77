"""Asks one question of another PostgreSQL database, so that it can only be read.

Nets behind one another: the question is read before it is sent; the role may do nothing
but read; the transaction can't write, nor be made to; the server's own parser takes the
question as one text, so that nothing behind it can run; rows, characters and seconds
are limited; a watch on our side ends what the server doesn't.
"""

from odoo.exceptions import UserError

from .postgres_conversation import MOST_CHARACTERS, Conversation
from .postgres_link import PostgresLink
from .postgres_watch import Watch
from .sql_question import checked_question

#: On the wire it is little longer.
_MOST_BYTES = 2 * MOST_CHARACTERS


class ReadOnlyDatabase:
    """Another PostgreSQL database, of which questions are asked."""

    def __init__(self, env, place, scrub=None):
        """
        :param place: a ``postgres_link.PostgresPlace``
        :param scrub: takes a text, returns it without the password
        """
        self.env = env
        self._link = PostgresLink(env, place)
        self._scrub = scrub or (lambda text: _without(place.password, text))

    def check(self):
        """Refuse settings with which it can't be reached.

        :raise ValidationError: says which, and what to do
        """
        self._link.check()

    def query(self, sql, limit, seconds, is_sample=False):
        """Return the ``Answer`` to a question, when all of it is here.

        Times without zone stay without; an interval is its seconds.

        :param sql: one SELECT or WITH … SELECT
        :param limit: most rows; an answer with more is refused
        :param seconds: from when it is open to when the answer is here; else refused
        :param is_sample: the first rows, up to ``limit``, are enough
        :raise UserError: why there is no answer, in words for a person, without the
            password
        """
        sql = checked_question(self.env, sql)
        try:
            with (
                self._link.opened(seconds) as (connection, cancel),
                Watch(connection, cancel, seconds, _MOST_BYTES) as watch,
            ):
                conversation = Conversation(self.env, connection, watch)
                return conversation.ask(sql, limit, is_sample)
        except UserError as error:
            raise type(error)(self._scrub(str(error))) from None


def _without(secret, text):
    return text.replace(secret, "•••") if secret else text
