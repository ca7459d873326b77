from collections import Counter

from odoo import api, models

_NAMED = 10


class CsTeamMember(models.Model):
    """Who takes which customer: the one with most room, for many at once."""

    _inherit = "cs.team.member"

    @api.model
    def _with_most_room(self, account):
        """Return the CSM to whom a customer goes: see :meth:`_share_out`.

        :param account: a cs.account
        :return: ``(member, load after)``; an empty member when nobody can take it
        """
        return self._share_out(account)[account]

    @api.model
    def _share_out(self, accounts):
        """Return who takes each customer: the lowest load (%) after taking it.

        Those who serve the segment come in question, and of them those who serve
        the industry if any does. Full ones too, but nobody who may take no other, for
        one of their customers is served exclusively. They are given away one after
        the other, each weighed with those before; who has them now does not count,
        and nothing is written.

        :param accounts: cs.account records, of any companies
        :return: ``{account: (member, load after)}``; an empty member where nobody
            can take it
        """
        members = self.search(
            [
                ("role", "=", "csm"),
                ("company_id", "in", accounts.company_id.ids),
                ("user_id.active", "=", True),
                # Who lost the access since can be given nothing.
                (
                    "user_id.all_group_ids",
                    "in",
                    self.env.ref("customer_success.group_cs_user").ids,
                ),
                ("user_id", "not in", self.env.context.get("cs_without_csms", ())),
            ]
        )
        defaults = {
            company.id: self.env["cs.segment"]._default_segment(company)
            for company in accounts.company_id
        }
        staying, exclusive = members._carried_besides(accounts, defaults)
        shares = {}
        for account in accounts:
            company = account.company_id
            segment = account.segment_id or defaults[company.id]
            present = members.filtered(lambda one, of=company: one.company_id == of)
            present = present._without_exclusive(account, staying, exclusive)
            member, load = present._serving(account, segment)._least_loaded(
                segment, staying
            )
            shares[account] = member, load
            staying.setdefault((member.user_id, company.id), Counter())[segment] += 1
            exclusive[member.user_id] += account.touch_model == "exclusive"
        return shares

    def _carried_besides(self, accounts, defaults):
        """Return what these carry without some customers.

        :param defaults: ``{company id: the segment of who is in none}``
        :return: ``{(user, company id): Counter of segments}``, and a Counter of how
            many exclusive customers each user has
        """
        # sudo: whom a colleague carries matters, whoever gives the customer away
        groups = (
            self.env["cs.account"]
            .sudo()
            ._read_group(
                [
                    ("csm_id", "in", self.user_id.ids),
                    ("state", "=", "active"),
                    ("id", "not in", accounts.ids),
                ],
                ["csm_id", "company_id", "segment_id", "touch_model"],
                ["__count"],
            )
        )
        carried, exclusive = {}, Counter()
        for user, company, segment, touch_model, count in groups:
            segment = segment or defaults.get(company.id, segment)
            carried.setdefault((user, company.id), Counter())[segment] += count
            if touch_model == "exclusive":
                exclusive[user] += count
        return carried, exclusive

    def _without_exclusive(self, account, carried, exclusive):
        """Return those who may take one more: none who has an exclusive customer.

        An exclusive customer itself goes to somebody who has no other.
        """
        if account.touch_model == "exclusive":
            taken = {user for (user, _company), some in carried.items() if some.total()}
        else:
            taken = {user for user, count in exclusive.items() if count}
        return self.filtered(lambda member: member.user_id not in taken)

    def _serving(self, account, segment):
        """Return those who serve the segment, of them those who serve the industry."""
        serving = self.filtered(
            lambda one: not one.segment_ids or segment in one.segment_ids
        )
        serving = serving or self
        industry = account.industry_id
        preferred = serving.filtered(
            lambda one: industry and industry in one.industry_ids
        )
        return preferred or serving

    def _least_loaded(self, segment, carried):
        """Return ``(member, load)``: who carries least with one more of a segment."""
        loads = []
        for member in self:
            here = carried.get((member.user_id, member.company_id.id), {})
            with_one = {**here, segment: here.get(segment, 0) + 1}
            loads.append((member._load_of(with_one), member.sequence, member.id))
        if not loads:
            return self.browse(), 0.0
        load, _sequence, member_id = min(loads)
        return self.browse(member_id), load

    @api.model
    def _by_member(self, shares):
        """Return ``{member: accounts}`` of what :meth:`_share_out` says."""
        by_member = {}
        for account, (member, _load) in shares.items():
            if member:
                by_member[member] = by_member.get(member, account) | account
        return by_member

    def _say_who_is_full(self, action, left=()):
        """Return an action, after a message of what these carry too much.

        :param action: what follows the message; alone where there is nothing to say
        :param left: cs.account records whom nobody can take
        """
        self.invalidate_recordset(["load", "customer_count"])
        full = self.filtered(lambda member: member.load > 100)
        words = []
        if full:
            names = (f"{one.user_id.name} ({one.load:.0f} %)" for one in full)
            words.append(
                self.env._(
                    "These carry more than their limit now: %(names)s.",
                    names=", ".join(names),
                )
            )
        if left:
            words.append(
                self.env._(
                    "Nobody in the team can take %(customers)s: choose a CSM.",
                    customers=", ".join(left[:_NAMED].mapped("display_name"))
                    + ("…" if len(left) > _NAMED else ""),
                )
            )
        if not words:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("The team is full"),
                "message": " ".join(words),
                "next": action,
            },
        }
