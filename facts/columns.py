"""The good readings of one call, as the database takes them in: column by column."""

from collections import namedtuple

from odoo.tools import SQL

#: Ranges of accounts that hold those of the readings, and the metrics: ``SQL`` arrays.
Scope = namedtuple("Scope", ["first_accounts", "last_accounts", "metrics"])
#: A fact is called by one number: its account's id, and in the last bits its metric's.
#: Numbers are compared and joined faster than pairs.
METRIC_BITS = 20
_METRIC_MASK = (1 << METRIC_BITS) - 1
#: Accounts whose ids are that close are looked up as one range.
_GAP = 8


def account_key(account_id):
    """Return what, plus the id of a metric, is the number of a fact."""
    return account_id << METRIC_BITS


class ReadingColumns:
    """Parallel lists, one for each column of the readings of a call."""

    def __init__(self):
        #: ``account_key(account id) + metric id``
        self.facts = []
        #: Positions, from 1 on, in ``moments``.
        self.at = []
        self.values = []
        #: Where the reading stood in the call.
        self.indexes = []
        #: Naive UTC moments and their positions: a call names few, many times.
        self.moments = {}

    def position_of(self, moment):
        """Return the position of a naive UTC moment, which is added if it is new."""
        return self.moments.setdefault(moment, len(self.moments) + 1)

    def keep_last(self):
        """Of the readings of the same customer, metric and moment keep the last."""
        keys = self.facts
        if len(self.moments) > 1:
            # Numbers: 50,000 tuples would set the garbage collector to work.
            width = len(self.moments) + 1
            pairs = zip(self.facts, self.at, strict=True)
            keys = [fact * width + at for fact, at in pairs]
        if len(set(keys)) == len(keys):
            return
        rows = sorted({key: row for row, key in enumerate(keys)}.values())
        for column in (self.facts, self.at, self.values, self.indexes):
            column[:] = [column[row] for row in rows]

    def relation(self):
        """Return the readings as an ``SQL`` relation.

        Columns fact (its number), account_id, metric_id, at, value, and position: the
        place in ``indexes``, from 0 on.
        """
        return SQL(
            """
            SELECT fact, (fact >> %(bits)s)::int AS account_id,
                   (fact & %(mask)s)::int AS metric_id, at, value, position
              FROM (SELECT unnest(%(facts)s::int8[]) AS fact,
                           %(at)s AS at,
                           unnest(%(values)s::float8[]) AS value,
                           generate_series(0, %(last)s) AS position) r
            """,
            bits=METRIC_BITS,
            mask=_METRIC_MASK,
            facts=array_text(self.facts),
            at=self._sql_at(),
            values=array_text(self.values),
            last=len(self.indexes) - 1,
        )

    def _sql_at(self):
        if len(self.moments) == 1:
            [moment] = self.moments
            return SQL("%s::timestamp", moment)
        return SQL(
            "(%s::timestamp[])[unnest(%s::int[])]",
            array_text([moment.isoformat() for moment in self.moments]),
            array_text(self.at),
        )

    def scope(self):
        """Return where the facts are: a ``Scope``."""
        account_ids = sorted({fact >> METRIC_BITS for fact in self.facts})
        runs = []
        for account_id in account_ids:
            if runs and account_id - runs[-1][1] <= _GAP:
                runs[-1][1] = account_id
            else:
                runs.append([account_id, account_id])
        return Scope(
            SQL("%s::int[]", array_text([first for first, _last in runs])),
            SQL("%s::int[]", array_text([last for _first, last in runs])),
            SQL("%s::int[]", array_text(sorted(self._metric_ids()))),
        )

    def _metric_ids(self):
        return {fact & _METRIC_MASK for fact in self.facts}


def array_text(items):
    """Return a list of numbers, None or plain texts as PostgreSQL writes an array.

    In one text: psycopg2 would quote the items one by one.
    """
    return f"{{{str(items)[1:-1]}}}".replace("None", "NULL").replace("'", "")
