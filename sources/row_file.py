"""Rows that wait until the last of them is here, without filling the memory."""

import json
import tempfile

_MOST_IN_MEMORY = 1_000_000


class RowFile:
    """Rows of texts, kept in a file that vanishes when it was read."""

    def __init__(self):
        self.count = 0
        self.characters = 0
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115
            _MOST_IN_MEMORY, "w+", encoding="utf-8"
        )

    def add(self, rows):
        """Keep rows.

        :param rows: list of tuples of texts and None
        """
        line = json.dumps(rows)
        self._file.write(f"{line}\n")
        self.count += len(rows)
        self.characters += len(line)

    def rows(self, readers):
        """Yield all rows as tuples of values, once.

        :param readers: for each column, what makes a value of its text
        """
        self._file.seek(0)
        with self._file:
            for line in self._file:
                for row in json.loads(line):
                    yield tuple(
                        read(text) for read, text in zip(readers, row, strict=True)
                    )
