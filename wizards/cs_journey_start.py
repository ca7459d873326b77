from odoo import fields, models


class CsJourneyStart(models.TransientModel):
    """Asks which journey a customer starts."""

    _name = "cs.journey.start"
    _description = "Start a Journey"

    account_id = fields.Many2one(
        comodel_name="cs.account", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id")
    template_id = fields.Many2one(
        comodel_name="cs.journey.template",
        string="Journey",
        required=True,
        ondelete="cascade",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    description = fields.Html(related="template_id.description")

    def action_start(self):
        """Start the chosen journey with the customer."""
        self.ensure_one()
        self.account_id.start_journey(self.template_id)
        return {"type": "ir.actions.act_window_close"}
