"""What Movidesk is asked, and its answers as items that can be kept."""

import re
from datetime import UTC, datetime

from odoo.exceptions import UserError

from .http_answer import HttpError

ADDRESS = "https://api.movidesk.com/public/v1"
PAGE = 100
#: So many keys fit into one condition.
KEYS_A_QUERY = 20
#: It answers ten a minute; one is left to who tests, or to other programs.
A_MINUTE = 9
_TICKET = "id,type,baseStatus,createdDate,lastUpdate,slaSolutionDate"
_CLIENTS = "clients($select=id;$expand=organization($select=id))"
_PERSON = "id,personType,codeReferenceAdditional,cpfCnpj,businessName"
_OPEN = ("New", "InAttendance", "Stopped")
_IS_OPEN = " or ".join(f"baseStatus eq '{status}'" for status in _OPEN)
_INTERNAL = 1
_HUMAN = 1
_NPS = 3
_NO_SURVEYS = (403, 404)
_CNPJ_LENGTH = 14
_LONGEST_NAME = 150
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


class MovideskService:
    """Asks Movidesk, and refuses what can't be its answer."""

    def __init__(self, client, address):
        """
        :param client: the :class:`HttpClient` that asks
        """
        self.env = client.env
        self.address = address.rstrip("/")
        self._client = client

    def companies(self, skip):
        """Return a page of all companies, as they lie after ``skip`` others."""
        query = {"$filter": "personType eq 2", "$skip": str(skip)}
        return self._ask("persons", {**query, "$select": _PERSON, "$orderby": "id"})

    def persons(self, keys):
        """Return the companies, departments and people of some keys."""
        known = " or ".join(f"id eq '{_quoted(key)}'" for key in keys)
        query = {"$filter": known, "$select": _PERSON, "$orderby": "id"}
        return self._ask("persons", query)

    def tickets(self, after, since=None):
        """Return a page of the tickets that changed in the last 90 days.

        :param after: the number of the last ticket of the page before, or 0
        :param since: naive UTC moment: only those that changed from then on
        """
        changed = f" and lastUpdate ge {_utc(since)}" if since else ""
        return self._ask_tickets("tickets", f"id gt {after}{changed}")

    def newest_tickets(self, count):
        """Return the newest tickets."""
        query = {"$orderby": "id desc", "$top": str(count)}
        return self._ask_tickets("tickets", "id gt 0", **query)

    def past_open_tickets(self, after):
        """Return a page of the open tickets that did not change in 90 days."""
        return self._ask_tickets("tickets/past", f"id gt {after} and ({_IS_OPEN})")

    def past_tickets(self, keys):
        """Return the tickets of some numbers that did not change in 90 days."""
        known = " or ".join(f"id eq {int(key)}" for key in keys)
        return self._ask_tickets("tickets/past", known)

    def answers(self, since, after=None):
        """Return (rows, whether there are more) of the answers to NPS surveys.

        :param since: naive UTC moment after which they were given
        :param after: the key of the last answer of the page before
        """
        query = {"type": str(_NPS), "limit": str(PAGE)}
        query["responseDateGreaterThan"] = _utc(since)
        if after:
            query["startingAfter"] = after
        try:
            found = self._client.ask(f"{self.address}/survey/responses", query).data
        except HttpError as error:
            if error.status not in _NO_SURVEYS:
                raise
            raise UserError(
                self.env._(
                    "Movidesk gives no surveys with this key: switch off “Take its "
                    "NPS”. %(reason)s",
                    reason=str(error),
                )
            ) from None
        if not isinstance(found, dict):
            raise self._not_movidesk()
        return self._checked(found.get("items")), bool(found.get("hasMore"))

    def _ask_tickets(self, route, condition, **query):
        query = {"$select": _TICKET, "$expand": _CLIENTS, "$orderby": "id", **query}
        rows = self._ask(route, {"$filter": condition, **query})
        if not all(str(row["id"]).isdecimal() for row in rows):
            raise self._not_movidesk()
        return rows

    def _ask(self, route, query):
        query = {"$top": str(PAGE), **query}
        return self._checked(self._client.ask(f"{self.address}/{route}", query).data)

    def _checked(self, rows):
        """Return rows that each have a key; anything else is no Movidesk."""
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and row.get("id") for row in rows
        ):
            raise self._not_movidesk()
        return rows

    def _not_movidesk(self):
        return UserError(
            self.env._(
                "%(address)s does not answer as Movidesk does: check the address.",
                address=self.address,
            )
        )


def ticket_item(row):
    """Return a ticket as it is kept."""
    return {
        "key": str(row["id"]),
        "state": _state(row),
        "at": _moment(row.get("createdDate")),
        "due_at": _moment(row.get("slaSolutionDate")),
        "updated_at": _moment(row.get("lastUpdate") or row.get("createdDate")),
        "customer_key": _customer_key(row.get("clients") or []),
    }


def _state(row):
    if row.get("type") == _INTERNAL or row.get("baseStatus") == "Canceled":
        return "ignored"
    return "open" if row.get("baseStatus") in _OPEN else "closed"


def _customer_key(clients):
    """Return whose a ticket is: the first organisation, else who asked."""
    owners = [(client.get("organization") or {}).get("id") for client in clients]
    owners += [client.get("id") for client in clients]
    return next((_text(str(key)) for key in owners if key), None)


def customer_item(row):
    """Return a company as it is kept; of a person neither name nor CPF."""
    cnpj = re.sub("[^0-9A-Z]", "", str(row.get("cpfCnpj") or "").upper())
    is_human = row.get("personType") == _HUMAN
    return {
        "key": _text(str(row["id"])),
        "name": None if is_human else _text(row.get("businessName")),
        "cnpj": cnpj if len(cnpj) == _CNPJ_LENGTH else None,
        "reference": _text(row.get("codeReferenceAdditional")),
    }


def answer_item(row):
    """Return an answer as it is kept, None if it is not one to an NPS question."""
    value, at = row.get("value"), _moment(row.get("responseDate"))
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if row.get("type") != _NPS or not is_number or not 0 <= value <= 10 or not at:
        return None
    ticket, client = row.get("ticketId"), row.get("clientId")
    return {
        "key": _text(str(row["id"])),
        "at": at,
        "updated_at": at,
        "value": value,
        "customer_key": _text(str(client or "")),
        "ticket_key": str(ticket) if str(ticket or "").isdigit() else None,
    }


def _text(raw):
    """Return a text that the database can hold, None without any."""
    text = _NOT_STORABLE.sub("", raw).strip() if isinstance(raw, str) else ""
    return text[:_LONGEST_NAME] or None


def _moment(raw):
    """Return a moment of Movidesk, which tells UTC without saying so."""
    try:
        moment = datetime.fromisoformat(raw)
        moment = (
            moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        )
    except (TypeError, ValueError, OverflowError):
        return None
    return moment.replace(microsecond=0)


def _utc(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _quoted(key):
    return key.replace("'", "''")
