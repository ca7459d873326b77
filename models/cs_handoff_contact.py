from odoo import fields, models


class CsHandoffContact(models.Model):
    """A person whom the salesperson knows at the customer."""

    _name = "cs.handoff.contact"
    _inherit = "cs.handoff.part"
    _description = "Handoff Contact"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Person", required=True, ondelete="cascade"
    )
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    role_id = fields.Many2one(comodel_name="cs.contact.role")
    expectations = fields.Char(help="What this person expects from us, and why.")

    _handoff_partner_uniq = models.UniqueIndex(
        "(handoff_id, partner_id)", "This person is on the handoff already."
    )
