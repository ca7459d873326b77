class Source:
    """Fetches the facts of one ``cs.metric.source``."""

    kind = None

    def __init__(self, source):
        self.source = source
        self.env = source.env

    def run(self, accounts=None):
        """Fetch and record.

        :param accounts: the cs.account records to refresh; all without it
        :return: dict of read, recorded, unchanged, bad (numbers of readings)
        """
        raise NotImplementedError
