from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cs_account_page import NEAR_DAYS
from .cs_portfolio_asked import as_dict, as_ids, as_list, as_text

CUSTOMERS = 30


class CsPortfolio(models.AbstractModel):
    """The customers of a portfolio, those that need attention first."""

    _inherit = "cs.portfolio"

    @api.model
    def _customers(self, scope, today, options):
        options = as_dict(options)
        domain = scope.accounts & self._customer_filter(options)
        rows = self.env.execute_query_dict(
            self._sql_customers(
                domain, today, self._limit(options.get("limit"), CUSTOMERS)
            )
        )
        return {
            "count": rows[0]["total"] if rows else 0,
            "rows": rows,
            "domain": list(domain),
        }

    @api.model
    def _customer_filter(self, options):
        domain = Domain.TRUE
        if search := as_text(options.get("search")):
            domain &= Domain("partner_id", "ilike", search)
        if bands := as_list(options.get("bands")):
            domain &= Domain("health_band", "in", [as_text(band) for band in bands])
        for name in ("phase_id", "segment_id"):
            if ids := as_ids(options.get(f"{name}s")):
                domain &= Domain(name, "in", ids)
        return domain

    @api.model
    def _sql_attention(self, today):
        """Return how much a customer asks for: red 4, a renewal within 30 days 3 and
        within 90 days 1, an open alert 2, a detractor 2, yellow 1, stuck 1.
        """
        alerts = self.env["cs.alert"]._search(Domain("state", "=", "open"))
        return SQL(
            """
              CASE cs_account.health_band WHEN 'red' THEN 4 WHEN 'yellow' THEN 1
                   ELSE 0 END
            + CASE WHEN cs_account.renewal_on < %(today)s - %(grace)s THEN 0
                   WHEN cs_account.renewal_on <= %(today)s + 30 THEN 3
                   WHEN cs_account.renewal_on <= %(today)s + %(near)s THEN 1
                   ELSE 0 END
            + CASE WHEN cs_account.id IN %(alerts)s THEN 2 ELSE 0 END
            + CASE WHEN cs_account.nps_class = 'detractor' THEN 2 ELSE 0 END
            + CASE WHEN cs_account.pace = 'stuck' THEN 1 ELSE 0 END
            """,
            today=today(SQL("cs_account.company_id")),
            grace=self.env["cs.account"]._churn_grace_days(),
            near=NEAR_DAYS,
            alerts=alerts.subselect(SQL.identifier("cs_alert", "account_id")),
        )

    @api.model
    def _sql_customers(self, domain, today, limit):
        """Return the query of the customers' rows.

        Who may read a customer may read its tasks and alerts, so these are counted
        for the customers of the page alone.
        """
        accounts = self.env["cs.account"]
        page = accounts._search(domain, limit=limit)
        page.order = SQL("attention DESC, mrr DESC NULLS LAST, cs_account.id")
        return SQL(
            """
            SELECT page.total, a.id, p.complete_name AS name,
                   %(segment)s AS segment, a.segment_provisional AS provisional,
                   %(phase)s AS phase, %(stage)s AS stage,
                   a.stage_progress AS progress, a.pace,
                   a.nps, a.nps_class, a.mood,
                   a.last_interaction_on AS last_interaction,
                   a.health_score AS score, a.health_band AS band,
                   a.health_trend AS trend,
                   a.mrr, c.currency_id, a.renewal_on AS renewal,
                   a.renewal_on - %(today)s AS renewal_days,
                   al.open_alert_count AS alerts, w.late_task_count AS late,
                   n.next_task_id AS next_id,
                   n.next_step AS next_name, n.next_step_on AS next_on,
                   n.next_step_on - %(today)s AS next_days,
                   a.csm_id, up.name AS csm
              FROM (%(page)s) page (id, attention, total, mrr)
              JOIN cs_account a ON a.id = page.id
              JOIN res_partner p ON p.id = a.partner_id
              JOIN res_company c ON c.id = a.company_id
              LEFT JOIN cs_segment sg ON sg.id = a.segment_id
              LEFT JOIN cs_phase ph ON ph.id = a.phase_id
              LEFT JOIN res_users u ON u.id = a.csm_id
              LEFT JOIN res_partner up ON up.id = u.partner_id
              LEFT JOIN LATERAL (%(journey)s) j ON TRUE
              LEFT JOIN cs_journey_template_stage st ON st.id = j.stage_id
             CROSS JOIN LATERAL (%(alerts)s) al
             CROSS JOIN LATERAL (%(tasks)s) w
              LEFT JOIN LATERAL (%(next)s) n ON TRUE
             ORDER BY page.attention DESC, page.mrr DESC NULLS LAST, a.id
            """,
            page=page.select(
                SQL.identifier("cs_account", "id"),
                SQL("(%s) AS attention", self._sql_attention(today)),
                SQL("COUNT(*) OVER ()"),
                SQL("cs_account.mrr AS mrr"),
            ),
            segment=self._name_of("cs.segment", "sg"),
            phase=self._name_of("cs.phase", "ph"),
            stage=self._name_of("cs.journey.template.stage", "st"),
            today=today(SQL("a.company_id")),
            tasks=accounts._sql_open_tasks(today(SQL("a.company_id"))),
            alerts=accounts._sql_open_alerts(),
            journey=accounts._sql_lifecycle(),
            next=accounts._sql_next_step(),
        )
