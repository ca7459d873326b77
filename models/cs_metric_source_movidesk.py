from odoo import fields, models


class CsMetricSource(models.Model):
    """A helpdesk at Movidesk as a source of facts."""

    _inherit = "cs.metric.source"

    http_preset = fields.Selection(selection_add=[("movidesk", "Movidesk")])
    movidesk_nps = fields.Boolean(
        string="Take its NPS",
        default=True,
        help="The newest answer to an NPS survey of Movidesk becomes the NPS of the "
        "customer, unless another source gives it.",
    )
    marks = fields.Json(
        copy=False, readonly=True, help="Up to when earlier fetches have read."
    )
    item_count = fields.Integer(
        string="Tickets known",
        compute="_compute_item_count",
        groups="customer_success.group_cs_specialist",
    )

    def _compute_item_count(self):
        counts = dict(
            self.env["cs.metric.source.item"]._read_group(
                [("source_id", "in", self.ids), ("kind", "=", "ticket")],
                ["source_id"],
                ["__count"],
            )
        )
        for source in self:
            source.item_count = counts.get(source, 0)

    def _anew(self):
        # With another key or address it may be another company's Movidesk: all is
        # read anew, and what is not met there is forgotten.
        return {**super()._anew(), "marks": False}

    def action_items(self):
        """Open the tickets that are known of this source."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_metric_source_item_action"
        )
        action["domain"] = [("source_id", "=", self.id)]
        return action
