from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CRON = "customer_success.ir_cron_deliver_tasks"


class CsTask(models.Model):
    """Tasks that write to the customer by themselves.

    When they open they stand in a queue, worked off right afterwards in transactions
    of its own: no message, however broken, holds up a journey. What cannot be sent
    says what is missing, and waits for a person.
    """

    _inherit = "cs.task"

    delivery = fields.Selection(
        selection=[
            ("to_send", "To be sent"),
            ("sent", "Sent"),
            ("stuck", "Waits for a person"),
        ],
        string="Message",
        copy=False,
        help="Of tasks that write to the customer by themselves.",
    )
    delivery_note = fields.Text(string="What is missing", copy=False)
    sends = fields.Boolean(
        string="Sends by itself",
        compute="_compute_sends",
        help="The customer gets a message when this task opens.",
    )
    sent_on = fields.Datetime(string="Sent on", copy=False)
    sent_to = fields.Char(string="Sent to", copy=False)

    _to_send_idx = models.Index("(id) WHERE delivery = 'to_send'")
    _stuck_idx = models.Index("(account_id) WHERE delivery = 'stuck'")

    @api.depends("kind", "responsible")
    def _compute_sends(self):
        for task in self:
            task.sends = task._message_kind() is not None

    @api.model
    def _engine_fields(self):
        return super()._engine_fields() | {
            "delivery",
            "delivery_note",
            "sent_on",
            "sent_to",
        }

    def _after_open(self):
        res = super()._after_open()
        # Another kind may have settled some of them already.
        self.filtered(lambda task: task.sends and task.state == "open")._queue()
        return res

    def _after_settle(self):
        res = super()._after_settle()
        # What was settled otherwise is not sent any more. Searched, not read: there may
        # be thousands.
        unsent = [("id", "in", self.ids), ("delivery", "in", ("to_send", "stuck"))]
        self.search(unsent).write({"delivery": False, "delivery_note": False})
        return res

    def _after_resume(self):
        res = super()._after_resume()
        # Consent or an address may have come in the meantime.
        self.filtered(
            lambda task: task.state == "open" and task.delivery == "stuck"
        )._queue()
        return res

    def _message_kind(self):
        """Return what the customer gets: email, survey, notice; None for nothing."""
        if self.kind in ("email", "survey"):
            return self.kind
        of_customer = self.responsible == "customer" and self.kind != "indicator"
        return "notice" if of_customer else None

    def action_send(self):
        """Send now what these open tasks send to the customer.

        :return: True
        :raise UserError: a task sends nothing, is not open, was sent, or something is
            missing; the message says what
        """
        self.check_access("write")
        tasks = self._engine()
        if tasks.try_lock_for_update() != tasks:
            raise UserError(self.env._("This is being sent right now."))
        tasks._check_open()
        for task in tasks:
            task._check_to_be_sent()
            task._deliver()
        return True

    def _check_to_be_sent(self):
        if not self.sends:
            raise UserError(
                self.env._("%(task)s sends nothing by itself.", task=self.name)
            )
        if self.delivery == "sent":
            raise UserError(
                self.env._("This was sent to %(people)s already.", people=self.sent_to)
            )

    # The queue

    def _queue(self):
        """Let these tasks be sent, right after this transaction."""
        if self:
            self.write({"delivery": "to_send", "delivery_note": False})
            self.env.ref(CRON)._trigger()

    @api.model
    def _queue_again(self, accounts):
        """Try again what could not be sent to these customers: something changed."""
        stuck = self._engine().search(
            [
                ("account_id", "in", accounts.ids),
                ("delivery", "=", "stuck"),
                ("state", "=", "open"),
            ]
        )
        stuck._queue()

    @api.model
    def _domain_to_send(self):
        return (
            Domain("delivery", "=", "to_send")
            & Domain("state", "=", "open")
            & self._domain_not_paused()
        )

    @api.model
    def _domain_not_paused(self):
        """Return the tasks that are not held by a pause of their journey."""
        return Domain("journey_id", "=", False) | Domain(
            "journey_id.state", "!=", "paused"
        )

    @api.model
    def _cron_deliver(self, batch_size=50):
        """Send what is to be sent, so many tasks a transaction.

        :param batch_size: tasks per transaction
        """
        cron = self.env["ir.cron"]
        tasks = self._engine()
        queue = self._domain_to_send()
        later = tasks.browse()
        cron._commit_progress(remaining=tasks.search_count(queue))
        while batch := tasks.search(
            queue & Domain("id", "not in", later.ids), order="id", limit=batch_size
        ).try_lock_for_update():
            later |= batch._deliver_each()
            if not cron._commit_progress(len(batch)):
                break
        if later:
            self.env.ref(CRON)._trigger()

    def _deliver_each(self):
        """Send these one by one: none stops another.

        :return: those that somebody else was working on, to be tried again
        """
        return self._write_each(type(self)._deliver, type(self)._stick)

    def _stick(self, missing):
        """Say what is missing, and wait for a person."""
        self.write({"delivery": "stuck", "delivery_note": missing})
        self._message_log(body=missing)

    # Sending

    def _deliver(self):
        """Write to the customer, all or nothing.

        :raise UserError: what is missing, for people
        """
        self.ensure_one()
        send = {
            "email": self._deliver_email,
            "survey": self._deliver_survey,
            "notice": self._deliver_notice,
        }[self._message_kind()]
        people = send()
        self.write(
            {
                "delivery": "sent",
                "delivery_note": False,
                "sent_on": fields.Datetime.now(),
                "sent_to": ", ".join(people.mapped("name")),
            }
        )
        self._after_delivery()

    def _after_delivery(self):
        """Do what follows when the message is on its way: an e-mail is done by it."""
        if self.kind == "email":
            self._conclude()
