import base64

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

RENDERED = (
    "subject",
    "body_html",
    "email_from",
    "reply_to",
    "attachment_ids",
    "report_template_ids",
)


class CsTask(models.Model):
    """What tasks write to the customer, and to whom."""

    _inherit = "cs.task"

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

    def _message_template(self, name):
        template = self.env.ref(f"customer_success.{name}", raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._(
                    "The e-mail template of this message was deleted. Tell the "
                    "customer yourself."
                )
            )
        return template

    def _post_to(self, person, template, about, posted_on, may_opt_out=False):
        """Send a template to one person, in that person's language.

        Nobody else gets it, whoever follows the record: the agreement to e-mails and
        the links in them are one person's own.

        :param person: a res.partner
        :param about: the record that the template is rendered for
        :param posted_on: the record in whose chatter the message stays
        :param may_opt_out: add the link by which the person gets no more of these
        """
        customer = self.account_id.partner_id
        lang = person.lang or customer.lang or self.env.lang
        rendered = self._render_message(
            template.with_context(
                lang=lang, template_preview_lang=lang, person_name=person.name
            ),
            about,
        )
        # QWeb has escaped what is not the template's own.
        body = Markup(rendered["body_html"] or "")  # noqa: S704
        if may_opt_out:
            body += person._cs_opt_out_footer(lang)
        sender = (self.csm_id or self.company_id).partner_id
        posted_on.with_context(lang=lang, mail_notify_force_send=False).message_post(
            body=body,
            subject=rendered["subject"],
            message_type="auto_comment",
            # A note, which the others of the customer do not see on the portal.
            subtype_xmlid="mail.mt_note",
            notify_skip_followers=True,
            author_id=sender.id,
            email_from=rendered["email_from"] or sender.email_formatted,
            partner_ids=person.ids,
            attachment_ids=rendered["attachment_ids"],
            attachments=[
                (name, base64.b64decode(content))
                for name, content in rendered.get("attachments", [])
            ],
            email_layout_xmlid="mail.mail_notification_light",
            **({"reply_to": rendered["reply_to"]} if rendered.get("reply_to") else {}),
        )

    def _render_message(self, template, about):
        try:
            return template._generate_template(
                about.ids,
                RENDERED,
            )[about.id]
        except UserError as error:
            raise UserError(
                self.env._(
                    "The e-mail template “%(template)s” is broken. Who keeps the "
                    "templates should mend it: %(error)s",
                    template=template.name,
                    error=error,
                )
            ) from error
