from odoo import fields, models


class CsContact(models.Model):
    """A stakeholder: a person at the customer, and what they are for us."""

    _name = "cs.contact"
    _inherit = "cs.account.part"
    _description = "Stakeholder"
    _order = "account_id, sequence, id"
    _rec_name = "partner_id"

    account_id = fields.Many2one(
        comodel_name="cs.account", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Person",
        required=True,
        ondelete="cascade",
        index=True,
    )
    email = fields.Char(related="partner_id.email", readonly=False)
    phone = fields.Char(related="partner_id.phone", readonly=False)
    function = fields.Char(related="partner_id.function", readonly=False)
    role_id = fields.Many2one(comodel_name="cs.contact.role")
    influence = fields.Selection(
        selection=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
        default="medium",
    )
    attitude = fields.Selection(
        selection=[
            ("supporter", "Supporter"),
            ("neutral", "Neutral"),
            ("critic", "Critic"),
        ],
        default="neutral",
    )
    expectations = fields.Text(
        help="What this person expects, and why they need the product."
    )

    _account_partner_uniq = models.UniqueIndex(
        "(account_id, partner_id)", "This person is a contact of the customer already."
    )
