from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

OUTCOMES = [
    ("achieved", "Achieved"),
    ("partly", "Partly achieved"),
    ("missed", "Missed"),
    ("cancelled", "Cancelled"),
]


class CsObjective(models.Model):
    """What success is for this customer: a number to reach, and by when.

    The number comes from a metric, or is written by hand.
    """

    _name = "cs.objective"
    _description = "Objective"
    _inherit = ["cs.account.part", "mail.thread", "mail.activity.mixin"]
    _order = "due_on, id"

    name = fields.Char(string="Objective", required=True, tracking=True)
    csm_id = fields.Many2one(related="account_id.csm_id")
    plan_id = fields.Many2one(
        comodel_name="cs.plan",
        ondelete="set null",
        index="btree_not_null",
        domain="[('account_id', '=', account_id)]",
    )
    metric_id = fields.Many2one(
        comodel_name="cs.metric",
        ondelete="restrict",
        index="btree_not_null",
        help="The number is read from here. Empty: written by hand.",
    )
    unit = fields.Char(compute="_compute_unit", store=True, readonly=False)
    is_higher_better = fields.Boolean(
        string="Higher is better",
        compute="_compute_unit",
        store=True,
        readonly=False,
    )
    baseline = fields.Float(
        help="The number when it was agreed on.", aggregator=False, tracking=True
    )
    target = fields.Float(help="The number to reach.", aggregator=False, tracking=True)
    manual_value = fields.Float(
        string="Present number", aggregator=False, tracking=True
    )
    manual_on = fields.Date(
        string="Measured on", copy=False, help="When the number was written last."
    )
    current_value = fields.Float(
        string="Now", compute="_compute_current_value", aggregator=False
    )
    is_known = fields.Boolean(compute="_compute_current_value")
    progress = fields.Float(
        string="Progress (%)",
        compute="_compute_current_value",
        digits=(5, 1),
        aggregator="avg",
        help="How much of the way from the baseline to the target.",
    )
    due_on = fields.Date(string="Due", tracking=True)
    outcome = fields.Selection(
        selection=OUTCOMES, tracking=True, index=True, copy=False
    )
    outcome_on = fields.Date(
        string="Decided on",
        copy=False,
        tracking=True,
        help="Achieved: the day on which it was reached.",
    )
    is_value_moment = fields.Boolean(
        string="Moment of value",
        help="Reaching it is when the customer perceives value.",
    )
    celebrated_on = fields.Date(
        string="Celebrated on",
        copy=False,
        tracking=True,
        help="When it was celebrated and shared with the customer.",
    )
    revalidated_on = fields.Date(
        string="Revalidated on",
        copy=False,
        tracking=True,
        help="When the customer last said that this still is its success.",
    )
    notes = fields.Html()

    @api.depends("metric_id")
    def _compute_unit(self):
        for objective in self:
            metric = objective.metric_id
            objective.unit = metric.unit if metric else objective.unit
            objective.is_higher_better = (
                metric.higher_is_better
                if metric
                else objective.is_higher_better or not objective._origin
            )

    @api.depends(
        "metric_id", "manual_value", "manual_on", "baseline", "target", "account_id"
    )
    def _compute_current_value(self):
        known = self._read_metrics()
        for objective in self:
            value = objective.manual_value
            objective.is_known = bool(objective.manual_on)
            if objective.metric_id:
                key = (objective.account_id._origin.id, objective.metric_id.id)
                value = known.get(key)
                objective.is_known = value is not None
            objective.current_value = value or 0.0
            objective.progress = (
                objective._progress_of(value) if objective.is_known else 0.0
            )

    @api.onchange("metric_id", "account_id")
    def _onchange_metric_id(self):
        """Propose the present number as the baseline."""
        if self.is_known and self.metric_id and not self._origin:
            self.baseline = self.current_value

    @api.constrains("outcome_on")
    def _check_decided_by_now(self):
        for objective in self:
            if objective.outcome_on and objective.outcome_on > objective._today():
                raise ValidationError(
                    self.env._(
                        "%(objective)s cannot have been decided in the future.",
                        objective=objective.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Keep the day on which a number was written, and the baseline of facts."""
        for vals in vals_list:
            if vals.get("manual_value"):
                vals.setdefault("manual_on", self.env["cs.account"]._today())
        objectives = super().create(vals_list)
        for objective, vals in zip(objectives, vals_list, strict=True):
            if objective.is_known and objective.metric_id and "baseline" not in vals:
                objective.baseline = objective.current_value
        objectives.filtered("outcome")._tell_value()
        return objectives

    def write(self, vals):
        if "manual_value" in vals:
            vals = {"manual_on": self.env["cs.account"]._today(), **vals}
        result = super().write(vals)
        if not vals.keys().isdisjoint({"outcome", "outcome_on", "is_value_moment"}):
            self._tell_value()
        return result

    def unlink(self):
        """Let the customers know what value is left."""
        accounts = self.account_id
        result = super().unlink()
        accounts._refresh_value(accounts)
        return result

    def _tell_value(self):
        """Let the customers know when value was perceived."""
        self.account_id._refresh_value(self.account_id)

    def _read_metrics(self):
        """Return the present numbers: ``{(account id, metric id): value}``."""
        measured = self.filtered("metric_id")
        if not measured:
            return {}
        measured.account_id.check_access("read")
        rows = self.env.execute_query(
            SQL(
                "SELECT v.account_id, v.metric_id, v.value FROM (%s) v"
                " WHERE v.account_id IN %s AND v.metric_id IN %s",
                self.env["cs.metric.value"]._sql_values(),
                tuple(measured.account_id._origin.ids or [0]),
                tuple(measured.metric_id.ids),
            )
        )
        return {(account, metric): value for account, metric, value in rows}

    def _progress_of(self, value):
        """Return how much of the way a number is, 0 to 100."""
        reached = (
            value >= self.target if self.is_higher_better else value <= self.target
        )
        if reached:
            return 100.0
        way = self.target - self.baseline
        # A baseline beyond the target is no beginning of a way to it.
        if not way or (way > 0) != self.is_higher_better:
            return 0.0
        return min(max(100.0 * (value - self.baseline) / way, 0.0), 100.0)

    def _today(self):
        return self.account_id._today(self.company_id)

    def action_achieved(self):
        """Say that it was reached.

        :return: True
        """
        return self._decide("achieved")

    def action_partly(self):
        """Say that it was reached in part.

        :return: True
        """
        return self._decide("partly")

    def action_missed(self):
        """Say that it was not reached.

        :return: True
        """
        return self._decide("missed")

    def action_cancel(self):
        """Give it up: it counts for nothing.

        :return: True
        """
        return self._decide("cancelled")

    def action_reopen(self):
        """Take back what was said: it is still to be reached.

        The facts that decided on it would decide the same tonight: from now on a
        person does.

        :return: True
        """
        self.write({"outcome": False, "outcome_on": False, "celebrated_on": False})
        self.filtered("metric_id").by_hand = True
        return True

    def _decide(self, outcome):
        for objective in self:
            objective.write({"outcome": outcome, "outcome_on": objective._today()})
        return True

    def action_celebrated(self):
        """Keep that it was celebrated with the customer today.

        :return: True
        """
        for objective in self:
            objective.celebrated_on = objective._today()
        self.activity_feedback(["mail.mail_activity_data_todo"])
        return True

    def action_revalidated(self):
        """Keep that the customer confirmed today that this still is its success.

        :return: True
        """
        for objective in self:
            objective.revalidated_on = objective._today()
        return True
