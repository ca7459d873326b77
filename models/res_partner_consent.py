from odoo import fields, models
from odoo.tools import consteq, hmac

SCOPE = "customer_success.opt_out"


class ResPartner(models.Model):
    """Who agreed to our e-mails, and who asked for no more of them."""

    _inherit = "res.partner"

    cs_email_consent = fields.Boolean(
        string="Agrees to e-mails",
        tracking=True,
        help="This person agreed to get the e-mails of customer success that are sent "
        "by themselves. Messages about the person's own tasks need no consent; who is "
        "blacklisted gets none at all.",
    )

    def write(self, vals):
        """Try again what waited for an address, or for the consent of these people."""
        result = super().write(vals)
        if vals.get("email") or vals.get("cs_email_consent"):
            # sudo: what waits goes on, whoever found the address
            accounts = self.env["cs.account"].sudo()
            self.env["cs.task"]._queue_again(
                accounts.search(
                    [
                        "|",
                        ("partner_id", "in", self.ids),
                        ("contact_ids.partner_id", "in", self.ids),
                    ]
                )
            )
        return result

    # The way out

    def _cs_opt_out_token(self):
        """Return what proves that a link was sent to this person's address."""
        self.ensure_one()
        # sudo: the secret of the database signs for whoever sends
        return hmac(self.env(su=True), SCOPE, (self.id, self.email_normalized or ""))

    def _cs_check_opt_out_token(self, token):
        return bool(self.exists()) and consteq(self._cs_opt_out_token(), token or "")

    def _cs_opt_out_footer(self, lang):
        """Return the lines at the end of an e-mail by which its reader gets no more.

        :param lang: code of the language
        """
        url = (
            f"{self.get_base_url()}/customer-success/opt-out/{self.id}"
            f"/{self._cs_opt_out_token()}"
        )
        return self.env["ir.qweb"]._render(
            "customer_success.mail_opt_out", {"url": url}, lang=lang
        )

    def _cs_opt_out(self):
        """Send no more e-mails to this person's address."""
        self.ensure_one()
        # sudo: the person, by the link it was sent, is nobody here
        person = self.sudo()
        if person.email_normalized:
            person.env["mail.blacklist"]._add(
                person.email_normalized,
                message=self.env._("Opted out by the link in an e-mail."),
            )
        person.cs_email_consent = False
