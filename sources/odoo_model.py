from collections import defaultdict, namedtuple
from datetime import datetime

from odoo.exceptions import UserError

from ..facts.exchange import Exchange
from ..facts.reading_parser import BadReading
from . import registry
from .coercion import value_of
from .fetched import FetchedSource, Page
from .odoo_check import QuestionCheck
from .odoo_question import Question


class Foreign(namedtuple("Foreign", "amount code")):
    """An amount without a rate; the door refuses it by the name of its currency."""

    def __str__(self):
        return f"{self.amount:g} {self.code}"


#: What is known of one customer: key of the metric → value; None: unknown from now on.
CustomerRow = namedtuple("CustomerRow", "account_id facts")


@registry.kind
class OdooSource(FetchedSource):
    """Counts the records of any app of this Odoo, a page for each company.

    It sees what its owner sees, and asks once for all customers of a company.
    """

    kind = "odoo"

    def __init__(self, source):
        super().__init__(source)
        self.exchange = Exchange(self.env)

    def check(self):
        source = self.source
        # Odoo checks what is saved without any limits of rights: here they matter.
        if source.user_id.active:
            source = source._as_owner()
        QuestionCheck(Question(source)).check()

    def pages(self, position=None):
        self._refuse_the_machine()
        question = Question(self.source)
        QuestionCheck(question).check()
        companies = self.env.companies.sorted("id")
        companies = companies.filtered(lambda one: one.id >= (position or 0))
        for company, following in zip(companies, [*companies[1:], None], strict=True):
            yield Page(self.rows(question, company), following and following.id)

    def _refuse_the_machine(self):
        if self.env.su:
            raise UserError(
                self.env._(
                    "This source is owned by the machine itself, from which nothing is "
                    "hidden: open and save it as a person."
                )
            )

    def shown(self, row):
        account = self.env["cs.account"].browse(row.account_id)
        names = {line.key: line.name for line in Question(self.source).lines}
        is_unique = len(set(names.values())) == len(names)
        return {self.env._("Customer"): account.display_name} | {
            name if is_unique else key: row.facts.get(key)
            for key, name in names.items()
        }

    def readings(self, rows):
        kinds = {line.key: line.kind for line in Question(self.source).lines}
        return [
            self._reading(row.account_id, key, value, kinds[key])
            for row in rows
            for key, value in row.facts.items()
        ]

    def _reading(self, account_id, key, value, kind):
        reading = {"account": account_id, "metric": key, "at": self.begun}
        if isinstance(value, Foreign):
            return {**reading, "value": value.amount, "currency": value.code}
        return {**reading, "value": value_of(value, kind)}

    def rows(self, question, company):
        """Return what is known of the customers of a company, those with records first.

        :param question: a :class:`Question` that was checked
        :param company: a res.company
        :return: list of :class:`CustomerRow`
        """
        accounts = self._accounts(question, company)
        if not accounts:
            return []
        found = defaultdict(list)
        for customer_id, currencies, parts in question.ask(company):
            if customer_id in accounts:
                in_money = self._in_money_of(company, question, currencies, parts)
                found[accounts[customer_id]].append(in_money)
        known = self._known(question, company)
        rest = [account for account in accounts.values() if account not in found]
        return [
            CustomerRow(
                account, self._values(question, company, found[account], known[account])
            )
            for account in [*found, *rest]
        ]

    def _values(self, question, company, parts, known):
        """Return ``{key of the metric: value}`` of what is known of a customer.

        :param parts: list, for each part of its records the answers to all lines
        :param known: ids of the metrics that this source knew before: only they can
            become 0 or unknown where there is no record any more
        """
        values = {}
        for number, line in enumerate(question.lines):
            value = self._value(line, [part[number] for part in parts], company)
            is_known = line.metric_id in known
            is_zero = self.source.zero_when_none or is_known
            if value is None and line.aggregate.is_counted and is_zero:
                value = 0
            if value is not None or is_known:
                values[line.key] = value
        return values

    def _value(self, line, parts, company):
        foreign = [part for part in parts if isinstance(part, Foreign)]
        if foreign:
            return foreign[0]
        value = line.aggregate.value(parts) if parts else None
        if value is None:
            return None
        if line.kind == "boolean":
            return bool(value)
        if isinstance(value, datetime):
            return self.env["cs.account"]._local_date(value, company)
        return value

    def _accounts(self, question, company):
        """Return ``{id at which the path ends: id of the account}``."""
        accounts = self.env["cs.account"].search_fetch(
            [("company_id", "=", company.id)], ["partner_id"]
        )
        if question.by_account:
            return {account.id: account.id for account in accounts}
        return {account.partner_id.id: account.id for account in accounts}

    def _known(self, question, company):
        """Return ``{account id: ids of metrics}`` of the facts this source knew."""
        wanted = [
            line.metric_id
            for line in question.lines
            if not (line.aggregate.is_counted and self.source.zero_when_none)
        ]
        known = defaultdict(set)
        if wanted:
            facts = self.env["cs.metric.value"]._read_group(
                [
                    ("source_id", "in", self.source.ids),
                    ("account_id.company_id", "=", company.id),
                    ("metric_id", "in", wanted),
                ],
                ["account_id", "metric_id"],
            )
            for account, metric in facts:
                known[account.id].add(metric.id)
        return known

    def _in_money_of(self, company, question, currencies, parts):
        """Return the answers of a part with its amounts in the money of a company."""
        return [
            self._convert(company, currencies[line.currency], cells)
            if line.currency
            else cells
            for line, cells in zip(question.lines, parts, strict=True)
        ]

    def _convert(self, company, currency, cells):
        amount, *rest = cells
        if not currency or currency == company.currency_id or amount is None:
            return cells
        amount = float(amount)
        try:
            amount = self.exchange.convert(
                amount, "money", currency.name, company, self.begun
            )
        except BadReading:
            return Foreign(amount, currency.name)
        return [amount, *rest]
