"""Counts in the ERP of a customer, by its ORM, what its probes count by SQL.

Its argument is the date of the copy. It is plain on purpose: one loop a number.
"""

import json
import os
import sys
from datetime import date, timedelta

env = globals()["env"](context={"active_test": True})
COPY = date.fromisoformat(json.loads(os.environ["CS_ERP_WORK"])[0])
FIRST = COPY - timedelta(89)
MONTH_END = COPY.replace(day=1) - timedelta(1)
MONTH = MONTH_END.replace(day=1)


def is_recent(day):
    return day and FIRST <= day <= COPY


def days():
    entries = env["account.move"].search([("create_uid", "!=", 1)])
    entered = {move.create_date.date() for move in entries}
    working = [FIRST + timedelta(n) for n in range(90)]
    working = [day for day in working if day.weekday() < 5]
    return {
        "working_days": len(working),
        "fed_days": sum(day in entered for day in working),
    }


def expenses():
    lines = env["account.move.line"].search(
        [("parent_state", "=", "posted"), ("account_id.internal_group", "=", "expense")]
    )
    lines = lines.filtered(lambda line: is_recent(line.date))
    others = lines.filtered(lambda line: line.account_id.name == "Outras despesas")
    return {
        "expenses": len(lines),
        "unclassified": len([1 for line in lines if not line.analytic_distribution]),
        "total": sum(line.debit - line.credit for line in lines),
        "others": sum(line.debit - line.credit for line in others),
    }


def types():
    accounts = env["account.account"].search([("internal_group", "=", "expense")])
    used = [
        account
        for account in accounts
        if env["account.move.line"].search_count(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("date", ">", COPY - timedelta(365)),
                ("date", "<=", COPY),
            ]
        )
    ]
    return {"types": len(accounts), "unused": len(accounts) - len(used)}


def bills():
    found = env["account.move"].search(
        [("move_type", "=", "in_invoice"), ("state", "=", "posted")]
    )
    dated = [bill for bill in found if is_recent(bill.invoice_date)]
    in_time = 0
    for bill in dated:
        day, left = bill.invoice_date, 3
        while left:
            day += timedelta(1)
            left -= day.weekday() < 5
        in_time += bill.create_date.date() <= day
    posted = [bill for bill in found if is_recent(bill.date)]
    same = [bill for bill in posted if bill.date.month == bill.invoice_date.month]
    return {"bills": len(dated), "in_time": in_time, "same_month": len(same)}


def receivables():
    result = dict.fromkeys(("open", "days_30", "days_60", "days_90", "longer"), 0)
    for invoice in env["account.move"].search([("move_type", "=", "out_invoice")]):
        late = (COPY - invoice.invoice_date_due).days
        owed = invoice.amount_residual
        result["open"] += owed
        names = [(0, None), (30, "days_30"), (60, "days_60"), (90, "days_90")]
        name = next((name for most, name in names if late <= most), "longer")
        if name:
            result[name] += owed
    return result


def payments():
    found = env["account.payment"].search(
        [("date", ">=", MONTH), ("date", "<=", MONTH_END), ("state", "!=", "draft")]
    )
    out = found.filtered(lambda one: one.payment_type == "outbound")
    cards = found.filtered(lambda one: one.journal_id.code == "CARD")
    return {
        "payments": len(out),
        "matched": len(out.filtered("is_matched")),
        "sales": len(cards),
        "reconciled": len(cards.filtered("is_matched")),
    }


def money():
    journals = env["account.journal"].search([("type", "in", ("bank", "cash"))])
    lines = env["account.bank.statement.line"].search([("is_reconciled", "=", False)])
    old = [line for line in lines if (COPY - line.date).days > 7]
    balances = {
        journal.code: journal.default_account_id.current_balance for journal in journals
    }
    items = env["account.move.line"].search(
        [
            ("account_id", "in", journals.default_account_id.ids),
            ("parent_state", "=", "posted"),
        ]
    )
    items = items.filtered(lambda item: is_recent(item.date))
    return {
        "open_lines": len(old),
        "balances": balances,
        "movements": len(items),
        "adjustments": len([1 for one in items if one.journal_id.type == "general"]),
    }


counted = {}
for count in (days, expenses, types, bills, receivables, payments, money):
    counted |= count()
sys.stdout.write(f"CS {json.dumps(counted)}\n")
