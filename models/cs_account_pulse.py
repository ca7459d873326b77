from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError


class CsAccount(models.Model):
    """The pulse: what the CSM feels about a customer, as a fact."""

    _inherit = "cs.account"

    def action_note_pulse(self, pulse, note=None):
        """Record how somebody feels about this customer, and judge it at once.

        Who has left is not judged any more; the fact is kept.

        :param pulse: 1 (lost) to 5 (would fight for us)
        :param note: text; it goes into the customer's log
        :raise UserError: not one customer, another number, a note that is no text, or
            the fact is fed by a source
        """
        if len(self) != 1:
            raise UserError(self.env._("The pulse is that of one customer."))
        self.check_access("write")
        if type(pulse) not in (int, float) or pulse not in range(1, 6):
            raise UserError(self.env._("The pulse is a number from 1 to 5."))
        if not isinstance(note or "", str):
            raise UserError(self.env._("The note is a text."))
        # sudo: the one door for facts; who works the customer may tell this one
        account = self.sudo()
        answer = account.env["cs.metric.value"].record(
            [
                {
                    "account": self.id,
                    "metric": "pulse",
                    "value": pulse,
                    "at": fields.Datetime.to_string(fields.Datetime.now()),
                }
            ]
        )
        if answer["errors"]:
            raise UserError(answer["errors"][0]["reason"])
        words = self.env._("Pulse: %s of 5", pulse)
        body = Markup("<p>%s</p>") % words
        if note:
            body += Markup("<p>%s</p>") % note
        account._message_log(body=body, author_id=self.env.user.partner_id.id)
        account._judge_by_hand()
