from odoo import fields, models


class CsUnmatchedCustomerLine(models.TransientModel):
    """One customer to be made of a name."""

    _name = "cs.unmatched.customer.line"
    _description = "Customer of an Unmatched Name"

    wizard_id = fields.Many2one(
        comodel_name="cs.unmatched.customer", required=True, ondelete="cascade"
    )
    unmatched_id = fields.Many2one(
        comodel_name="cs.metric.unmatched",
        string="Name at the source",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    name = fields.Char(required=True)
    vat = fields.Char(string="CNPJ")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Existing contact",
        domain="[('parent_id', '=', False)]",
        help="The company is in the address book already. Empty: it is put there.",
    )

    def _make_partners(self):
        """Put the companies into the address book that are not there yet."""
        new = self.filtered(lambda line: not line.partner_id)
        # sudo: whoever says who a name means may name the company, and change no
        # other contact.
        partners = (
            self.env["res.partner"]
            .sudo()
            .create(
                [
                    {"name": line.name, "vat": line.vat, "is_company": True}
                    for line in new
                ]
            )
        )
        for line, partner in zip(new, partners, strict=True):
            line.partner_id = partner.id
