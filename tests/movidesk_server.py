"""A Movidesk of our own: as strict as the real one, or stricter."""

import json
import re
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

PAGE = 100
WINDOW = timedelta(days=90)
MINUTE = timedelta(minutes=1)

_TICKET = {
    "id", "type", "baseStatus", "createdDate", "closedIn", "resolvedIn", "lastUpdate",
    "slaSolutionDate",
}  # fmt: skip
_PERSON = {"id", "personType", "codeReferenceAdditional", "cpfCnpj", "businessName"}
_EXPAND = "clients($select=id;$expand=organization($select=id))"
_TOKEN = re.compile(
    r"\s*(?:(?P<bracket>[()])|(?P<text>'(?:[^']|'')*')|(?P<word>[A-Za-z0-9:.\-]+))"
)


class Refused(Exception):
    """A query that Movidesk would not answer."""


class Filter:
    """A ``$filter``: comparisons with and, or, brackets; nothing else is known."""

    def __init__(self, text, fields):
        self.fields = fields
        self.used = set()
        self.words = deque(self._words(text))
        self.holds = self._any()
        if self.words:
            raise Refused(f"$filter: {self.words}")

    def _words(self, text):
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if not found:
                raise Refused(f"$filter: {text[at:]}")
            yield found.group().strip()
            at = found.end()

    def _next(self):
        if not self.words:
            raise Refused("$filter ends early")
        return self.words.popleft()

    def _is_next(self, word):
        return bool(self.words) and self.words[0] == word and bool(self._next())

    def _any(self):
        parts = [self._all()]
        while self._is_next("or"):
            parts.append(self._all())
        return lambda row: any(part(row) for part in parts)

    def _all(self):
        parts = [self._one()]
        while self._is_next("and"):
            parts.append(self._one())
        return lambda row: all(part(row) for part in parts)

    def _one(self):
        if self._is_next("("):
            inner = self._any()
            if not self._is_next(")"):
                raise Refused("$filter: a bracket is open")
            return inner
        name, operator, raw = self._next(), self._next(), self._next()
        if name not in self.fields:
            raise Refused(f"$filter: {name}")
        self.used.add(name)
        value = self._value(name, raw)
        if operator == "eq":
            return lambda row: row[name] == value
        if operator == "gt" and name == "id" and isinstance(value, int):
            return lambda row: row[name] > value
        if operator == "ge" and isinstance(value, datetime):
            return lambda row: row[name] >= value
        raise Refused(f"$filter: {name} {operator} {raw}")

    def _value(self, name, raw):
        if raw.startswith("'"):
            return raw[1:-1].replace("''", "'")
        if raw.isdigit():
            return int(raw)
        if name == "lastUpdate" and re.fullmatch(r"[\d\-]{10}T[\d:]{8}Z", raw):
            return datetime.fromisoformat(raw)
        raise Refused(f"$filter: {name} {raw}")


class MovideskServer:
    """What a company keeps at Movidesk, and the public service that tells it.

    ``tickets``, ``persons`` and ``answers`` are dicts of what the service tells, by
    id; moments are aware datetimes. ``faults`` are what befalls the next requests:
    None (nothing), a status, ``"cut"``, ``"html"`` or a function.
    """

    token = "m0v1+k3y/ç%"

    def __init__(self, limit=10):
        self.limit = limit
        self.tickets, self.persons, self.answers = {}, {}, {}
        self.faults = deque()
        #: (moment, route, params) of what was asked, and what was refused as bad.
        self.asked, self.refused = [], []
        self._failed, self._blocked_until = 0, None
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.place = f"127.0.0.1:{self._http.server_port}"
        self.url = f"http://{self.place}/public/v1"

    def close(self):
        self._http.shutdown()
        self._http.server_close()

    def now(self):
        return datetime.now(UTC)

    def person(self, id_, name=None, cnpj=None, reference=None, type_=2):
        self.persons[id_] = {
            "id": id_,
            "personType": type_,
            "businessName": name or f"Empresa {id_}",
            "corporateName": None,
            "cpfCnpj": cnpj,
            "codeReferenceAdditional": reference,
            "userName": f"{id_}@example.com",
        }
        return id_

    def ticket(self, id_, client=None, organization=None, **values):
        """Make or change a ticket; its organisation is the id of a person."""
        now = self.now()
        ticket = self.tickets.setdefault(
            id_,
            {
                "id": id_,
                "type": 2,
                "subject": f"Segredo {id_}",
                "baseStatus": "New",
                "createdDate": now,
                "resolvedIn": None,
                "closedIn": None,
                "slaSolutionDate": None,
                "clients": [],
            },
        )
        ticket["lastUpdate"] = now
        ticket.update(values)
        if client:
            whole = {"id": client, "businessName": "Gente", "email": "g@example.com"}
            owner = organization and {"id": organization, "businessName": "Empresa"}
            ticket["clients"] = [{**whole, "organization": owner}]
        return ticket

    def answer(self, id_, client, value, ticket=None, **values):
        self.answers[id_] = {
            "id": id_,
            "questionId": "q",
            "type": 3,
            "clientId": client,
            "ticketId": ticket,
            "responseDate": self.now(),
            "value": value,
            "commentary": "Um segredo",
            **values,
        }

    # What the service answers

    def reply(self, route, params):
        """Return (status, headers, body) of a request."""
        with self._lock:
            waits = self._seconds_to_wait()
            self.asked.append((self.now(), route, {**params, "token": "…"}))
            fault = self.faults.popleft() if self.faults else None
            if callable(fault):
                fault = fault()
            if waits:
                return 429, {"retry-after": str(waits)}, {"message": "Slow down"}
            status, body = self._answer(route, params, fault)
            self._count_failure(status)
            return status, {}, body

    def _seconds_to_wait(self):
        now = self.now()
        if self._blocked_until and now < self._blocked_until:
            return int((self._blocked_until - now).total_seconds()) + 1
        lately = [at for at, *_rest in self.asked if now - at < MINUTE]
        if len(lately) < self.limit:
            return 0
        return int((lately[-self.limit] + MINUTE - now).total_seconds()) + 1

    def _count_failure(self, status):
        self._failed = self._failed + 1 if status >= 400 else 0
        if self._failed == 3:
            self._failed, self._blocked_until = 0, self.now() + MINUTE

    def _answer(self, route, params, fault):
        if isinstance(fault, int):
            return fault, {"message": f"token={params.get('token')} broke"}
        if fault:
            return 200, fault
        try:
            if params.pop("token", None) != self.token:
                return 401, {"message": "Invalid token"}
            routes = {
                "/tickets": self._tickets,
                "/tickets/past": self._past,
                "/persons": self._persons,
                "/survey/responses": self._responses,
            }
            if route not in routes:
                return 404, {"message": "No such route"}
            return 200, routes[route](params)
        except Refused as refused:
            self.refused.append((route, params, str(refused)))
            return 400, {"message": str(refused)}

    def _tickets(self, params):
        return self._some_tickets(params, lambda at: self.now() - at <= WINDOW)

    def _past(self, params):
        return self._some_tickets(params, lambda at: self.now() - at > WINDOW)

    def _some_tickets(self, params, is_here):
        expand = params.pop("$expand", None)
        if expand not in (None, _EXPAND):
            raise Refused(f"$expand={expand}")
        if "$skip" in params:
            raise Refused("$skip shifts when tickets move to the other route")
        here = [one for one in self.tickets.values() if is_here(one["lastUpdate"])]
        rows, select = self._page(params, here, _TICKET)
        told = [{name: _told(row[name]) for name in select} for row in rows]
        for row, ticket in zip(told, rows, strict=True):
            row["clients"] = expand and [
                {"id": client["id"], "organization": _only_id(client["organization"])}
                for client in ticket["clients"]
            ]
        return told

    def _persons(self, params):
        rows, select = self._page(params, list(self.persons.values()), _PERSON)
        return [{**{n: row[n] for n in select}, "relationships": None} for row in rows]

    def _page(self, params, rows, fields):
        """Return the rows of a query and the names of the fields asked for."""
        select = params.pop("$select", "").split(",")
        if not set(select) <= fields:
            raise Refused(f"$select={select}")
        condition = Filter(params.pop("$filter", "id gt 0"), fields)
        if not condition.used <= set(select):
            raise Refused("A field of $filter is not in $select")
        order = params.pop("$orderby", None)
        if order not in ("id", "id desc"):
            raise Refused(f"$orderby={order}")
        top, skip = int(params.pop("$top", PAGE)), int(params.pop("$skip", 0))
        if params or not 0 < top <= PAGE or skip < 0:
            raise Refused(f"{params}")
        rows = list(filter(condition.holds, rows))
        rows.sort(key=lambda row: row["id"], reverse=order == "id desc")
        return rows[skip : skip + top], select

    def _responses(self, params):
        if params.pop("type", None) != "3" or params.pop("limit", None) != str(PAGE):
            raise Refused("type, limit")
        since = params.pop("responseDateGreaterThan", None)
        if not since or not re.fullmatch(r"[\d\-]{10}T[\d:]{8}Z", since):
            raise Refused("responseDateGreaterThan")
        since = datetime.fromisoformat(since)
        after = params.pop("startingAfter", None)
        if params:
            raise Refused(f"{params}")
        rows = [one for one in self.answers.values() if one["type"] == 3]
        rows = [one for one in rows if one["responseDate"] > since]
        rows.sort(key=lambda row: (row["responseDate"], row["id"]), reverse=True)
        if after:
            begin = [row["id"] for row in rows].index(after) + 1
            rows = rows[begin:]
        items = [{k: _told(v) for k, v in row.items()} for row in rows[:PAGE]]
        return {"hasMore": len(rows) > PAGE, "items": items}

    def _handler(self):
        movidesk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                parts = urlsplit(self.path)
                route = parts.path.removeprefix("/public/v1")
                pairs = parse_qsl(parts.query, keep_blank_values=True)
                params = dict(pairs)
                if len(params) < len(pairs):
                    return self.send(400, {}, {"message": "A parameter came twice"})
                answer = movidesk.reply(route, params)
                try:
                    return self.send(*answer)
                except OSError:
                    self.close_connection = True  # whoever asked went away
                    return None

            def send(self, status, headers, body):
                is_cut, is_html = body == "cut", body == "html"
                text = "<html>Login</html>" if is_html else json.dumps(body)
                data = text.encode()
                self.send_response(status)
                kind = "text/html" if is_html else "application/json; charset=utf-8"
                self.send_header("Content-Type", kind)
                length = len(data) + 1000 if is_cut else len(data)
                self.send_header("Content-Length", str(length))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
                if is_cut:
                    self.close_connection = True

            def log_message(self, *_arguments):
                """Nothing is printed."""

        return Handler


def _told(value):
    """Return a value as the service writes it: moments without their zone."""
    if not isinstance(value, datetime):
        return value
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0")


def _only_id(organization):
    return organization and {"id": organization["id"]}
