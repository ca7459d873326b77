from odoo import api, models
from odoo.exceptions import UserError

#: What a CSM may say of a person, without being a keeper of all contacts.
OF_PERSON = ("name", "email", "phone", "function", "email_consent")
FIELDS = {"email_consent": "cs_email_consent"}


class CsContact(models.Model):
    """Who follows a customer keeps the data of its people, and brings new ones."""

    _inherit = "cs.contact"

    @api.model_create_multi
    def create(self, vals_list):
        """Create stakeholders; one without ``partner_id`` but with a name is new."""
        split = [self._split_person(vals) for vals in vals_list]
        for vals, person in split:
            if not vals.get("partner_id") and person:
                vals["partner_id"] = self._make_person(vals, person).id
                person.clear()
        contacts = super().create([vals for vals, _person in split])
        for contact, (_vals, person) in zip(contacts, split, strict=True):
            contact._write_person(person)
        return contacts

    def write(self, vals):
        vals, person = self._split_person(vals)
        result = super().write(vals)
        self._write_person(person)
        return result

    @api.model
    def _split_person(self, vals):
        """Return what is the stakeholder's, and what the person's, as res.partner's."""
        person = {
            FIELDS.get(name, name): value
            for name, value in vals.items()
            if name in OF_PERSON
        }
        rest = {name: value for name, value in vals.items() if name not in OF_PERSON}
        return rest, person

    @api.model
    def _make_person(self, vals, person):
        account_id = vals.get("account_id", self.env.context.get("default_account_id"))
        account = self.env["cs.account"].browse(account_id)
        account.check_access("write")
        if not (person.get("name") or "").strip():
            raise UserError(self.env._("Say what the new person is called."))
        # sudo: whoever works the customer may say who is there
        return (
            self.env["res.partner"]
            .sudo()
            .create({**person, "parent_id": account.partner_id.id, "is_company": False})
        )

    def _write_person(self, person):
        if not person:
            return
        for contact in self:
            contact.account_id.check_access("write")
            contact._person_to_write().write(person)

    def _person_to_write(self):
        """Return the person as it may be written.

        Somebody who logs in, or is of another company, only with the right to write
        contacts: who gets another's e-mail address gets their password reset, too.
        """
        partner = self.partner_id
        # sudo: whether somebody logs in, whoever asks
        hidden = partner.sudo().with_context(active_test=False)
        is_ours = hidden.commercial_partner_id == self.account_id.partner_id
        if not is_ours or hidden.user_ids or hidden == hidden.commercial_partner_id:
            return partner
        # sudo: whoever works the customer keeps the data of its people
        return partner.sudo()

    def action_new_person(self):
        """Open a window for somebody whom nobody has entered yet."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New person"),
            "res_model": "cs.contact",
            "views": [
                (self.env.ref("customer_success.cs_contact_view_form_new").id, "form")
            ],
            "target": "new",
            "context": {"default_account_id": self.env.context.get("account_id")},
        }
