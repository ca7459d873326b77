from odoo import api, fields, models


class CsJourneyStart(models.TransientModel):
    """Asks which journey the chosen customers are to start."""

    _name = "cs.journey.start"
    _description = "Start a Journey"

    account_ids = fields.Many2many(
        comodel_name="cs.account", string="Customers", required=True
    )
    template_id = fields.Many2one(
        comodel_name="cs.journey.template", string="Journey", required=True
    )
    has_left = fields.Boolean(
        compute="_compute_has_left",
        help="One of the customers has left: playbooks only, such as the one that wins "
        "it back.",
    )
    template_kind = fields.Selection(related="template_id.kind")
    description = fields.Html(related="template_id.description")
    task_count = fields.Integer(related="template_id.task_count")
    expected_days = fields.Integer(related="template_id.expected_days")

    @api.depends("account_ids.state")
    def _compute_has_left(self):
        for wizard in self:
            wizard.has_left = "churned" in wizard.account_ids.mapped("state")

    def action_start(self):
        """Start it with all of them, or with none when one may not."""
        self.ensure_one()
        self.account_ids.check_access("write")
        self.env["cs.journey"]._start_journeys(self.account_ids, self.template_id)
        return {"type": "ir.actions.act_window_close"}
