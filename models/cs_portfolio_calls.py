from odoo import api, models
from odoo.tools import SQL

CALLS = 6


class CsPortfolio(models.AbstractModel):
    """What calls for somebody: open alerts, handoffs that wait to be accepted."""

    _inherit = "cs.portfolio"

    @api.model
    def _alerts(self, scope, today):
        """Return the open alerts, the most severe first."""
        alerts = self.env["cs.alert"]._search(
            scope.alerts, order="severity_rank desc, raised_on desc, id", limit=CALLS
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT f.total, al.id, %(name)s AS name, al.severity,
                       al.raised_on AS raised, al.account_id,
                       p.complete_name AS customer,
                       al.due_on AS due, al.due_on - %(today)s AS due_days
                  FROM (%(found)s) f (id, total)
                  JOIN cs_alert al ON al.id = f.id
                  JOIN cs_alert_rule r ON r.id = al.rule_id
                  JOIN cs_account a ON a.id = al.account_id
                  JOIN res_partner p ON p.id = a.partner_id
                 ORDER BY al.severity_rank DESC, al.raised_on DESC, al.id
                """,
                name=self._name_of("cs.alert.rule", "r"),
                today=today(SQL("al.company_id")),
                found=alerts.select(
                    SQL.identifier("cs_alert", "id"), SQL("COUNT(*) OVER ()")
                ),
            )
        )
        return self._called(rows, scope.alerts)

    @api.model
    def _handoffs(self, scope):
        """Return the handoffs that wait, the one that waits longest first."""
        handoffs = self.env["cs.handoff"]._search(
            scope.handoffs, order="submitted_on, id", limit=CALLS
        )
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT f.total, h.id, h.name, h.mrr, c.currency_id,
                       h.submitted_on AS submitted, up.name AS salesperson
                  FROM (%(found)s) f (id, total)
                  JOIN cs_handoff h ON h.id = f.id
                  JOIN res_company c ON c.id = h.company_id
                  LEFT JOIN res_users u ON u.id = h.user_id
                  LEFT JOIN res_partner up ON up.id = u.partner_id
                 ORDER BY h.submitted_on, h.id
                """,
                found=handoffs.select(
                    SQL.identifier("cs_handoff", "id"), SQL("COUNT(*) OVER ()")
                ),
            )
        )
        return self._called(rows, scope.handoffs)

    @api.model
    def _called(self, rows, domain):
        return {
            "count": rows[0]["total"] if rows else 0,
            "rows": rows,
            "domain": list(domain),
        }
