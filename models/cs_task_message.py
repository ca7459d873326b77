from odoo import models
from odoo.exceptions import UserError


class CsTask(models.Model):
    """What tasks write to the customer, and to whom."""

    _name = "cs.task"
    _inherit = ["cs.task", "cs.customer.message"]

    def _deliver_email(self):
        """Send the e-mail of the task to who agreed to such e-mails."""
        template = self.mail_template_id
        if not template:
            raise UserError(
                self.env._(
                    "No e-mail template is chosen. Choose one on the task, or write to "
                    "the customer yourself and conclude the task."
                )
            )
        people = self.account_id._people_to_write_to(self.contact_role_id, consent=True)
        about = self if template.model == self._name else self.account_id
        for person in people:
            self._post_to(person, template, about, posted_on=about, may_opt_out=True)
        return people

    def _deliver_notice(self):
        """Tell the customer that one of its tasks is open."""
        people = self._people_of_notice()
        template = self._message_template("mail_template_task_opened")
        # What our people answer on the task reaches them.
        self.message_subscribe(partner_ids=people.ids)
        for person in people:
            self._post_to(person, template, self, posted_on=self)
        return people

    def _people_of_notice(self):
        named = self.partner_id
        if named.email and named != self.account_id.partner_id:
            return self.account_id._willing(named)
        return self.account_id._people_to_write_to(self.contact_role_id)
