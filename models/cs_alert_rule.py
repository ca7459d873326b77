from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

SEVERITIES = [
    ("info", "Information"),
    ("low", "Low"),
    ("medium", "Medium"),
    ("high", "High"),
]


class CsAlertRule(models.Model):
    """What is watched over the portfolio, and who is called when it happens."""

    _name = "cs.alert.rule"
    _description = "Alert Rule"
    _inherit = ["cs.match", "mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company", index=True, help="Empty: for every company."
    )
    advice = fields.Text(
        translate=True, help="What the person called should do, written for them."
    )
    severity = fields.Selection(
        selection=SEVERITIES, required=True, default="medium", tracking=True
    )
    domain = fields.Char(
        string="Customers watched",
        default="[('state', '=', 'active')]",
        required=True,
    )
    condition_ids = fields.One2many(
        comodel_name="cs.alert.condition", inverse_name="rule_id", copy=True
    )
    responsible = fields.Selection(
        selection=[("csm", "CSM of the customer"), ("user", "A person")],
        required=True,
        default="csm",
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Person", domain=[("share", "=", False)]
    )
    plan_activity = fields.Boolean(
        default=True, help="Plan an activity for the responsible."
    )
    due_days = fields.Integer(
        string="Due in (days)", default=3, help="To act once the alert is raised."
    )
    cooldown_days = fields.Integer(
        string="Quiet days",
        default=7,
        help="Days after closing in which the same customer raises no new alert.",
    )
    alert_ids = fields.One2many(comodel_name="cs.alert", inverse_name="rule_id")
    open_alert_count = fields.Integer(
        string="Open alerts", compute="_compute_open_alert_count"
    )
    last_run = fields.Datetime(copy=False, readonly=True)
    last_error = fields.Text(
        copy=False, readonly=True, help="Why the rule could not be judged last time."
    )

    _days_positive = models.Constraint(
        "CHECK(due_days >= 0 AND cooldown_days >= 0)", "Days cannot be negative."
    )

    @api.depends("alert_ids.state")
    def _compute_open_alert_count(self):
        counts = dict(
            self.env["cs.alert"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "open")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.open_alert_count = counts.get(rule, 0)

    @api.constrains("match", "match_count", "condition_ids")
    def _check_conditions(self):
        for rule in self:
            if not rule.condition_ids:
                raise ValidationError(
                    self.env._(
                        "The alert %(name)s watches nothing. Add a condition.",
                        name=rule.name,
                    )
                )
            rule._check_needed(rule.condition_ids)

    @api.constrains("responsible", "user_id")
    def _check_responsible(self):
        if any(rule.responsible == "user" and not rule.user_id for rule in self):
            raise ValidationError(self.env._("Choose the person to call."))

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                rule._scope().validate(self.env["cs.account"])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "The customers watched by %(name)s cannot be read: %(reason)s",
                        name=rule.name,
                        reason=error,
                    )
                ) from error

    def _scope(self):
        """Return the domain of the customers that this rule watches."""
        self.ensure_one()
        scope = Domain(literal_eval(self.domain or "[]"))
        if self.company_id:
            scope &= Domain("company_id", "=", self.company_id.id)
        return scope

    def action_open_alerts(self):
        """Open the alerts that this rule raised."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_alert_action"
        )
        return {**action, "domain": [("rule_id", "=", self.id)], "context": {}}
