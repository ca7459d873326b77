from collections import namedtuple

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .cs_portfolio_asked import as_dict, as_id, as_int

#: Whose work and customers a screen shows, each as the domain of its model.
Scope = namedtuple("Scope", ["key", "accounts", "tasks", "alerts", "handoffs"])
ALL, NONE = "all", "none"
MOST = 200


class CsPortfolio(models.AbstractModel):
    """The screen that a CSM lives in, read at once.

    Each list comes from one query with a limit, whatever the number of customers, and
    through the record rules of whoever looks.
    """

    _name = "cs.portfolio"
    _description = "Portfolio"

    @api.model
    def load(self, whose=None, options=None):
        """Return all that the portfolio shows.

        :param whose: id of a user, ``all`` or ``none`` (customers without a CSM);
            without it one's own portfolio, or everybody's for a manager who carries
            no customer. Only managers see another one than their own.
        :param options: ``tasks``: how many of each bucket, ``{"late": 10}``;
            ``customers``: see :meth:`load_customers`; ``after``: id of the task that
            has just been worked on, whose followers are then named
        :return: a dict: ``whose``, ``choices``, ``figures``, ``work``, ``customers``,
            ``alerts``, ``handoffs``; days are signed, late ones are negative
        :raise AccessError: the user is not in customer success, or asks for the
            portfolio of somebody else without being a manager
        """
        whose, options = self._whose(whose), as_dict(options)
        self._check_may_look(whose)
        self.env.flush_all()
        choices = self._choices()
        scope = self._scope(whose, choices)
        today = self._today_by_company()
        return {
            "whose": self._describe(scope, choices),
            "choices": list(choices.values()) if self._is_manager() else [],
            "figures": self._figures(scope),
            "work": self._work(scope, today, options),
            "customers": self._customers(scope, today, options.get("customers")),
            "alerts": self._alerts(scope, today),
            "handoffs": self._handoffs(scope),
        }

    @api.model
    def load_customers(self, whose=None, options=None):
        """Return the customers of a portfolio, those that need attention first.

        :param whose: as :meth:`load` takes it
        :param options: ``search`` (part of a name), ``bands`` (of health),
            ``phase_ids``, ``segment_ids``, ``limit`` (at most 200)
        :return: a dict: ``count`` of all that match, ``rows`` up to the limit,
            ``domain`` of all that match
        :raise AccessError: as :meth:`load`
        """
        whose = self._whose(whose)
        self._check_may_look(whose)
        self.env.flush_all()
        choices = self._choices() if whose is None or isinstance(whose, int) else {}
        scope = self._scope(whose, choices)
        return self._customers(scope, self._today_by_company(), options)

    # Who may look at what

    @api.model
    def _is_manager(self):
        return self.env.user.has_group("customer_success.group_cs_user_all")

    @api.model
    def _whose(self, whose):
        """Return whose portfolio is asked for; 0, which is nobody's, for nonsense."""
        return whose if whose in (None, ALL, NONE) else as_id(whose)

    @api.model
    def _check_may_look(self, whose):
        if not self.env.user.has_group("customer_success.group_cs_user"):
            raise AccessError(
                self.env._(
                    "The portfolio belongs to customer success. Ask an administrator "
                    "for access to Customer Success if you follow customers."
                )
            )
        if whose not in (None, self.env.uid) and not self._is_manager():
            raise AccessError(
                self.env._(
                    "You see your own portfolio. Ask your manager, who sees those of "
                    "everybody, or for the right to see all customers."
                )
            )

    @api.model
    def _choices(self):
        """Return the portfolios there are: ``{key: {"key", "name", "count"}}``.

        CSMs of the team are among them before they carry any customer.
        """
        accounts = self.env["cs.account"]._search(Domain("state", "=", "active"))
        accounts.groupby = csm = SQL.identifier("cs_account", "csm_id")
        members = self.env["cs.team.member"]._search(Domain("role", "=", "csm"))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.user_id, p.name, SUM(o.customers)::int
                  FROM (%s UNION ALL %s) o (user_id, customers)
                  LEFT JOIN res_users u ON u.id = o.user_id
                  LEFT JOIN res_partner p ON p.id = u.partner_id
                 GROUP BY o.user_id, p.name
                 ORDER BY p.name, o.user_id
                """,
                accounts.select(csm, SQL("COUNT(*)")),
                members.select(SQL.identifier("cs_team_member", "user_id"), SQL("0")),
            )
        )
        counts = {user_id: count for user_id, _name, count in rows}
        choices = {
            ALL: (self.env._("All customers"), sum(counts.values())),
            NONE: (self.env._("Without a CSM"), counts.get(None, 0)),
        }
        choices |= {uid: (name, count) for uid, name, count in rows if uid}
        return {
            key: {"key": key, "name": name, "count": count}
            for key, (name, count) in choices.items()
        }

    @api.model
    def _scope(self, whose, choices):
        """Return the :class:`Scope` of a portfolio; one that is gone is the usual one.

        :param choices: as :meth:`_choices` returns them
        """
        me = self.env.uid
        if whose not in (me, ALL, NONE) and whose not in choices:
            carries = choices.get(me, {}).get("count")
            whose = me if carries or not self._is_manager() else ALL
        active = Domain("state", "=", "active")
        is_open = Domain("state", "=", "open")
        waiting = Domain("state", "=", "submitted")
        if whose == ALL:
            return Scope(ALL, active, is_open, is_open, waiting)
        csm = False if whose == NONE else whose
        of_account = Domain("account_id.csm_id", "=", csm)
        tasks, alerts, handoffs = of_account, of_account, Domain("csm_id", "=", False)
        if csm:
            unclaimed = Domain("responsible", "=", "customer") | Domain(
                "user_id", "=", False
            )
            tasks = Domain("user_id", "=", csm) | (of_account & unclaimed)
            alerts |= Domain("user_id", "=", csm)
            handoffs |= Domain("csm_id", "=", csm)
        return Scope(
            whose,
            active & Domain("csm_id", "=", csm),
            is_open & tasks,
            is_open & alerts,
            waiting & handoffs,
        )

    @api.model
    def _describe(self, scope, choices):
        chosen = choices.get(scope.key) or {"name": self.env.user.name, "count": 0}
        return {
            "key": scope.key,
            "name": chosen["name"],
            "is_mine": scope.key == self.env.uid,
            "is_manager": self._is_manager(),
            "may_import": self.env.user.has_group(
                "customer_success.group_cs_specialist"
            ),
            "nobody_followed": not choices[ALL]["count"],
        }

    # How it is read

    @api.model
    def _today_by_company(self):
        """Return a function that gives the today of a company in SQL.

        The calendars are read once, not once a list.
        """
        days = self.env["cs.account"]._companies_by_today()

        def today(company):
            if len(days) == 1:
                return SQL("%s::date", next(iter(days)))
            cases = SQL(" ").join(
                SQL("WHEN %s IN %s THEN %s::date", company, tuple(some.ids), day)
                for day, some in days.items()
            )
            return SQL("CASE %s END", cases)

        return today

    @api.model
    def _name_of(self, model, alias):
        """Return the name of a joined record in the reader's language."""
        return self.env[model]._field_to_sql(alias, "name")

    @api.model
    def _limit(self, value, usual):
        return min(max(as_int(value) or usual, 1), MOST)
