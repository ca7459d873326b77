"""One call of ``cs.metric.value.record()``: check, resolve, write, answer."""

from operator import itemgetter

from odoo.exceptions import UserError
from odoo.tools import format_date

from .account_resolver import AccountResolver
from .columns import ReadingColumns
from .exchange import Exchange
from .reading_parser import (
    MAX_NUMBER,
    NUMBER_KINDS,
    BadReading,
    ReadingParser,
    shown,
)
from .waiting import WaitingRoom
from .writer import ReadingWriter

MAX_READINGS = 50_000
_REQUIRED_KEYS = ("account", "metric", "value")
_ACCOUNT = itemgetter("account")
_REFERENCES = frozenset({int, str})
_NUMBERS = frozenset({int, float})


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
        #: Of each company the moments read so far: ``{as written: position}``.
        self.moments = {}
        self.metrics = {}
        self.plain_metrics = {}
        self.resolver = None
        #: What needs no second look: ``{reference: (account key, moments)}``.
        self.places = {}
        #: All that the columns are about, and perhaps some more.
        self.account_ids = set()
        self.columns = None
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
        self._load_accounts(readings)
        self._read(readings)
        changed = self._write()
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
            self.moments[company.id] = {}

    def _load_metrics(self):
        # sudo: which metrics there are is no secret to who may record them.
        metrics = self.env["cs.metric"].sudo().search_fetch([], ["key", "kind"])
        self.metrics = {metric.key: (metric.id, metric.kind) for metric in metrics}
        self.plain_metrics = {
            key: metric_id
            for key, (metric_id, kind) in self.metrics.items()
            if kind in NUMBER_KINDS
        }
        self.columns = ReadingColumns(metrics.ids)

    def _load_accounts(self, readings):
        references, types = _references(readings)
        self.resolver = AccountResolver(self.env, self.env.companies, self.waiting_room)
        self.resolver.load(references)
        # 1, 1.0 and True are one key: where such are, all are read with care.
        if types <= _REFERENCES:
            account_key = self.columns.account_key
            found = list(self.resolver.unambiguous())
            self.places = {
                reference: (account_key(account_id), self.moments[company_id])
                for reference, account_id, company_id in found
            }
            self.account_ids.update(account_id for _ref, account_id, _company in found)

    def _read(self, readings):
        """Take the good readings into the columns, name the bad ones.

        A plain number of a customer is read right here: a call has 50,000 of them.
        """
        places, metrics, rows = self.places, self.plain_metrics, self.columns
        add_fact, add_at = rows.facts.append, rows.at.append
        add_value, add_index = rows.values.append, rows.indexes.append
        for index, reading in enumerate(readings):
            try:
                account, moments = places[reading["account"]]
                fact = account + metrics[reading["metric"]]
                raw_at = reading.get("at")
                at = moments[raw_at]
                value = reading["value"]
                # It says nothing else: no company, no currency.
                is_plain = (
                    len(reading) == (3 if raw_at is None else 4)
                    and type(value) in _NUMBERS
                    and -MAX_NUMBER <= value <= MAX_NUMBER
                )
            except (AttributeError, KeyError, TypeError):
                is_plain = False
            if not is_plain:
                try:
                    fact, at, value = self._parse(reading)
                except BadReading as bad:
                    self.errors[index] = str(bad)
                    continue
            add_fact(fact)
            add_at(at)
            add_value(value)
            add_index(index)

    def _parse(self, reading):
        """Return the key of the fact, the position of the moment, the value."""
        self._check_shape(reading)
        metric_id, kind = self.metrics[reading["metric"]]
        # Before the customer is looked for: what waits for one must be good, too.
        value = self.parser.value(reading["value"], kind)
        account_id, company = self._find_account(reading)
        self.account_ids.add(account_id)
        moment, at = self._find_moment(reading.get("at"), company)
        currency = reading.get("currency")
        if currency is not None:
            value = self.exchange.convert(value, kind, currency, company, moment)
        return self.columns.account_key(account_id) + metric_id, at, value

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

    def _find_moment(self, raw, company):
        """Return the naive UTC moment of a reading, and its position."""
        moment = self.parser.moment(raw, company)
        position = self.columns.position_of(moment)
        self.moments[company.id][raw] = position
        return moment, position

    def _write(self):
        """Write the columns and return how many readings changed something."""
        self.columns.keep_last()
        if not self.columns.indexes:
            return 0
        stored = ReadingWriter(self.env, self.source).store(
            self.columns.relation(), self.columns.scope(self.account_ids)
        )
        if stored.refused:
            self._name_refused(stored.refused)
        return stored.changed

    def _name_refused(self, refused):
        # sudo: who records must know whom to ask, or why it was withdrawn, no more.
        sources = self.env["cs.metric.source"].sudo()
        withdrawals = self.env["cs.metric.withdrawal"].sudo()
        owners = {one.owner_id for one in refused if one.owner_id}
        names = {source.id: source.name for source in sources.browse(owners)}
        reasons = withdrawals.browse(
            {one.withdrawal_id for one in refused if one.withdrawal_id}
        )
        reasons.fetch(["reason", "create_date"])
        index_of = self.columns.index_of()
        for one in refused:
            index = index_of(one.account_id, one.metric_id, one.at)
            if one.owner_id:
                self.errors[index] = self.env._(
                    "This fact of the customer comes from “%(owner)s”.",
                    owner=names[one.owner_id],
                )
            else:
                withdrawal = withdrawals.browse(one.withdrawal_id)
                self.errors[index] = self.env._(
                    "This reading was withdrawn on %(day)s: %(reason)s",
                    day=format_date(self.env, withdrawal.create_date),
                    reason=withdrawal.reason,
                )


def _references(readings):
    """Return by what readings call their accounts, and of which types that is."""
    try:
        references = list(map(_ACCOUNT, readings))
        types = set(map(type, references))
    except (KeyError, TypeError):
        return _references_of_some(readings)
    if types <= _REFERENCES:
        return set(references), types
    return _references_of_some(readings)


def _references_of_some(readings):
    """As above, of those that are readings; the others are named when they are read."""
    references, types = set(), set()
    for reading in readings:
        try:
            reference = reading["account"]
            types.add(type(reference))
            # Others mean nobody, and would stand for the number they equal.
            if type(reference) in _REFERENCES:
                references.add(reference)
        except (KeyError, TypeError):
            continue
    return references, types
