from odoo import Command, fields, models

# Of so many customers, one whose people were not asked about e-mails yet.
ASKED_ALL_BUT = 6


class CsDemo(models.AbstractModel):
    """The customers' people of the demo company: what they agreed to and were sent."""

    _inherit = "cs.demo"

    def _settle_people(self, accounts):
        """Note who agreed to e-mails; what opened in the past was sent then."""
        asked = accounts.filtered(lambda account: account.id % ASKED_ALL_BUT)
        asked.contact_ids.partner_id.cs_email_consent = True
        sent = self.env["cs.task"].search(
            [("delivery", "=", "to_send"), ("kind", "not in", ("email", "survey"))]
        )
        for task in sent:
            people = task._people_of_notice()
            task.write(
                {
                    "delivery": "sent",
                    "sent_on": fields.Datetime.to_datetime(task.date_open),
                    "sent_to": ", ".join(people.mapped("name")),
                }
            )
        project = self._ref("cs_phase_project")
        beginners = accounts.filtered(lambda account: account.phase_id == project)
        account = beginners[:1] or accounts[:1]
        self._do_our_part(account.lifecycle_journey_id)
        self._make_portal_user(account.contact_ids[:1], "mariana")

    @staticmethod
    def _do_our_part(journey):
        """Conclude what our people do, until it is the customer's turn."""
        while ours := journey.task_ids.filtered(
            lambda task: task.state == "open" and task.mandatory
        ):
            if ours.filtered("is_of_customer"):
                return
            ours.action_done()

    def _make_portal_user(self, contact, login):
        """Let a person of a customer sign in: the password is the login."""
        account = contact.account_id
        user = self.env["res.users"].create(
            {
                "login": login,
                "password": login,
                "partner_id": contact.partner_id.id,
                "lang": account.csm_id.lang or contact.partner_id.lang,
                "group_ids": [Command.set([self.env.ref("base.group_portal").id])],
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "customer_success",
                "name": f"user_{login}",
                "model": "res.users",
                "res_id": user.id,
                "noupdate": True,
            }
        )
