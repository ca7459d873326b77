from odoo import api, fields, models
from odoo.tools import SQL


class CsMetric(models.Model):
    """How much is known of a metric, and who feeds it."""

    _inherit = "cs.metric"

    known_count = fields.Integer(string="Customers known", compute="_compute_known")
    fresh_count = fields.Integer(
        string="Customers with a fresh value", compute="_compute_known"
    )
    source_ids = fields.Many2many(
        comodel_name="cs.metric.source", string="Fed by", compute="_compute_known"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_known(self):
        known = self._known_by_metric()
        sources = self.env["cs.metric.source"]
        for metric in self:
            count, fresh, source_ids = known.get(metric.id, (0, 0, []))
            metric.known_count = count
            metric.fresh_count = fresh
            # Archived ones too: they wrote what is known, even if no longer.
            metric.source_ids = sources.browse(source_ids).exists()

    def _known_by_metric(self):
        """Return ``{metric id: (customers known, of them fresh, source ids)}``.

        Customers that the user does not see are not counted.
        """
        visible = self.env["cs.metric.value"]._search([("metric_id", "in", self.ids)])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT v.metric_id, count(*),
                       count(*) FILTER (
                           WHERE m.stale_after_days = 0
                              OR v.at >= %(now)s
                                 - m.stale_after_days * INTERVAL '1 day'
                       ),
                       COALESCE(
                           array_agg(DISTINCT v.source_id)
                               FILTER (WHERE v.source_id IS NOT NULL),
                           '{}'
                       )
                  FROM cs_metric_value v JOIN cs_metric m ON m.id = v.metric_id
                 WHERE v.value IS NOT NULL AND v.id IN %(visible)s
                 GROUP BY v.metric_id
                """,
                now=fields.Datetime.now(),
                visible=visible.subselect(),
            )
        )
        return {metric_id: tuple(known) for metric_id, *known in rows}

    def action_open_values(self):
        """Open what is known of this metric, customer by customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cs.metric.value",
            "view_mode": "list",
            "domain": [("metric_id", "=", self.id)],
        }
