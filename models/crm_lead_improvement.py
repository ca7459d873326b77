from odoo import models


class CrmLead(models.Model):
    """An opportunity that was an idea of customer success ends the idea."""

    _inherit = "crm.lead"

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        if old_status_by_lead:
            self.env["cs.improvement"]._follow_leads(self)
        return result
