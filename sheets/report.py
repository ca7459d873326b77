"""What became of the rows of a file."""

#: From the one that any other outranks.
OUTCOMES = ("unchanged", "kept", "unmatched", "bad")


class LoadReport:
    """One outcome a row, with its reasons; of several the worst counts."""

    def __init__(self):
        #: Records made on the way: customers, subscriptions, metrics.
        self.created = 0
        self._rows = {}

    def keep(self, line):
        """Note a row that changed something."""
        self._note(line, "kept")

    def leave(self, line):
        """Note a row that says what is known already."""
        self._note(line, "unchanged")

    def miss(self, line, reason):
        """Note a row whose customer nobody knows."""
        self._note(line, "unmatched", reason)

    def refuse(self, line, reason):
        """Note a row that cannot be kept as it is.

        :param line: its number in the file
        """
        self._note(line, "bad", reason)

    def _note(self, line, outcome, reason=None):
        before, reasons = self._rows.get(line, ("unchanged", []))
        if reason is not None and str(reason) not in reasons:
            reasons.append(str(reason))
        self._rows[line] = (max(before, outcome, key=OUTCOMES.index), reasons)

    def of(self, line):
        """Return ``(outcome, reason or None)`` of a row; without a note, unchanged."""
        outcome, reasons = self._rows.get(line, ("unchanged", []))
        return outcome, "; ".join(reasons) or None
