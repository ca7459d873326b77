from odoo import models
from odoo.exceptions import UserError


class CsAccount(models.Model):
    """Whom of the customer a message goes to."""

    _inherit = "cs.account"

    def _people_to_write_to(self, role, consent=False):
        """Return the people of this customer whom a message goes to.

        Those with the role, else the main contact: the first with an e-mail address,
        else the address of the company itself.

        :param role: a cs.contact.role, or none
        :param consent: only those who agreed to e-mails
        :return: a res.partner recordset, never empty
        :raise UserError: nobody may be written to; says what is missing
        """
        self.ensure_one()
        people = self._people_with_address(role)
        self._check_somebody(
            people,
            self.env._(
                "No contact of %(customer)s has an e-mail address. Add one to its "
                "contacts.",
                customer=self.display_name,
            ),
        )
        return self._agreeing(people) if consent else self._willing(people)

    def _agreeing(self, people):
        """Return those of these people who agreed to e-mails, and did not opt out.

        :raise UserError: none of them did
        """
        willing = self._willing(people)
        agreed = willing.filtered("cs_email_consent")
        self._check_somebody(
            agreed,
            self.env._(
                "%(people)s did not agree to e-mails yet. Ask, and tick “Agrees to "
                "e-mails” on the contact.",
                people=", ".join(willing.mapped("name")),
            ),
        )
        return agreed

    def _willing(self, people):
        """Return those of these people who did not opt out.

        :raise UserError: all of them did
        """
        willing = people.filtered(lambda person: not person.is_blacklisted)
        self._check_somebody(
            willing,
            self.env._(
                "%(people)s asked for no more e-mails. Speak with them, or give the "
                "customer another contact.",
                people=", ".join(people.mapped("name")),
            ),
        )
        return willing

    def _people_with_address(self, role):
        contacts = self.contact_ids.filtered(
            lambda contact: contact.partner_id.active and contact.email
        )
        people = contacts.filtered(lambda contact: role and contact.role_id == role)
        company = self.partner_id.filtered("email")
        return (people or contacts[:1]).partner_id or company

    def _check_somebody(self, people, missing):
        if not people:
            raise UserError(missing)
