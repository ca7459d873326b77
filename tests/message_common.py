from odoo import Command
from odoo.tools import mute_logger

from .journey_common import JourneyCase


class MessageCase(JourneyCase):
    """Customers with people to write to, and what they got."""

    @classmethod
    def make_mail_template(cls, model, **values):
        subjects = {
            "cs.account": "News for {{ object.partner_id.name }}",
            "cs.task": "News for {{ object.name }}",
        }
        return cls.env["mail.template"].create(
            {
                "name": "News",
                "model_id": cls.env["ir.model"]._get_id(model),
                "subject": subjects[model],
                "body_html": "<p>Hello <t t-out=\"ctx.get('person_name')\"/></p>",
                **values,
            }
        )

    @classmethod
    def make_reachable(cls, name, email, consent=False, **person):
        """Make a customer with one contact."""
        account = cls.make_account(f"Padaria de {name}")
        cls.add_contact(account, name, email, consent, **person)
        return account

    @classmethod
    def add_contact(cls, account, name, email, consent=False, role_id=False, **person):
        account.contact_ids = [
            Command.create(
                {
                    "role_id": role_id,
                    "sequence": 10 * (len(account.contact_ids) + 1),
                    "partner_id": cls.env["res.partner"]
                    .create(
                        {
                            "name": name,
                            "email": email,
                            "parent_id": account.partner_id.id,
                            "cs_email_consent": consent,
                            **person,
                        }
                    )
                    .id,
                }
            )
        ]
        return account.contact_ids[-1:]

    def deliver(self):
        """Do what the action that writes to customers does, without its commits."""
        tasks = self.env["cs.task"]._engine()
        while batch := tasks.search(tasks._domain_to_send()):
            self.assertFalse(batch._deliver_each())
        self.env.invalidate_all()

    def messages(self, record):
        """Return what was written to people of the customer about a record."""
        return record.message_ids.filtered(
            lambda message: message.message_type == "auto_comment"
        )

    def mails(self, email):
        """Return the e-mails on their way to an address."""
        return self.env["mail.mail"].search(
            [("recipient_ids.email", "=", email), ("state", "=", "outgoing")]
        )

    def muted(self):
        return mute_logger(
            "odoo.addons.customer_success.models.cs_customer_message",
            "odoo.addons.mail.models.mail_render_mixin",
        )

    def answer(self, answer, value, why=None):
        """Answer a survey as who got the link does, without a login."""
        visitor = self.env.ref("base.public_user")
        answer = answer.with_user(visitor).sudo()
        score = answer.survey_id._cs_question()
        answer._save_lines(score, str(value))
        if why:
            answer._save_lines(answer.survey_id.question_ids - score, why)
        answer._mark_done()
        self.env.invalidate_all()
