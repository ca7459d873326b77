"""The good readings of one call, as the database takes them in: column by column."""

from odoo.tools import SQL


class ReadingColumns:
    """Parallel lists, one for each column of the readings of a call."""

    def __init__(self):
        self.account_ids = []
        self.metric_ids = []
        #: Positions, from 1 on, in ``moments``.
        self.at = []
        self.values = []
        #: Where the reading stood in the call.
        self.indexes = []
        #: Naive UTC moments and their positions: a call names few, many times.
        self.moments = {}

    def __len__(self):
        return len(self.indexes)

    def position_of(self, moment):
        """Return the position of a naive UTC moment, which is added if it is new."""
        return self.moments.setdefault(moment, len(self.moments) + 1)

    def keep_last(self):
        """Of the readings of the same customer, metric and moment keep the last."""
        facts = (self.account_ids, self.metric_ids, self.at)
        if len(set(zip(*facts, strict=True))) == len(self):
            return
        last = {key: row for row, key in enumerate(zip(*facts, strict=True))}
        rows = sorted(last.values())
        for column in (*facts, self.values, self.indexes):
            column[:] = [column[row] for row in rows]

    def relation(self):
        """Return the readings as an ``SQL`` relation.

        Columns account_id, metric_id, at, value, and position: the place in
        ``indexes``, from 0 on.
        """
        # Arrays as one text each: psycopg2 would quote the items one by one.
        return SQL(
            """
            SELECT unnest(%s::int[]) AS account_id,
                   unnest(%s::int[]) AS metric_id,
                   %s AS at,
                   unnest(%s::float8[]) AS value,
                   generate_series(0, %s) AS position
            """,
            _array(self.account_ids),
            _array(self.metric_ids),
            self._sql_at(),
            _array(self.values).replace("None", "NULL"),
            len(self) - 1,
        )

    def _sql_at(self):
        if len(self.moments) == 1:
            [moment] = self.moments
            return SQL("%s::timestamp", moment)
        texts = ",".join(moment.isoformat() for moment in self.moments)
        return SQL(
            "(%s::timestamp[])[unnest(%s::int[])]", f"{{{texts}}}", _array(self.at)
        )

    def facts(self):
        """Return the customers and the metrics it is about, as two ``SQL`` arrays."""
        return tuple(
            SQL("%s::int[]", _array(sorted(set(column))))
            for column in (self.account_ids, self.metric_ids)
        )


def _array(items):
    # A list of numbers is written faster as a whole than one by one.
    return f"{{{str(items)[1:-1]}}}"
