from odoo import api, fields, models


class CsContact(models.Model):
    """A new contact may be the one whom a waiting message goes to."""

    _inherit = "cs.contact"

    email_consent = fields.Boolean(
        related="partner_id.cs_email_consent", readonly=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        self.env["cs.task"]._queue_again(contacts.account_id)
        return contacts
