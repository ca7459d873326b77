from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts merges their customers first, so that none is lost."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["cs.account"]._merge_for_partners(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
