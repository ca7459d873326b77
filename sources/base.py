class Source:
    """Fetches the facts of one ``cs.metric.source``."""

    kind = None
    #: Whether the scheduled action fetches it, at the interval of the source.
    is_fetched = False
    #: Fields of the source that say to whom its secret is sent.
    destination_fields = ()

    def __init__(self, source):
        self.source = source
        self.env = source.env

    @classmethod
    def of(cls, source):
        """Return the object that fetches for a source of this kind."""
        return cls(source)

    def destination(self):
        """Return to whom the secret is sent, and how, as a tuple to be compared."""
        return self.kind, *(self.source[name] for name in self.destination_fields)

    def check(self):
        """Refuse settings with which nothing could be fetched.

        :raise ValidationError: says which, and what to do
        """

    def run(self, accounts=None):
        """Fetch and record.

        :param accounts: the cs.account records to refresh; all without it
        :return: dict of read, recorded, unchanged, waiting, bad (numbers of readings)
            and errors (reasons of the refused ones)
        :raise UserError: what stopped it, in words for the owner of the source
        """
        raise NotImplementedError
