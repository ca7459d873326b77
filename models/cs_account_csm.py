from odoo import api, models
from odoo.exceptions import AccessError, UserError

#: What decides whose customer it is: for who sees all customers.
OF_MANAGERS = ("csm_id", "active")


class CsAccount(models.Model):
    """Who may be the CSM of a customer, and who says so."""

    _inherit = "cs.account"

    @api.constrains("csm_id")
    def _check_csm(self):
        for account in self.filtered("csm_id"):
            account.csm_id._check_may_be_csm(account.company_id)

    def write(self, vals):
        if not self.env.su:
            self._check_partner_stays(vals)
            self._check_own_portfolio(vals)
        return super().write(vals)

    def _check_partner_stays(self, vals):
        if self._changed(vals, ("partner_id",)):
            raise UserError(
                self.env._(
                    "The history of %(customer)s cannot become somebody else's. Put "
                    "the other one under customer success, or merge the two contacts.",
                    customer=self[:1].display_name,
                )
            )

    def _check_own_portfolio(self, vals):
        """Let nobody give away, take or archive customers who sees but their own."""
        if self._changed(vals, OF_MANAGERS) and not self.env.user.has_group(
            "customer_success.group_cs_user_all"
        ):
            raise AccessError(
                self.env._(
                    "Who has a customer, and whether it is archived, is decided by who "
                    "sees all customers. Ask your manager."
                )
            )

    def _changed(self, vals, names):
        """Return whether values for some many2one or boolean fields are new ones."""
        return any(
            name in vals
            and any(
                (account[name].id if name.endswith("_id") else account[name])
                != (vals[name] or False)
                for account in self
            )
            for name in names
        )
