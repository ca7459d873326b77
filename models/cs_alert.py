from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_alert_rule import SEVERITIES


class CsAlert(models.Model):
    """Something that happened at a customer and wants somebody's eye.

    A rule has one open alert per customer; while it is open, what happens again is
    counted on it instead of raising another one.
    """

    _name = "cs.alert"
    _description = "Alert"
    _inherit = ["cs.guarded", "mail.thread", "mail.activity.mixin"]
    _guarded_fields = (
        "rule_id",
        "account_id",
        "company_id",
        "severity",
        "severity_rank",
        "state",
        "raised_on",
        "last_seen_on",
        "occurrences",
        "unconfirmed",
        "called",
        "observed",
        "closed_on",
        "closed_by_id",
        "closing_note",
    )
    _order = "state desc, severity_rank desc, raised_on desc, id desc"

    rule_id = fields.Many2one(
        comodel_name="cs.alert.rule", required=True, ondelete="restrict", index=True
    )
    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Responsible", index=True, tracking=True
    )
    severity = fields.Selection(selection=SEVERITIES, required=True)
    severity_rank = fields.Integer(aggregator=None)
    state = fields.Selection(
        selection=[("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        index=True,
    )
    called = fields.Boolean(help="The responsible has been given an activity.")
    advice = fields.Text(related="rule_id.advice", related_sudo=True)
    raised_on = fields.Datetime(required=True)
    due_on = fields.Date(string="Due")
    last_seen_on = fields.Datetime(help="When the rule last saw a change in it.")
    occurrences = fields.Integer(default=1, aggregator="sum")
    unconfirmed = fields.Boolean(
        help="The facts behind it are unknown or too old now: it stays open until "
        "they are known again."
    )
    observed = fields.Json(help="What the conditions saw when the alert was last seen.")
    explanation = fields.Text(string="Why", compute="_compute_explanation")
    closed_on = fields.Datetime(readonly=True)
    closed_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    closing_note = fields.Char(readonly=True)

    _open_uniq = models.UniqueIndex(
        "(rule_id, account_id) WHERE state = 'open'",
        "This customer has an open alert of that rule already.",
    )

    @api.depends("rule_id", "account_id")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = (
                f"{alert.sudo().rule_id.name} · {alert.account_id.display_name}"
            )

    @api.depends("observed")
    @api.depends_context("lang")
    def _compute_explanation(self):
        # sudo: whoever may read the alert may read why it was raised
        conditions = self.env["cs.alert.condition"].sudo()
        known = conditions.browse(
            {seen["condition"] for alert in self for seen in alert.observed or []}
        ).exists()
        for alert in self:
            answers = {}
            for seen in alert.observed or []:
                condition = conditions.browse(seen["condition"])
                if condition in known:
                    # Two limits of one value are one line.
                    answers.setdefault(
                        condition._basis_label(), condition._answer(seen["value"])
                    )
            alert.explanation = "\n".join(answers.values())

    def action_ask_close(self):
        """Ask what was done, then close these alerts."""
        self.check_access("write")
        still_open = self.filtered(lambda alert: alert.state == "open")
        if not still_open:
            raise UserError(self.env._("This alert is closed already."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_reason_action"
        )
        context = {
            "default_decision": "alert_close",
            "default_alert_ids": still_open.ids,
        }
        return {**action, "name": self.env._("What was done?"), "context": context}

    def action_close(self, note=None):
        """Close these alerts by hand; the rule stays quiet for its quiet days.

        :param note: text kept on the alert, optional
        :raises UserError: when one is closed already
        """
        self.check_access("write")
        if any(alert.state == "closed" for alert in self):
            raise UserError(self.env._("This alert is closed already."))
        # sudo: the state is guarded, closing is how it changes
        self.sudo()._close(note or self.env._("Closed by hand"), self.env.user)
        return True

    def _close(self, note, user=None):
        """End the alerts and what was planned for them."""
        self.write(
            {
                "state": "closed",
                "closed_on": fields.Datetime.now(),
                "closed_by_id": user.id if user else False,
                "closing_note": note,
            }
        )
        self._end_activities()

    @api.model
    def _follow_up(self, limit=None):
        """Call the responsible of new alerts, end the activities of closed ones.

        :param limit: at most so many alerts of each, None for all
        :return: how many alerts were followed up
        """
        to_call = self.search(
            [
                ("state", "=", "open"),
                ("called", "=", False),
                ("user_id", "!=", False),
                ("rule_id.plan_activity", "=", True),
            ],
            limit=limit,
        )
        to_call._plan_activities()
        done = self.search(
            [
                ("state", "=", "closed"),
                ("activity_ids.activity_type_id", "=", self._activity_type().id),
            ],
            limit=limit,
        )
        done._end_activities()
        return len(to_call) + len(done)

    @api.model
    def _activity_type(self):
        return self.env.ref("mail.mail_activity_data_todo")

    def _end_activities(self):
        for note, alerts in self.grouped("closing_note").items():
            alerts.activity_feedback(["mail.mail_activity_data_todo"], feedback=note)

    def _plan_activities(self):
        """Give the responsible of each alert an activity, in that person's language.

        The activity list is where it is seen: no e-mail for each of them.
        """
        for alert in self:
            user = alert.user_id
            if not user.has_group("customer_success.group_cs_user"):
                continue
            spoken = alert.with_context(lang=user.lang, mail_activity_quick_update=True)
            spoken.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=alert.due_on,
                user_id=user.id,
                summary=spoken.rule_id.name,
                note=spoken.explanation,
            )
        self.called = True
