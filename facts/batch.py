"""One call of ``cs.metric.value.record()``: check, resolve, write, answer."""

from odoo.exceptions import UserError
from odoo.tools import SQL

from .account_resolver import AccountResolver
from .exchange import Exchange
from .reading_parser import BadReading, ReadingParser, shown
from .waiting import WaitingRoom
from .writer import ReadingWriter

MAX_READINGS = 50_000
_REQUIRED_KEYS = ("account", "metric", "value")


class ReadingBatch:
    """Records a list of readings in a fixed, small number of queries."""

    def __init__(self, env, source=None):
        """
        :param source: the ``cs.metric.source`` that brings the readings, or None
        """
        self.env = env
        self.source = source
        self.parser = ReadingParser(env)
        self.exchange = Exchange(env)
        self.companies = {}
        self.metrics = {}
        self.resolver = None
        self.errors = {}
        self.waiting_room = WaitingRoom(env, source) if source else None
        #: Readings whose customer the source calls by a name unknown as yet.
        self.unmatched = []
        #: How many of the refused readings wait for their customer.
        self.waiting = 0

    def record(self, readings):
        """See ``cs.metric.value.record()``."""
        self._check_list(readings)
        self._load_companies()
        self._load_metrics()
        well_formed = self._well_formed(readings)
        self._load_accounts(well_formed)
        rows = self._refuse_owned(self._parse(well_formed))
        changed = self._write(rows)
        if self.unmatched:
            self.waiting = self.waiting_room.seat(self.unmatched)
        return {
            "recorded": changed,
            "unchanged": len(readings) - len(self.errors) - changed,
            "errors": [
                {"index": index, "reason": self.errors[index]}
                for index in sorted(self.errors)
            ],
        }

    def _check_list(self, readings):
        if not isinstance(readings, (list, tuple)):
            raise UserError(self.env._("Readings must come as a list."))
        if len(readings) > MAX_READINGS:
            raise UserError(
                self.env._(
                    "%(count)s readings in one call, at most %(limit)s are taken.",
                    count=len(readings),
                    limit=MAX_READINGS,
                )
            )

    def _load_companies(self):
        for company in self.env.companies:
            self.companies[company.id] = self.companies[company.name] = company

    def _load_metrics(self):
        # sudo: which metrics there are is no secret to who may record them.
        metrics = self.env["cs.metric"].sudo().search_fetch([], ["key", "kind"])
        self.metrics = {metric.key: (metric.id, metric.kind) for metric in metrics}

    def _well_formed(self, readings):
        """Return ``[(index, reading)]`` of those that say what they must."""
        well_formed = []
        for index, reading in enumerate(readings):
            try:
                self._check_shape(reading)
            except BadReading as bad:
                self.errors[index] = str(bad)
            else:
                well_formed.append((index, reading))
        return well_formed

    def _check_shape(self, reading):
        if not isinstance(reading, dict):
            raise BadReading(
                self.env._("Not a reading: it must have an account, a metric, a value.")
            )
        for key in _REQUIRED_KEYS:
            if key not in reading:
                raise BadReading(self.env._("“%(key)s” is missing.", key=key))
        metric = reading["metric"]
        if not isinstance(metric, str) or metric not in self.metrics:
            raise BadReading(self.env._("Unknown metric: %(key)s", key=shown(metric)))
        account = reading["account"]
        if isinstance(account, bool) or not isinstance(account, (int, str)):
            raise BadReading(
                self.env._("Unknown customer: %(account)s", account=shown(account))
            )

    def _load_accounts(self, well_formed):
        self.resolver = AccountResolver(self.env, self.env.companies, self.waiting_room)
        self.resolver.load({reading["account"] for _index, reading in well_formed})

    def _parse(self, well_formed):
        """Return ``{(account id, metric id, at): (value, index)}``, the last wins."""
        rows = {}
        for index, reading in well_formed:
            try:
                key, value = self._parse_one(reading)
            except BadReading as bad:
                self.errors[index] = str(bad)
            else:
                rows[key] = (value, index)
        return rows

    def _parse_one(self, reading):
        metric_id, kind = self.metrics[reading["metric"]]
        account_id, company = self._find_account(reading)
        at = self.parser.moment(reading.get("at"), company)
        value = self.parser.value(reading["value"], kind)
        currency = reading.get("currency")
        if currency is not None:
            value = self.exchange.convert(value, kind, currency, company, at)
        return (account_id, metric_id, at), value

    def _find_account(self, reading):
        reference = reading["account"]
        found = self.resolver.find(reference, self._find_company(reading))
        if len(found) == 1:
            [(account_id, company_id)] = found
            return account_id, self.companies[company_id]
        if not found:
            if self.waiting_room and isinstance(reference, str):
                self.unmatched.append(reading)
            raise BadReading(
                self.env._("Unknown customer: %(account)s", account=shown(reference))
            )
        raise BadReading(
            self.env._(
                "%(count)s customers are meant by %(account)s: give the id of the "
                "one, or its company.",
                count=len(found),
                account=shown(reference),
            )
        )

    def _find_company(self, reading):
        """Return the id of the company a reading names, or None."""
        name = reading.get("company")
        if name is None:
            return None
        is_reference = isinstance(name, (int, str)) and not isinstance(name, bool)
        if not is_reference or name not in self.companies:
            raise BadReading(
                self.env._("Not one of your companies: %(name)s", name=shown(name))
            )
        return self.companies[name].id

    def _refuse_owned(self, rows):
        """Leave out, and name, the facts that another active source owns."""
        owners = ReadingWriter(self.env, self.source).owners(
            {account_id for account_id, _metric_id, _at in rows},
            {metric_id for _account_id, metric_id, _at in rows},
        )
        if not owners:
            return rows
        kept = {}
        for key, (value, index) in rows.items():
            owner = owners.get(key[:2])
            if owner:
                self.errors[index] = self.env._(
                    "This fact of the customer comes from “%(owner)s”.", owner=owner
                )
            else:
                kept[key] = (value, index)
        return kept

    def _write(self, rows):
        """Write the rows and return how many changed something."""
        if not rows:
            return 0
        accounts, metrics, moments = zip(*rows, strict=True)
        text = {moment: moment.isoformat() for moment in set(moments)}
        values = (
            "NULL" if value is None else repr(value) for value, _i in rows.values()
        )
        relation = SQL(
            """
            SELECT * FROM unnest(
                %s::int[], %s::int[], %s::timestamp[], %s::float8[]
            ) AS r (account_id, metric_id, at, value)
            """,
            _array(map(str, accounts)),
            _array(map(str, metrics)),
            _array(text[moment] for moment in moments),
            _array(values),
        )
        return ReadingWriter(self.env, self.source).store(relation)


def _array(items):
    # As one text: psycopg2 would quote the items of a list one by one.
    return f"{{{','.join(items)}}}"
