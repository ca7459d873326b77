from odoo import api, fields, models
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang


class CsAccount(models.Model):
    """When the customer perceived value first, and how often since.

    Value is perceived where an objective that is a moment of value is achieved.
    Counted from the day the customer came; who left and came back counts anew.
    """

    _inherit = "cs.account"

    first_value_on = fields.Date(
        string="First value on", copy=False, help="Empty: none was perceived yet."
    )
    last_value_on = fields.Date(string="Last value on", copy=False)
    ttv_days = fields.Integer(
        string="Time to value (days)",
        aggregator="avg",
        copy=False,
        help="From the beginning of the contract until the first moment of value.",
    )
    cpv_days = fields.Float(
        string="Cycle of value (days)",
        digits=(6, 1),
        aggregator="avg",
        copy=False,
        help="How many days lie, on average, between one moment of value and the "
        "next. Known from the second one on.",
    )
    value_explanation = fields.Text(
        string="Why this time to value", compute="_compute_value_explanation"
    )

    @api.model
    def _refresh_value(self, accounts=None):
        """Write anew what moments of value say, only where it differs.

        :param accounts: the accounts, or a list of their ids; all without it
        """
        names = ("first_value_on", "last_value_on", "ttv_days", "cpv_days")
        self.flush_model(names)
        self.env.cr.execute(
            SQL(
                """
                UPDATE cs_account a
                   SET first_value_on = n.first_on, last_value_on = n.last_on,
                       ttv_days = n.ttv, cpv_days = round(n.cpv, 1)
                  FROM (SELECT x.id, f.first_on, f.last_on,
                               f.first_on - f.start_on AS ttv,
                               (f.last_on - f.first_on)::numeric
                               / NULLIF(f.moments - 1, 0) AS cpv
                          FROM cs_account x
                          LEFT JOIN (%(figures)s) f ON f.account_id = x.id
                         WHERE %(scope)s
                           AND (f.account_id IS NOT NULL
                                OR x.first_value_on IS NOT NULL)) n
                 WHERE n.id = a.id
                   AND (a.first_value_on, a.last_value_on, a.ttv_days,
                        a.cpv_days)
                       IS DISTINCT FROM
                       (n.first_on, n.last_on, n.ttv, round(n.cpv, 1))
                """,
                figures=self._sql_value_figures(accounts),
                scope=self._sql_scope(SQL("x.id"), accounts),
            )
        )
        self.invalidate_model([*names, "value_explanation"], flush=False)

    @api.model
    def _sql_value_figures(self, accounts=None):
        """Return what moments of value come to, for customers that had one.

        :param accounts: as :meth:`_refresh_value` takes them
        :return: an ``SQL`` with account_id, start_on, first_on, last_on (dates) and
            moments, the number of days on which value was perceived
        """
        return SQL(
            """
            SELECT m.account_id, m.start_on, min(m.day) AS first_on,
                   max(m.day) AS last_on, count(DISTINCT m.day) AS moments
              FROM (SELECT s.account_id, s.start_on,
                           GREATEST(o.outcome_on, s.start_on) AS day
                      FROM (%(stays)s) s
                      JOIN cs_objective o ON o.account_id = s.account_id
                     WHERE o.is_value_moment AND o.outcome = 'achieved'
                       AND o.outcome_on IS NOT NULL
                       -- Who tried it before the contract had value from its first
                       -- day; what belongs to a former stay is past.
                       AND (o.outcome_on >= s.start_on OR s.is_first)) m
             GROUP BY m.account_id, m.start_on
            """,
            stays=self._sql_last_stays(accounts),
        )

    @api.model
    def _sql_last_stays(self, accounts=None):
        """Return since when the customers that have moments of value are here.

        :return: an ``SQL`` with account_id, start_on, and is_first: whether they
            were never here before
        """
        self.env["cs.objective"].flush_model()

        def with_moments(account_id):
            return SQL(
                "%s AND %s IN (SELECT account_id FROM cs_objective"
                " WHERE is_value_moment)",
                self._sql_scope(account_id, accounts),
                account_id,
            )

        return SQL(
            """
            SELECT DISTINCT ON (p.account_id) p.account_id, p.start_on,
                   p.start_on = min(p.start_on) OVER (PARTITION BY p.account_id)
                   AS is_first
              FROM (%s) p
             ORDER BY p.account_id, p.start_on DESC
            """,
            self._sql_presence(with_moments),
        )

    @api.depends("first_value_on", "last_value_on", "ttv_days", "cpv_days")
    @api.depends_context("lang")
    def _compute_value_explanation(self):
        ids = self._origin.ids
        begun = {}
        if ids:
            rows = self.env.execute_query(
                SQL("SELECT * FROM (%s) s", self._sql_last_stays(ids))
            )
            begun = {account_id: start for account_id, start, _first in rows}
        moments = self._moments_of_value()
        for account in self:
            account.value_explanation = account._explain_value(
                begun.get(account._origin.id), moments.get(account._origin)
            )

    def _moments_of_value(self):
        """Return the achieved moments of value: ``{account: objectives}``."""
        return (
            self.env["cs.objective"]
            .search(
                [
                    ("account_id", "in", self._origin.ids),
                    ("is_value_moment", "=", True),
                    ("outcome", "=", "achieved"),
                ],
                order="outcome_on, id",
            )
            .grouped("account_id")
        )

    def _explain_value(self, start_on, moments):
        """Return in words what the figures are made of.

        :param start_on: since when the customer is here; None: it has no objective
            that is a moment of value
        :param moments: its achieved cs.objective records, or None
        """
        if not start_on:
            return self.env._(
                "Mark the objective by which this customer perceives value as a "
                "moment of value: reaching it tells the time to value."
            )
        since = format_date(self.env, start_on)
        if not self.first_value_on:
            return self.env._(
                "No moment of value is achieved yet. Counted from %(since)s, when the "
                "customer came.",
                since=since,
            )
        mine = moments.filtered(lambda one: one.outcome_on >= start_on) or moments
        lines = [
            self.env._(
                "%(days)s days from %(since)s, when the customer came, to %(first)s: "
                "%(objective)s.",
                days=self.ttv_days,
                since=since,
                first=format_date(self.env, self.first_value_on),
                objective=mine[0].name,
            )
        ]
        if self.last_value_on > self.first_value_on:
            lines.append(
                self.env._(
                    "Since then value every %(days)s days on average, last on "
                    "%(last)s: %(objective)s.",
                    days=formatLang(self.env, self.cpv_days, digits=1),
                    last=format_date(self.env, self.last_value_on),
                    objective=mine[-1].name,
                )
            )
        return "\n".join(lines)

    def _judge_anew(self):
        result = super()._judge_anew()
        self._refresh_value(self)
        return result
