from odoo import api, models
from odoo.exceptions import AccessDenied, ValidationError


class ResUsers(models.Model):
    """Users that are no people: they record facts by a key, and do nothing else."""

    _inherit = "res.users"

    def _may_only_ingest(self):
        """Return whether this user is there for recording facts alone."""
        self.ensure_one()
        return (
            self._has_group("customer_success.group_cs_ingest")
            and not self._is_internal()
            and not self._is_portal()
        )

    def _check_credentials(self, credential, env):
        # Neither a page nor XML-RPC, with whatever password or key: the key opens the
        # one address of ingest, see ir.http.
        if self.env.user._may_only_ingest():
            raise AccessDenied
        return super()._check_credentials(credential, env)

    @api.model
    def _domain_of_csms(self, companies):
        """Return who may have customers, as the domain of a field.

        :param companies: what the view calls the company, or companies, of these
        :return: the text of a domain
        """
        group = self.env.ref("customer_success.group_cs_user").id
        return (
            f"[('share', '=', False), ('company_ids', 'in', {companies}), "
            f"('all_group_ids', 'in', {group})]"
        )

    def _may_be_csm(self, company):
        """Return whether this user may have customers of a company."""
        self.ensure_one()
        # sudo: what a colleague may do is asked, whoever gives the customer
        user = self.sudo()
        return (
            not user.share
            and company in user.company_ids
            and user.has_group("customer_success.group_cs_user")
        )

    def _check_may_be_csm(self, company):
        """Refuse a user who may not have customers of a company.

        :raise ValidationError: names the user and says what is missing
        """
        if not self._may_be_csm(company):
            raise ValidationError(
                self.env._(
                    "%(user)s can't be a CSM in %(company)s. Choose a user of that "
                    "company who has access to Customer Success.",
                    user=self.sudo().name,
                    company=company.sudo().name,
                )
            )
