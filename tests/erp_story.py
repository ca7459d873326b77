"""What people do in the ERP of a customer; run there by ``CustomerErp.work``.

Chapter ``untidy`` ends on 30 June 2025: finances as a first diagnostic finds them.
``tidy`` is the quarter after it, when the plan was followed. The tests of the probes
know both by heart: a change here changes their numbers.
"""

import json
import os
import sys
from datetime import date, datetime, time, timedelta

env = globals()["env"](context={"tracking_disable": True, "lang": "en_US"})
VENDOR_BILLS = 20


def at(day):
    """Let what comes be entered on that day."""
    env.cr.flush()
    env.cr._now = datetime.combine(day, time(15))


def day(month, number):
    return date(2025, month, number)


def working_days(first, last):
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    return [one for one in days if one.weekday() < 5]


class Book:
    """What the people of the company work with."""

    def __init__(self):
        find = env["res.partner"].search
        self.people = env["res.users"].search([("login", "in", ("ana", "bia"))])
        self.people = self.people.sorted("login")
        self.journals = {
            one.code: one
            for one in env["account.journal"].with_context(active_test=False).search([])
        }
        self.accounts = {
            one.name: one for one in env["account.account"].search([], order="id desc")
        }
        self.centres = env["account.analytic.account"].search([], order="name")
        self.vendor = find([("name", "=", "Vendor")])
        self.customers = {
            one.name: one for one in find([("name", "in", ("Alfa", "Beta", "Gama"))])
        }

    def by(self, number=0):
        """Return the environment of one of the two who post."""
        return env(user=self.people[number % 2].id)

    def bill(self, on, account, person, centre, *, entered=None, month=None):
        """Enter a vendor bill of 100; ``month``: the accounting date."""
        at(entered or on)
        shares = {str(centre.id): 100} if centre else False
        line = {"name": account, "quantity": 1, "price_unit": 100, "tax_ids": []}
        line |= {"account_id": self.accounts[account].id}
        return self._post(
            person,
            move_type="in_invoice",
            partner_id=self.vendor.id,
            ref=f"{account} {on}",
            invoice_date=on,
            date=month or on,
            invoice_date_due=on + timedelta(30),
            invoice_line_ids=[(0, 0, line | {"analytic_distribution": shares})],
        )

    def invoice(self, customer, on, due, amount, person=0):
        at(on)
        line = {"name": "Sale", "quantity": 1, "price_unit": amount, "tax_ids": []}
        return self._post(
            person,
            move_type="out_invoice",
            partner_id=self.customers[customer].id,
            invoice_date=on,
            invoice_payment_term_id=False,
            invoice_date_due=due,
            invoice_line_ids=[(0, 0, line)],
        )

    def entry(self, on, debit, credit, amount):
        """Post by hand, in the journal of miscellaneous operations."""
        at(on)
        lines = [(debit, amount, 0), (credit, 0, amount)]
        return self._post(
            1,
            move_type="entry",
            journal_id=self.journals["MISC"].id,
            date=on,
            line_ids=[
                (0, 0, {"account_id": account.id, "debit": plus, "credit": minus})
                for account, plus, minus in lines
            ],
        )

    def _post(self, person, **values):
        move = self.by(person)["account.move"].create(values)
        move.action_post()
        return move

    def pay(self, move, journal, on):
        """Register the payment of a bill or an invoice."""
        at(on)
        wizard = self.by(1)["account.payment.register"]
        wizard = wizard.with_context(active_model="account.move", active_ids=move.ids)
        values = {"journal_id": self.journals[journal].id, "payment_date": on}
        return wizard.create(values)._create_payments()

    def receive(self, customer, journal, on, amount):
        """Record money of a customer, for no invoice."""
        at(on)
        payment = self.by(1)["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customers[customer].id,
                "journal_id": self.journals[journal].id,
                "date": on,
                "amount": amount,
            }
        )
        payment.action_post()
        return payment

    def line(self, journal, on, amount, to=None, entered=None):
        """Enter a line of a bank's statement; ``to`` what it is reconciled with.

        An account, a payment, or an invoice.
        """
        at(entered or on)
        line = self.by(1)["account.bank.statement.line"].create(
            {
                "journal_id": self.journals[journal].id,
                "date": on,
                "payment_ref": f"{journal} {on}",
                "amount": amount,
            }
        )
        if to:
            self.reconcile(line, to)
        return line

    def reconcile(self, line, to):
        _liquidity, suspense, _others = line._seek_for_lines()
        if to._name == "account.account":
            suspense.account_id = to
            return
        if to._name == "account.payment":
            other = to._seek_for_lines()[0]
        else:
            other = to.line_ids.filtered(
                lambda one: one.account_type == "asset_receivable"
            )
        suspense.write({"account_id": other.account_id.id})
        (suspense + other).reconcile()

    def statement(self, journal, lines, balance, entered):
        at(entered)
        return self.by(1)["account.bank.statement"].create(
            {
                "name": f"{journal} {entered}",
                "line_ids": [(6, 0, [one.id for one in lines])],
                "balance_start": 0 if entered < day(7, 1) else None,
                "balance_end_real": balance,
            }
        )


def found():
    """The company on its first day."""
    at(day(1, 2))
    groups = ["base.group_user", "account.group_account_manager"]
    groups.append("account.group_account_basic")
    seeing = env.ref("analytic.group_analytic_accounting")
    groups = [env.ref(name).id for name in groups]
    for login, more in (("ana", seeing.ids), ("bia", [])):
        env["res.users"].create(
            {
                "name": login.title(),
                "login": login,
                "group_ids": [(6, 0, groups + more)],
            }
        )
    env["res.partner"].create(
        [{"name": name} for name in ("Vendor", "Alfa", "Beta", "Gama")]
    )
    kinds = {
        "Outras despesas": ("600900", "expense"),
        "Energy": ("613000", "expense"),
        "ENERGY": ("613100", "expense"),
        "Drawings": ("301900", "equity"),
    }
    env["account.account"].create(
        [
            {"name": name, "code": code, "account_type": kind}
            for name, (code, kind) in kinds.items()
        ]
    )
    journals = {
        "BNK2": ("Second bank", "bank"),
        "CARD": ("Cielo cartão", "bank"),
        "CSH1": ("Shop", "cash"),
        "CSH2": ("Van", "cash"),
    }
    env["account.journal"].create(
        [
            {"name": name, "code": code, "type": kind}
            for code, (name, kind) in journals.items()
        ]
    )
    plan = env["account.analytic.plan"].create({"name": "Shops"})
    env["account.analytic.account"].create(
        [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
    )


def untidy():
    """From January to 30 June."""
    found()
    book = Book()
    bills = untidy_bills(book)
    untidy_sales(book)
    untidy_banks(book, bills)


def untidy_bills(book):
    bills = []
    kinds = ("Rent", "Energy", "Energy", "Expenses", "Outras despesas")
    months = {5: day(5, 2), 10: day(6, 1), 13: day(6, 2), 16: day(5, 31)}
    for number in range(VENDOR_BILLS):
        on = day(4, 7) + timedelta(4 * number)
        entered = min(on + timedelta(9 if number % 2 else 2), day(6, 27))
        centre = book.centres[number % 2] if number % 10 < 7 else None
        bill = book.bill(
            on,
            kinds[number % 5],
            number,
            centre,
            entered=entered,
            month=months.get(number),
        )
        bills.append(bill)
    for on in (day(4, 30), day(5, 30), day(6, 30)):
        salary = book.accounts["Salary Expenses"]
        book.entry(on, salary, book.accounts["Drawings"], 500)
    return bills


def untidy_sales(book):
    for number in range(8):
        invoice = book.invoice("Gama", day(5, 7), day(5, 7), 50, number)
        payment = book.pay(invoice, "CARD", day(5, 8))
        if number < 6:
            book.line("CARD", day(5, 20), 50, payment, day(6, 23))
    book.invoice("Gama", day(1, 15), day(2, 1), 100)
    book.invoice("Alfa", day(3, 15), day(4, 15), 200)
    book.invoice("Beta", day(4, 20), day(5, 20), 300)
    book.invoice("Alfa", day(5, 25), day(6, 25), 1000)
    book.invoice("Alfa", day(6, 15), day(7, 15), 2400)
    book.receive("Beta", "BNK1", day(6, 23), 300)


def untidy_banks(book, bills):
    import_day = day(6, 23)
    capital = book.accounts["Drawings"]
    first = [book.line("BNK1", day(4, 2), 2000, capital, import_day)]
    for number, bill in enumerate(bills[:10]):
        on = day(5, 12) + timedelta(number % 5)
        payment = book.pay(bill, "BNK1", on)
        if number < 7:
            first.append(book.line("BNK1", on, -100, payment, import_day))
    fees = book.accounts["Bank Fees"]
    first += [
        book.line("BNK1", day(6, 5), -15, fees, import_day),
        book.line("BNK1", day(6, 5), 80, None, import_day),
        book.line("BNK1", day(6, 16), -300, book.accounts["Expenses"], import_day),
        book.line("BNK1", day(6, 20), -40, None, import_day),
    ]
    book.statement("BNK1", first, 1025, import_day)
    bank = book.journals["BNK1"].default_account_id
    book.entry(day(6, 18), capital, bank, 25)
    invoice = book.invoice("Gama", day(6, 2), day(6, 30), 500)
    second = [
        book.line("BNK2", day(6, 16), 300, book.accounts["Product Sales"], import_day),
        book.line("BNK2", day(6, 27), 500, invoice, day(6, 27)),
    ]
    book.statement("BNK2", second, 800, day(6, 27))
    book.line("CSH1", day(6, 2), 100, book.accounts["Product Sales"])
    cash = book.journals["CSH1"].default_account_id
    book.entry(day(6, 10), book.accounts["Cash Difference Loss"], cash, 10)
    book.line("CSH1", day(6, 12), -150, capital)


def tidy():
    """From July to 30 September."""
    book = Book()
    tidy_registers(book)
    tidy_past(book)
    tidy_quarter(book)


def tidy_registers(book):
    at(day(7, 1))
    seeing = env.ref("analytic.group_analytic_accounting")
    book.people.write({"group_ids": [(4, seeing.id)]})
    plan = env["account.analytic.plan"].search([("name", "=", "Shops")])
    rule = {"business_domain": "bill", "applicability": "mandatory"}
    plan.write({"applicability_ids": [(0, 0, rule)]})
    kinds = env["account.account"].search([("account_type", "=like", "expense%")])
    used = env["account.move.line"].search([("account_id", "in", kinds.ids)]).account_id
    (kinds - used).active = False
    book.journals["CSH2"].active = False


def tidy_past(book):
    """What was left open, settled on 1 and 2 July: before the quarter looked at."""
    on = day(7, 1)
    capital, fees = book.accounts["Drawings"], book.accounts["Bank Fees"]
    bank = book.journals["BNK1"].default_account_id
    book.entry(on, bank, capital, 25)
    lines = env["account.bank.statement.line"]
    at(on)
    for line in lines.search([("is_reconciled", "=", False)]):
        book.reconcile(line, capital if line.amount > 0 else fees)
    received = env["account.payment"].search(
        [("payment_type", "=", "inbound"), ("is_reconciled", "=", False)]
    )
    open_lines = env["account.move.line"].search(
        [
            ("account_type", "=", "asset_receivable"),
            ("partner_id", "=", book.customers["Beta"].id),
            ("reconciled", "=", False),
        ]
    )
    open_lines.reconcile()
    book.line("BNK1", on, received.amount, received)
    owed = env["account.move"].search(
        [
            ("move_type", "=", "out_invoice"),
            ("payment_state", "in", ("not_paid", "partial")),
        ]
    )
    for invoice in owed:
        book.line("BNK2", on, invoice.amount_residual, invoice)
    book.line("CSH1", day(7, 2), 200, capital)


def tidy_quarter(book):
    """A bill each working day, and what is paid in August paid from the bank."""
    kinds = ("Rent", "Energy", "Expenses")
    lines = []
    for number, on in enumerate(working_days(day(7, 3), day(9, 30))):
        bill = book.bill(on, kinds[number % 3], number, book.centres[number % 2])
        if on.month == 8:
            lines.append(book.line("BNK1", on, -100, book.pay(bill, "BNK1", on)))
    for number in range(4):
        invoice = book.invoice("Gama", day(8, 4), day(8, 4), 50, number)
        payment = book.pay(invoice, "CARD", day(8, 5))
        book.line("CARD", day(8, 20), 50, payment)
    book.invoice("Alfa", day(9, 15), day(10, 15), 5000)
    between = env.company.transfer_account_id
    lines.append(book.line("BNK1", day(9, 29), -100, between))
    second = book.line("BNK2", day(9, 29), 100, between)
    balances = {
        code: sum(
            env["account.bank.statement.line"]
            .search([("journal_id", "=", book.journals[code].id)])
            .mapped("amount")
        )
        for code in ("BNK1", "BNK2")
    }
    book.statement("BNK1", lines, balances["BNK1"], day(9, 30))
    book.statement("BNK2", [second], balances["BNK2"], day(9, 30))
    book.line("CSH1", day(9, 26), 10, book.accounts["Product Sales"])


chapters = {"untidy": untidy, "tidy": tidy}
for chapter in json.loads(os.environ["CS_ERP_WORK"]):
    chapters[chapter]()
env.flush_all()
env.cr.commit()
sys.stdout.write(f"CS {json.dumps(True)}\n")
