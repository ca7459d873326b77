class LoadReport:
    """What became of the rows of a file."""

    def __init__(self):
        self.kept = 0
        self.unchanged = 0
        self.created = 0
        self.bad = []

    def refuse(self, line, reason):
        """Name a row that was not kept.

        :param line: its number in the file, the header is 1
        """
        self.bad.append({"line": line, "reason": str(reason)})

    def as_dict(self):
        """Return kept, unchanged, created and bad, in the order of the file."""
        return {
            "kept": self.kept,
            "unchanged": self.unchanged,
            "created": self.created,
            "bad": sorted(self.bad, key=lambda row: row["line"]),
        }
