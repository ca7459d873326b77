from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cs_account_card import PENDING_OF_PEOPLE

#: How near a renewal is spoken of, in days.
NEAR_DAYS = 90
#: From how many points of 100 on a measure does not pull the health down.
FINE_POINTS = 70
#: How many lines of each kind the customer's page shows; the rest is in its tabs.
SHOWN = {"cs.task": 5, "cs.contact": 6, "cs.interaction": 3}


class CsAccount(models.Model):
    """The customer on one page, as it is shown in a meeting."""

    _inherit = "cs.account"

    renewal_near = fields.Boolean(
        compute="_compute_renewal_near",
        search="_search_renewal_near",
        help="It renews within 90 days, or should have renewed lately.",
    )
    health_reason = fields.Char(
        compute="_compute_health_reason", help="What pulls the health down most."
    )
    upcoming_task_ids = fields.Many2many(
        comodel_name="cs.task", string="What comes next", compute="_compute_page"
    )
    main_contact_ids = fields.Many2many(
        comodel_name="cs.contact", string="People there", compute="_compute_page"
    )
    recent_interaction_ids = fields.Many2many(
        comodel_name="cs.interaction",
        string="Last interactions",
        compute="_compute_page",
    )
    open_alert_ids = fields.One2many(
        comodel_name="cs.alert",
        inverse_name="account_id",
        string="Alerts to look at",
        domain=[("state", "=", "open")],
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products in force",
        compute="_compute_product_ids",
    )

    @api.depends("renewal_on", "state")
    def _compute_renewal_near(self):
        for account in self:
            first, last = self._renewals_near(self._today(account.company_id))
            account.renewal_near = bool(
                account.renewal_on
                and account.state == "active"
                and first <= account.renewal_on <= last
            )

    @api.model
    def _renewals_near(self, today):
        """Return the first and the last day of a renewal that is spoken of.

        One that was missed still is, for the days of grace until the customer counts
        as gone; what lies further back is no renewal any more.
        """
        grace = timedelta(days=self._churn_grace_days())
        return today - grace, today + timedelta(days=NEAR_DAYS)

    @api.model
    def _search_renewal_near(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = []
        for today, companies in self._companies_by_today().items():
            first, last = self._renewals_near(today)
            domains.append(
                Domain("company_id", "in", companies.ids)
                & Domain("renewal_on", ">=", first)
                & Domain("renewal_on", "<=", last)
            )
        return Domain("state", "=", "active") & Domain.OR(domains)

    @api.depends("health_score", "health_band")
    @api.depends_context("lang")
    def _compute_health_reason(self):
        for account in self:
            lines = account._health_lines() if account.id else []
            account.health_reason = account._health_reason(lines)

    def _health_reason(self, lines):
        """Return in a sentence what the lines of an explanation come to.

        :param lines: as :meth:`_health_lines` returns them
        """
        judged = [
            line
            for line in lines
            if line["kind"] == "measure" and line["points"] is not None
        ]
        if self.health_band == "unknown" or not judged:
            return self.env._("Too little is known to judge.")
        weak = sorted(
            (line for line in judged if line["points"] < FINE_POINTS),
            key=lambda line: -line["weight"] * (100 - line["points"]),
        )
        if not weak:
            return self.env._("Nothing pulls it down.")
        return self.env._(
            "Pulled down by %(measures)s.",
            measures=", ".join(line["measure"] for line in weak[:2]),
        )

    def _compute_page(self):
        tasks = self._first_of("cs.task", PENDING_OF_PEOPLE)
        people = self._first_of("cs.contact", [])
        talks = self._first_of("cs.interaction", [])
        for account in self:
            account.upcoming_task_ids = tasks.get(account.id)
            account.main_contact_ids = people.get(account.id)
            account.recent_interaction_ids = talks.get(account.id)

    def _first_of(self, model, domain):
        """Return the first records that a model has of each customer, in its order.

        Of tasks the open ones come before those that wait.

        :return: ``{account id: records}``
        """
        records = self.env[model]
        visible = records._search([("account_id", "in", self.ids), *domain])
        order = {
            "cs.task": SQL(
                "state = 'waiting', COALESCE(date_deadline, date_planned) NULLS LAST,"
                " position, id"
            ),
            "cs.contact": SQL("sequence, id"),
            "cs.interaction": SQL("date DESC, id DESC"),
        }[model]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, id
                  FROM (SELECT account_id, id, row_number() OVER w AS place
                          FROM %(table)s WHERE id IN %(visible)s
                        WINDOW w AS (PARTITION BY account_id ORDER BY %(order)s)) p
                 WHERE place <= %(shown)s
                 ORDER BY account_id, place
                """,
                table=SQL.identifier(records._table),
                visible=visible.subselect(),
                order=order,
                shown=SHOWN[model],
            )
        )
        ids = {}
        for account_id, record_id in rows:
            ids.setdefault(account_id, []).append(record_id)
        return {account_id: records.browse(found) for account_id, found in ids.items()}

    @api.depends("subscription_ids.product_id", "subscription_ids.state")
    def _compute_product_ids(self):
        for account in self:
            running = account.subscription_ids.filtered(
                lambda one: one.state == "running"
            )
            account.product_ids = running.product_id

    def action_open_next_task(self):
        """Open the task that comes next."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.task",
            "res_id": self.next_task_id.id,
            "view_mode": "form",
        }
