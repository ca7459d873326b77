"""The good readings of one call, as the database takes them in: column by column."""

from collections import namedtuple

from odoo.tools import SQL

#: Where the facts of a call are: ranges of accounts that hold them, and the metrics, as
#: ``SQL`` arrays; how many of the last bits of a fact's number are its metric's.
Scope = namedtuple("Scope", ["first_accounts", "last_accounts", "metrics", "bits"])
#: Accounts whose ids are that close are looked up as one range.
_GAP = 8


class ReadingColumns:
    """Parallel lists, one for each column of the readings of a call.

    A fact is called by one number, its account's id and in the last bits its metric's:
    numbers are written, compared and joined faster than pairs, the more so when small.
    """

    def __init__(self, metric_ids):
        """
        :param metric_ids: iterable of the ids that may occur
        """
        self._bits = max(metric_ids, default=0).bit_length()
        self._mask = (1 << self._bits) - 1
        #: ``account_key(account id) + metric id``
        self.facts = []
        #: Positions, from 1 on, in ``moments``.
        self.at = []
        self.values = []
        #: Where the reading stood in the call.
        self.indexes = []
        #: Naive UTC moments and their positions: a call names few, many times.
        self.moments = {}

    def account_key(self, account_id):
        """Return what, plus the id of a metric, is the number of a fact."""
        return account_id << self._bits

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

        Columns fact (its number), account_id, metric_id, at and value.
        """
        return SQL(
            """
            SELECT fact, (fact >> %(bits)s)::int AS account_id,
                   (fact & %(mask)s)::int AS metric_id, at, value
              FROM (SELECT unnest(%(facts)s::int8[]) AS fact,
                           %(at)s AS at,
                           unnest(%(values)s::float8[]) AS value) r
            """,
            bits=self._bits,
            mask=self._mask,
            facts=array_text(self.facts),
            at=self._sql_at(),
            values=array_text(self.values).replace("None", "NULL"),
        )

    def index_of(self):
        """Return where the readings stood in the call.

        :return: function from the account's id, the metric's id and the moment
        """
        keys = zip(self.facts, self.at, strict=True)
        found = dict(zip(keys, self.indexes, strict=True))
        return lambda account_id, metric_id, moment: found[
            self.account_key(account_id) + metric_id, self.moments[moment]
        ]

    def _sql_at(self):
        if len(self.moments) == 1:
            [moment] = self.moments
            return SQL("%s::timestamp", moment)
        moments = ",".join(moment.isoformat() for moment in self.moments)
        return SQL(
            "(%s::timestamp[])[unnest(%s::int[])]",
            f"{{{moments}}}",
            array_text(self.at),
        )

    def scope(self, account_ids):
        """Return where the facts are: a ``Scope``.

        :param account_ids: set of the accounts they are of, more do no harm
        """
        metric_ids = sorted({fact & self._mask for fact in self.facts})
        runs = []
        for account_id in sorted(account_ids):
            if runs and account_id - runs[-1][1] <= _GAP:
                runs[-1][1] = account_id
            else:
                runs.append([account_id, account_id])
        return Scope(
            SQL("%s::int[]", array_text([first for first, _last in runs])),
            SQL("%s::int[]", array_text([last for _first, last in runs])),
            SQL("%s::int[]", array_text(metric_ids)),
            SQL("%s", self._bits),
        )


def array_text(items):
    """Return a list of numbers as PostgreSQL writes an array.

    In one text: psycopg2 would quote the items one by one.
    """
    return f"{{{str(items)[1:-1]}}}"
