"""Files of billing: one row an amount of a month, with when it was due and paid."""

from collections import defaultdict

from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from .cells import BadRow
from .header import plain
from .loader import Loader, loader, target, write_different

_lt = LazyTranslate(__name__)

_RECURRING = {"recorrente", "recurring", "mensalidade", "mensal", "assinatura", "r"}
_ONCE = {"avulso", "unico", "one off", "once", "setup", "implantacao", "nao recorrente"}


@loader
class BillingLoader(Loader):
    """Keeps what was billed, for the reconciliation and for what is overdue.

    Customer, month, product, and the invoice's number or else its due day are one
    amount: the same file again changes nothing, a later one says what was paid.
    """

    kind = "billing"
    targets = (
        target("customer", _lt("Customer"), "account ref", "account", "ref", "codigo",
               "codigo do cliente", "cnpj", "cpf cnpj", "vat", "cliente",
               "razao social", required=True),
        target("month", _lt("Month"), "mes", "competencia", "mes de competencia",
               "mes de referencia", "periodo"),
        target("product", _lt("Product"), "produto", "plano", "servico", "service",
               "item", "descricao"),
        target("amount", _lt("Amount"), "valor", "valor faturado", "valor total",
               "valor da fatura", "total", "billed", "faturado", number=True,
               required=True),
        target("recurring", _lt("Recurring"), "recorrente", "recorrencia"),
        target("due", _lt("Due"), "due date", "due on", "vencimento",
               "data de vencimento", "data vencimento", "vence em"),
        target("paid", _lt("Paid"), "paid date", "paid on", "pagamento",
               "data de pagamento", "data pagamento", "pago em", "recebimento",
               "data de recebimento", "baixa"),
        target("reference", _lt("Invoice"), "fatura", "nota", "nota fiscal", "nf",
               "numero da nota", "numero da fatura", "documento"),
    )  # fmt: skip
    example = (
        {
            "customer": "C-001",
            "month": "2026-05",
            "product": "Plan",
            "amount": "1500",
            "recurring": "yes",
            "due": "2026-05-10",
            "paid": "2026-05-09",
        },
        {
            "customer": "12.345.678/0001-95",
            "month": "2026-05",
            "product": "Training",
            "amount": "400",
            "recurring": "no",
            "due": "2026-05-20",
            "paid": "",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not {"month", "due"} & set(self.columns):
            raise UserError(
                self.env._("Say which column holds the month, or when it is due.")
            )

    def pages(self, table):
        return self._pages_by_customer(table)

    def _load(self, rows):
        found, _unknown = self._find_customers(rows)
        billed = defaultdict(list)
        for line, cells in rows:
            if line not in found:
                continue
            try:
                values = {"account_id": found[line], **self._values(cells)}
            except BadRow as bad:
                self.report.refuse(line, bad)
            else:
                billed[_identity(values)].append((line, values))
        # sudo: what a file says of a customer counts whoever's portfolio it is in;
        # the customers were found within the importer's company.
        lines = self.env["cs.billing.line"].sudo()
        self._lines = lines.with_context(cs_facts_later=True)
        self._write(billed, set(found.values()))
        accounts = self.env["cs.account"].browse(set(found.values()))
        self.env["cs.metric.source"]._run_builtin(accounts, ["billing"])

    def _values(self, cells):
        """Return the fields of a cs.billing.line that a row gives."""
        due = self._optional(cells, "due", self.read.date)
        month = self._optional(cells, "month", self.read.date, due)
        if not month:
            raise BadRow(self.env._("Neither the month nor when it is due is given."))
        amount = self.read.number(self._required_cell(cells, "amount"))
        return {
            "month": month.replace(day=1),
            "product": self._optional(cells, "product", self.read.text, False),
            # As it is stored, or the same again would differ by a fraction of a cent.
            "amount": self.company.currency_id.round(amount),
            "is_recurring": self._optional(
                cells, "recurring", self._is_recurring, True
            ),
            "due_on": due or False,
            "paid_on": self._optional(cells, "paid", self.read.date, False),
            "reference": self._optional(cells, "reference", self.read.text, False),
        }

    def _is_recurring(self, cell):
        word = plain(self.read.text(cell))
        if word in _RECURRING | _ONCE:
            return word in _RECURRING
        return bool(self.read.answer(cell))

    def _write(self, billed, account_ids):
        known = self._known(account_ids)
        to_create = []
        for identity, rows in billed.items():
            for (line, values), record in _pairs(rows, known[identity]):
                if not record:
                    to_create.append(values)
                    self.report.keep(line)
                elif write_different(record, values):
                    self.report.keep(line)
                else:
                    self.report.leave(line)
        self._lines.create(to_create)
        self.report.created += len(to_create)

    def _known(self, account_ids):
        """Return what was billed to customers: ``{identity: [cs.billing.line]}``."""
        known = defaultdict(list)
        for one in self._lines.search([("account_id", "in", list(account_ids))]):
            values = {
                "account_id": one.account_id.id,
                "month": one.month,
                "product": one.product,
                "reference": one.reference,
                "due_on": one.due_on,
            }
            known[_identity(values)].append(one)
        return known


def _identity(values):
    """Return what tells one amount of a customer from another."""
    return (
        values["account_id"],
        values["month"],
        (values["product"] or "").casefold(),
        values["reference"] or values["due_on"],
    )


def _pairs(rows, records):
    """Yield ``(row, record or None)``; of several alike, those of one amount first."""
    rest, records = [], sorted(records, key=lambda one: one.id)
    for row in rows:
        same = [one for one in records if one.amount == row[1]["amount"]]
        if same:
            records.remove(same[0])
            yield row, same[0]
        else:
            rest.append(row)
    for row in rest:
        yield row, records.pop(0) if records else None
