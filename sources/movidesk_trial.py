"""The newest tickets as a person checks them before anything is fetched."""

from odoo import fields
from odoo.tools import format_datetime

from .fetched import PREVIEW_ROWS, Trial
from .item_customers import ItemCustomers
from .movidesk_service import customer_item, ticket_item


class MovideskTrial:
    """Shows tickets, whose they are, and what each would count as."""

    def __init__(self, source):
        """
        :param source: the ``cs.metric.source``, as its owner
        """
        self.source = source
        self.env = source.env
        self.now = fields.Datetime.now()

    def of(self, service):
        """Return the :class:`Trial` of a :class:`MovideskService`."""
        rows = service.newest_tickets(PREVIEW_ROWS)
        tickets = [ticket_item(row) for row in rows]
        keys = sorted({ticket["customer_key"] for ticket in tickets} - {None})
        companies = {key: {"key": key, "name": None} for key in keys}
        if keys:
            found = map(customer_item, service.persons(keys))
            companies |= {company["key"]: company for company in found}
        companies = {
            key: {"cnpj": None, "reference": None, "is_namesake": False, **company}
            for key, company in companies.items()
        }
        customers = ItemCustomers(self.source, companies.values())
        shown, outcomes, is_good = [], [], bool(rows)
        for row, ticket in zip(rows, tickets, strict=True):
            company = companies.get(ticket["customer_key"])
            shown.append(self._shown(row, ticket, company, customers))
            outcome, is_lost = self._outcome(ticket, company, customers)
            outcomes.append(outcome)
            is_good &= not is_lost
        return Trial(shown, outcomes, self._summary(rows, is_good), is_good)

    def _shown(self, row, ticket, company, customers):
        company_text = ""
        if company:
            parts = (customers.label(company), company["cnpj"], company["reference"])
            company_text = " · ".join(filter(None, parts))
        return {
            self.env._("Ticket"): ticket["key"],
            self.env._("Opened"): self._when(ticket["at"]),
            self.env._("Due"): self._when(ticket["due_at"]),
            self.env._("Status"): self._statuses().get(
                row.get("baseStatus"), row.get("baseStatus")
            ),
            self.env._("Company"): company_text,
        }

    def _when(self, moment):
        return format_datetime(self.env, moment, dt_format="short") if moment else ""

    def _statuses(self):
        return {
            "New": self.env._("New"),
            "InAttendance": self.env._("In attendance"),
            "Stopped": self.env._("Stopped"),
            "Canceled": self.env._("Cancelled"),
            "Resolved": self.env._("Resolved"),
            "Closed": self.env._("Closed"),
        }

    def _outcome(self, ticket, company, customers):
        """Return (what would become of a ticket, whether a count would miss it)."""
        if ticket["state"] == "ignored":
            return self.env._("Not counted: internal or cancelled"), False
        if not company:
            return self.env._("Not counted: it has no client"), False
        account, is_known = customers.of(company)
        if not is_known:
            return self.env._("Waits: nobody is known as %(name)s", name=account), True
        if isinstance(account, str):
            return self.env._("Refused: %(name)s are several", name=account), True
        name = self.env["cs.account"].browse(account).display_name
        return self._counted(ticket, name), False

    def _counted(self, ticket, name):
        if ticket["state"] == "closed":
            return self.env._("Closed ticket of %(customer)s", customer=name)
        if ticket["due_at"] and ticket["due_at"] < self.now:
            return self.env._("Open ticket of %(customer)s, out of SLA", customer=name)
        return self.env._("Open ticket of %(customer)s", customer=name)

    def _summary(self, rows, is_good):
        if not rows:
            return self.env._("Movidesk answered, without any ticket.")
        if is_good:
            return self.env._(
                "The newest tickets find their customer. The fetch counts all of "
                "them; nothing is stored yet."
            )
        return self.env._(
            "The key is good, yet not every ticket finds its customer. Give the "
            "contact the CNPJ that the company has at Movidesk, or the company the "
            "reference of the contact; or say after the fetch, under Unmatched "
            "customers, whose it is. Nothing is stored yet."
        )
