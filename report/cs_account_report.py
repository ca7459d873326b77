from odoo import fields, models


class CsAccountReport(models.AbstractModel):
    """What rows about customers are told apart by: whose, where, and of which kind."""

    _name = "cs.account.report"
    _description = "Report on Customers"
    _rec_name = "account_id"

    account_id = fields.Many2one(
        comodel_name="cs.account", string="Customer", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    csm_id = fields.Many2one(comodel_name="res.users", string="CSM", readonly=True)
    segment_id = fields.Many2one(comodel_name="cs.segment", readonly=True)
