import base64
import logging

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

RENDERED = (
    "subject",
    "body_html",
    "email_from",
    "reply_to",
    "attachment_ids",
    "report_template_ids",
)


class CsCustomerMessage(models.AbstractModel):
    """How what belongs to a customer writes to its people.

    Needs ``account_id``, ``company_id``, ``csm_id`` and ``user_id``.
    """

    _name = "cs.customer.message"
    _description = "Message to a Customer"

    def _write_each(self, write, stick):
        """Write of these records one by one: none stops another.

        :param write: function of one record, all or nothing; raises a UserError that
            says what is missing
        :param stick: function of one record and what is missing, as text for people
        :return: those that somebody else was working on, to be tried again
        """
        later = self.browse()
        for record in self:
            speaking = record._speaking_to_staff()
            try:
                with self.env.cr.savepoint():
                    write(speaking)
            except UserError as missing:
                stick(speaking, str(missing))
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                later |= record
            except Exception as error:
                _logger.exception("Nothing could be written of %s", record)
                stick(
                    speaking,
                    speaking.env._(
                        "The message could not be made. Who keeps the templates "
                        "should mend it: %(error)s",
                        error=error,
                    ),
                )
        return later

    def _speaking_to_staff(self):
        """Return one record in the language of who of ours is responsible for it."""
        staff = self.user_id or self.csm_id
        return self.with_context(lang=staff.lang or self.env.lang)

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
