from odoo import fields
from odoo.exceptions import UserError

from .fetched import Page
from .http import HttpSource, preset
from .http_transport import Credential
from .item_customers import ItemCustomers
from .item_store import ItemStore
from .movidesk_service import A_MINUTE, ADDRESS, MovideskService
from .movidesk_trial import MovideskTrial
from .movidesk_walk import Walk

COUNTED = ("tickets_open", "tickets_30d", "tickets_out_of_sla")


@preset
class MovideskSource(HttpSource):
    """Counts the tickets of each customer at Movidesk, and takes its NPS.

    What changed is read page by page into the items of the source; at the end of the
    walk they are counted.
    """

    preset = "movidesk"
    a_minute = A_MINUTE

    def check(self):
        # Nothing else need be said: what is counted, and of whom, is known.
        if self.source.http_url:
            self.check_address()

    def _check_lines(self):
        """What is counted needs no lines."""

    def credential(self):
        secret = self.env["cs.metric.source.secret"]._of(self.source)
        if not secret:
            raise UserError(
                self.env._(
                    "The key of Movidesk is missing: a system administrator enters it "
                    "in this source."
                )
            )
        return Credential("query", "token", secret)

    def pages(self, position=None):
        # sudo: items and marks are the machine's notes.
        source = self.source.sudo()
        with self.client() as client:
            walk = Walk(source, self._service(client), position)
            while not walk.is_done:
                walk.step()
                yield Page([], walk.position)
        source.marks = walk.marks()
        yield Page(walk.store.counts(fields.Datetime.now()), None)

    def _service(self, client):
        return MovideskService(client, self.source.http_url or ADDRESS)

    def readings(self, rows):
        """Return the counts of customers as readings.

        Companies that are the same customer are added up. Who was counted before and
        is no company of Movidesk any more is unknown from now on.
        """
        if not rows:
            return []
        now = fields.Datetime.now()
        totals = self._by_customer(rows)
        readings = [
            {"account": account, "metric": key, "value": total[key], "at": now}
            for account, total in totals.items()
            for key in COUNTED
        ]
        readings += [
            {
                "account": account,
                "metric": "nps",
                "value": total["nps"],
                "at": total["nps_at"],
            }
            for account, total in totals.items()
            if total["nps_at"] and self.source.movidesk_nps
        ]
        # sudo: facts of its own are nothing new to the source.
        known = ItemStore(self.source.sudo()).known_facts(
            COUNTED, self.env.companies.ids
        )
        return readings + [
            {"account": account, "metric": key, "value": None, "at": now}
            for account, key in known
            if account not in totals
        ]

    def _by_customer(self, rows):
        """Return ``{customer as a reading names it: what its companies sum up to}``."""
        customers = ItemCustomers(self.source, rows)
        totals = {}
        for row in rows:
            account, is_known = customers.of(row)
            has_something = row["nps_at"] or any(row[key] for key in COUNTED)
            # Helpdesks are full of companies that nobody follows and that are quiet.
            if not is_known and not has_something:
                continue
            total = totals.setdefault(
                account, {**dict.fromkeys(COUNTED, 0), "nps": None, "nps_at": None}
            )
            for key in COUNTED:
                total[key] += row[key]
            at, newest = row["nps_at"], total["nps_at"]
            if at and (not newest or at > newest):
                total.update(nps=row["nps"], nps_at=at)
        return totals

    def trial(self):
        with self.client() as client:
            return MovideskTrial(self.source).of(self._service(client))
