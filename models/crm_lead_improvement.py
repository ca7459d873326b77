from odoo import models


class CrmLead(models.Model):
    """An opportunity that was an idea of customer success ends the idea."""

    _inherit = "crm.lead"

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        if old_status_by_lead:
            self.env["cs.improvement"]._follow_leads(self)
        return result

    def _merge_dependences(self, opportunities):
        """The idea goes on with the opportunity that its own was merged into."""
        result = super()._merge_dependences(opportunities)
        # sudo: who merges opportunities sees nothing of the queue
        ideas = self.env["cs.improvement"].sudo()
        ideas.search([("lead_id", "in", opportunities.ids)])._set(
            "doing", lead_id=self.id
        )
        return result
