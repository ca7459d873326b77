from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

CRON = "customer_success.ir_cron_plan_progress"
#: Days between two progress e-mails.
CADENCE_DAYS = {"weekly": 7, "fortnightly": 14, "monthly": 30}


class CsPlan(models.Model):
    """The plan tells its customer by e-mail how far it is, as often as was agreed.

    It has one turn each period: sent, or skipped with the reason said on the plan.
    The turn is written with the messages, so a turn that breaks off is taken again.
    """

    _name = "cs.plan"
    _inherit = ["cs.plan", "cs.customer.message"]

    mail_cadence = fields.Selection(
        selection=[
            ("none", "None"),
            ("weekly", "Every week"),
            ("fortnightly", "Every two weeks"),
            ("monthly", "Every month"),
        ],
        string="Progress e-mail",
        default="fortnightly",
        required=True,
        tracking=True,
        help="As long as the plan runs and is shared, the customer is told what was "
        "done, what is next and what is late.",
    )
    mail_contact_ids = fields.Many2many(
        comodel_name="cs.contact",
        relation="cs_plan_mail_contact_rel",
        string="Who gets it",
        domain="[('account_id', '=', account_id)]",
        help="Of these, whoever agreed to e-mails. Nobody chosen: the main contact.",
    )
    mail_next_on = fields.Date(
        string="Next e-mail", compute="_compute_mail_next_on", store=True
    )
    mail_turn_on = fields.Date(
        string="Last turn",
        readonly=True,
        copy=False,
        help="When the last e-mail was sent, or skipped.",
    )
    mail_sent_on = fields.Datetime(string="Last e-mail", readonly=True, copy=False)
    mail_sent_to = fields.Char(string="Went to", readonly=True, copy=False)
    mail_note = fields.Text(
        string="Why the last one was skipped", readonly=True, copy=False
    )

    _mail_due_idx = models.Index("(mail_next_on) WHERE mail_next_on IS NOT NULL")

    @api.depends(
        "state", "visible_to_customer", "shared_on", "mail_cadence", "mail_turn_on"
    )
    def _compute_mail_next_on(self):
        for plan in self:
            days = CADENCE_DAYS.get(plan.mail_cadence)
            turns = [day for day in (plan.mail_turn_on, plan.shared_on) if day]
            tells = days and plan.state == "running" and plan.visible_to_customer
            plan.mail_next_on = (
                max(turns) + timedelta(days=days) if tells and turns else False
            )

    @api.constrains("mail_contact_ids", "account_id")
    def _check_mail_contacts(self):
        for plan in self:
            if plan.mail_contact_ids.account_id - plan.account_id:
                raise ValidationError(
                    self.env._(
                        "The progress e-mail of %(plan)s can go to contacts of its own "
                        "customer only.",
                        plan=plan.name,
                    )
                )

    @api.model
    def _write_to_instead(self, contact, other):
        """Let one contact get the e-mails of another one, who is the same person.

        In SQL: the plan may still be that of a customer which is just being merged.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO cs_plan_mail_contact_rel (cs_plan_id, cs_contact_id)"
                " SELECT cs_plan_id, %s FROM cs_plan_mail_contact_rel"
                " WHERE cs_contact_id = %s ON CONFLICT DO NOTHING",
                other.id,
                contact.id,
            )
        )
        self.invalidate_model(["mail_contact_ids"])

    # By hand

    def action_send_progress(self):
        """Send the progress e-mail now; the next one comes a whole period later.

        :return: True
        :raise UserError: the plan is not shared, nobody agreed to e-mails, or it is
            being sent right now
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "running" or not self._is_open_to_customer():
            raise UserError(
                self.env._(
                    "The e-mail leads to the plan: share %(plan)s with the customer "
                    "first.",
                    plan=self.name,
                )
            )
        # sudo: what was told is kept from hands; access is checked above
        plan = self.sudo()
        if not plan.try_lock_for_update():
            raise UserError(self.env._("This is being sent right now."))
        plan._send_progress()
        return True

    def action_preview_progress(self):
        """Show the progress e-mail as it would go now, and to whom."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_plan_mail_preview_action"
        )
        return {**action, "context": {"default_plan_id": self.id}}

    # By itself

    @api.model
    def _domain_progress_due(self):
        """Return the plans whose turn has come."""
        return (
            Domain("mail_next_on", "!=", False)
            & self.env["cs.account"]._compare_with_today("mail_next_on", "<=")
            & Domain("account_id.active", "=", True)
            & Domain("account_id.state", "=", "active")
        )

    @api.model
    def _cron_tell_progress(self, batch_size=50):
        """Send the progress e-mails that are due, so many plans a transaction.

        :param batch_size: plans per transaction
        """
        cron = self.env["ir.cron"]
        due = self._domain_progress_due()
        later = self.browse()
        cron._commit_progress(remaining=self.search_count(due))
        while batch := self.search(
            due & Domain("id", "not in", later.ids), order="id", limit=batch_size
        ):
            free = batch._lock_what_is_free()
            later |= (batch - free) | free._tell_each()
            if not cron._commit_progress(len(batch)):
                break
        if later:
            self.env.ref(CRON)._trigger()

    def _lock_what_is_free(self):
        """Return those of these plans that nobody else is working on, locked."""
        try:
            with self.env.cr.savepoint(flush=False):
                return self.try_lock_for_update()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody changed one of them just now: the next run sees it as it is.
            return self.browse()

    def _tell_each(self):
        """Take the turn of these plans, one by one.

        :return: those that somebody else was working on, to be tried again
        """
        return self._write_each(type(self)._tell_progress, type(self)._skip_progress)

    def _tell_progress(self):
        """Tell the customer what changed; nothing changed is nothing to tell."""
        if self._people_of_progress() and not self._has_news():
            raise UserError(
                self.env._("Nothing changed since the customer was told last.")
            )
        self._send_progress()

    def _send_progress(self):
        people = self._people_of_progress()
        template = self._message_template("mail_template_plan_progress")
        for person in people:
            self._post_to(person, template, self, posted_on=self, may_opt_out=True)
        self.write(
            {
                "mail_turn_on": self.account_id._today(self.company_id),
                "mail_sent_on": fields.Datetime.now(),
                "mail_sent_to": ", ".join(people.mapped("name")),
                "mail_note": False,
                "mail_told": self._tellable(),
            }
        )

    def _skip_progress(self, reason):
        """Let this turn pass, and say why."""
        today = self.account_id._today(self.company_id)
        self.write({"mail_turn_on": today, "mail_note": reason})
        self._message_log(
            body=self.env._("No progress e-mail was sent: %(reason)s", reason=reason)
        )

    def _people_of_progress(self):
        """Return who gets the e-mail.

        :return: a res.partner recordset, never empty
        :raise UserError: nobody may be written to; says what is missing
        """
        account = self.account_id
        chosen = self.mail_contact_ids
        if not chosen:
            nobody = self.env["cs.contact.role"]
            return account._people_to_write_to(nobody, consent=True)
        people = chosen.partner_id.filtered(lambda one: one.active and one.email)
        account._check_somebody(
            people,
            self.env._(
                "%(people)s cannot be written to: no e-mail address is known. Add one, "
                "or choose other contacts on the plan.",
                people=", ".join(chosen.mapped("name")),
            ),
        )
        return account._agreeing(people)
