"""Files of billed periods: consecutive ones of a product are one subscription."""

from collections import defaultdict

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..facts.batch import MAX_READINGS
from .cells import BadRow
from .loader import Loader, loader, target, write_different
from .periods import Period, chains
from .revenue_history import METRICS, readings

_lt = LazyTranslate(__name__)

#: A century: more is a column taken for another.
MAX_BILLING_MONTHS = 1200


@loader
class SubscriptionLoader(Loader):
    """Makes subscriptions of billed periods, and the history of revenue of both.

    A customer, a product and a start are one subscription: the same file again
    changes nothing, the next month's file extends what is there.
    """

    kind = "subscriptions"
    targets = (
        target("customer", _lt("Customer"), "account ref", "account", "ref", "codigo",
               "codigo do cliente", "cnpj", "cpf cnpj", "vat", "cliente",
               "razao social", required=True),
        target("product", _lt("Product"), "produto", "plano", "plan", "servico",
               "service", "item", required=True),
        target("start", _lt("Start"), "start date", "inicio", "data inicio",
               "data de inicio", "inicio da vigencia", "de", required=True),
        target("end", _lt("End"), "end date", "fim", "termino", "data fim",
               "data de termino", "fim da vigencia", "vencimento", "ate"),
        target("mrr", _lt("MRR"), "valor mensal", "mensalidade", "receita recorrente",
               "monthly revenue", "valor", number=True, required=True),
        target("quantity", _lt("Quantity"), "quantidade", "qtd", "qtde", "qty",
               "licencas", number=True),
        target("billing_months", _lt("Renews every (months)"), "bill period months",
               "billing months", "meses", "periodicidade", "periodicidade meses",
               number=True),
    )  # fmt: skip

    example = (
        {
            "customer": "C-001",
            "product": "Plan",
            "start": "2026-01-01",
            "end": "2026-12-31",
            "mrr": "1500",
            "quantity": "10",
            "billing_months": "12",
        },
        {
            "customer": "12.345.678/0001-95",
            "product": "Cards",
            "start": "2026-03-01",
            "end": "",
            "mrr": "200",
            "quantity": "1",
            "billing_months": "1",
        },
    )

    def pages(self, table):
        # A period says what it means only beside the others of its product.
        return self._pages_by_customer(table)

    def _load(self, rows):
        periods = self._read_periods(rows)
        # sudo: what a file says of a customer counts whoever's portfolio it is in;
        # the customers were found within the importer's company.
        subscriptions = self.env["cs.subscription"].sudo()
        self._subscriptions = subscriptions.with_context(cs_facts_later=True)
        known = self._known_periods(periods)
        history = self._history(periods, known)
        self._write(periods, known)
        self._record(history, periods)
        accounts = self.env["cs.account"].browse(list(periods))
        self.env["cs.metric.source"]._run_builtin(accounts, ["subscription"])

    # Rows to periods

    def _read_periods(self, rows):
        """Return ``{account id: {product name: [Period]}}`` of the good rows."""
        found, _unknown = self._find_customers(rows)
        periods = defaultdict(lambda: defaultdict(list))
        for line, cells in rows:
            if line not in found:
                continue
            try:
                product = self.read.text(self._required_cell(cells, "product"))
                period = self._period(line, cells)
            except BadRow as bad:
                self.report.refuse(line, bad)
            else:
                periods[found[line]][product].append(period)
        return periods

    def _period(self, line, cells):
        period = Period(
            start=self.read.date(self._required_cell(cells, "start")),
            end=self._optional(cells, "end", self.read.date),
            # As it is stored, or the same again would differ by a fraction of a cent.
            mrr=self.company.currency_id.round(
                self.read.number(self._required_cell(cells, "mrr"))
            ),
            quantity=self._optional(cells, "quantity", self.read.number, 1.0),
            billing_months=int(
                self._optional(cells, "billing_months", self.read.number, 1)
            ),
            line=line,
        )
        if period.end and period.end < period.start:
            raise BadRow(self.env._("It ends before it starts."))
        if period.mrr < 0 or period.quantity < 0:
            raise BadRow(self.env._("MRR and quantity cannot be negative."))
        if period.billing_months < 1:
            raise BadRow(self.env._("It is billed every month, or more rarely."))
        if period.billing_months > MAX_BILLING_MONTHS:
            raise BadRow(
                self.env._("Too large: %(value)s", value=period.billing_months)
            )
        return period

    def _known_periods(self, periods):
        """Return what subscriptions say already, shaped as the file's periods."""
        known = defaultdict(lambda: defaultdict(list))
        domain = [("account_id", "in", list(periods))]
        for one in self._subscriptions.search(domain):
            known[one.account_id.id][one.product_id.name or one.name].append(
                Period(
                    start=one.start_on,
                    end=one.end_on or None,
                    mrr=one.mrr,
                    quantity=one.quantity,
                    billing_months=one.billing_months,
                    subscription=one,
                )
            )
        return known

    # Periods to subscriptions

    def _write(self, periods, known):
        names = {name for by_product in periods.values() for name in by_product}
        products = self._find_products(names)
        to_create = []
        for account_id, by_product in periods.items():
            for name, of_file in by_product.items():
                for chain in chains([*of_file, *known[account_id][name]]):
                    if not chain.lines:
                        continue
                    if chain.subscriptions:
                        self._update(chain)
                    else:
                        to_create.append(
                            {
                                **chain.values(),
                                "account_id": account_id,
                                "product_id": products[name],
                                "name": name,
                            }
                        )
                        for line in chain.lines:
                            self.report.keep(line)
        self._subscriptions.create(to_create)
        self.report.created += len(to_create)

    def _update(self, chain):
        first, *joined = chain.subscriptions
        changed = write_different(first, chain.values())
        if joined:
            # The file closed the gap between them: they are one from now on.
            self._subscriptions.browse([one.id for one in joined]).unlink()
        for line in chain.lines:
            if changed or joined:
                self.report.keep(line)
            else:
                self.report.leave(line)

    def _find_products(self, names):
        """Return ``{name: id of a product.product}``; new names become services."""
        # sudo: the catalogue belongs to sales; only what customers pay for is added.
        products = self.env["product.product"].sudo()
        domain = [
            ("name", "in", list(names)),
            ("company_id", "in", [False, self.company.id]),
        ]
        found = {one.name: one.id for one in products.search(domain, order="id desc")}
        missing = sorted(names - set(found))
        made = products.create([{"name": name, "type": "service"} for name in missing])
        return found | dict(zip(missing, made.ids, strict=True))

    # Periods to facts

    def _history(self, periods, known):
        today = self.env["cs.account"]._today(self.company)
        recorded = self._recorded_moments(list(periods))
        return [
            reading
            for account_id, by_product in periods.items()
            for reading in readings(
                account_id, by_product, known[account_id], recorded[account_id], today
            )
        ]

    def _recorded_moments(self, account_ids):
        """Return ``{account id: [(metric, naive UTC moment, local day)]}``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.account_id, m.key, r.at
                  FROM cs_metric_reading r JOIN cs_metric m ON m.id = r.metric_id
                 WHERE r.account_id = ANY(%s::int[])
                   AND m.key = ANY(%s)
                   AND r.source_id = %s
                 ORDER BY r.at
                """,
                account_ids,
                list(METRICS),
                self._owner().id or None,
            )
        )
        accounts = self.env["cs.account"]
        moments = defaultdict(list)
        for account_id, key, at in rows:
            day = accounts._local_date(at, self.company)
            moments[account_id].append((key, at, day))
        return moments

    def _owner(self):
        # They are facts of the subscriptions, so the source that counts those owns
        # them, whichever file they came in. sudo: it is of all companies.
        sources = self.env["cs.metric.source"].sudo().with_context(active_test=False)
        return sources.search([("builtin", "=", "subscription")], limit=1)

    def _record(self, history, periods):
        values = self.env["cs.metric.value"]
        for start in range(0, len(history), MAX_READINGS):
            part = history[start : start + MAX_READINGS]
            for error in values.record(part, self._owner())["errors"]:
                account_id = part[error["index"]]["account"]
                lines = [one.line for of in periods[account_id].values() for one in of]
                self.report.refuse(min(lines), error["reason"])
