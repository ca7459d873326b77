from odoo import fields, models
from odoo.exceptions import UserError


class CsHandoff(models.Model):
    """The steps of a handoff: submitted by sales, sent back by customer success."""

    _inherit = "cs.handoff"

    def action_submit(self):
        """Hand the document to customer success.

        :raises UserError: when it is not a draft, or says nothing of the customer yet
        """
        for handoff in self:
            if handoff.state not in ("draft", "sent_back"):
                raise UserError(
                    self.env._(
                        "The handoff of %(customer)s has been submitted already.",
                        customer=handoff.name,
                    )
                )
            handoff.check_access("write")
            handoff._check_amounts()
            # sudo: the state is guarded, submitting is how it changes
            handoff.sudo().write(
                {"state": "submitted", "submitted_on": fields.Datetime.now()}
            )
            handoff._notify_waiting()
        return True

    def action_send_back(self, reason):
        """Return the document to sales.

        :param reason: text for the salesperson: what is missing or unclear
        :raises UserError: without a reason, or when it is not submitted
        """
        reason = (reason or "").strip()
        self._check_is_customer_success()
        if not reason:
            raise UserError(
                self.env._("Say what is missing, so that sales can mend it.")
            )
        for handoff in self:
            if handoff.state != "submitted":
                raise UserError(
                    self.env._("Only a submitted handoff can be sent back.")
                )
            handoff.check_access("write")
            # sudo: the state is guarded, sending back is how it changes
            handoff.sudo().write({"state": "sent_back", "send_back_reason": reason})
            handoff._notify_sent_back(reason)
        return True

    def action_open_send_back(self):
        """Ask for the reason of sending back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send back"),
            "res_model": "cs.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_decision": "handoff_send_back",
                "default_handoff_ids": self.ids,
            },
        }

    def action_open_account(self):
        """Open the customer that came from this handoff."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.account",
            "res_id": self.account_id.id,
            "view_mode": "form",
        }

    def _check_is_customer_success(self):
        if not (
            self.env.su or self.env.user.has_group("customer_success.group_cs_user")
        ):
            raise UserError(
                self.env._("Only customer success accepts or sends back a handoff.")
            )

    def _check_amounts(self):
        """Refuse products that bring more than the deal.

        :raises UserError: saying both sums
        """
        self.ensure_one()
        total = sum(self.line_ids.mapped("mrr"))
        if self.currency_id.compare_amounts(total, self.mrr) > 0:
            raise UserError(
                self.env._(
                    "The products bring %(total)s a month, the MRR says %(mrr)s. "
                    "Correct one of them.",
                    total=self.currency_id.format(total),
                    mrr=self.currency_id.format(self.mrr),
                )
            )

    def _notify_waiting(self):
        """Give whoever may accept it an activity: the named CSM, else the managers."""
        self.ensure_one()
        # sudo: the salesperson hands over work to a team they are not in
        handoff = self.sudo()
        if self.csm_id:
            waiting, summary = self.csm_id, self.env._("Read the handoff and accept it")
        else:
            waiting = handoff.env["cs.team.member"]._managers(self.company_id)
            summary = self.env._("Name a CSM for this handoff, or accept it")
        for user in waiting:
            handoff.activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id, summary=summary
            )

    def _notify_sent_back(self, reason):
        self.ensure_one()
        # sudo: activities of customer success end, one for the salesperson opens
        handoff = self.sudo()
        handoff.activity_unlink(["mail.mail_activity_data_todo"])
        handoff.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(self.user_id or self.create_uid).id,
            summary=self.env._("Complete the handoff"),
            note=reason,
        )
