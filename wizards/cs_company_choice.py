from odoo import api, fields, models
from odoo.exceptions import AccessError


class CsCompanyChoice(models.AbstractModel):
    """A window about one company: one of those that its user works in now."""

    _name = "cs.company.choice"
    _description = "Choice of a Company"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )

    @api.constrains("company_id")
    def _check_company_is_entered(self):
        """Refuse a company that the user doesn't work in.

        These windows read past the record rules; asked before they do, too.

        :raise AccessError: names no company, which may be unknown to the user
        """
        user = self.env.user
        # Of the user: constraints run as sudo, where nobody asks what is entered.
        entered = self.env.companies & user.company_ids
        if not user._is_superuser() and self.company_id - entered:
            raise AccessError(
                self.env._("Choose a company that you work in: you don't in this one.")
            )
