from odoo import api, fields, models
from odoo.exceptions import UserError

from .cs_journey_template import JOURNEY_KINDS

ALIVE = ("running", "paused")


class CsJourney(models.Model):
    """One customer's walk through a template: where it is and where it has been.

    Only the engine writes here, as superuser; people act by the methods, which check
    that they may write the customer.
    """

    _name = "cs.journey"
    _description = "Journey"
    _order = "started_on desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        comodel_name="cs.account",
        string="Customer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True, precompute=True
    )
    csm_id = fields.Many2one(related="account_id.csm_id")
    template_id = fields.Many2one(
        comodel_name="cs.journey.template",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    kind = fields.Selection(selection=JOURNEY_KINDS, required=True, index=True)
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="running",
        required=True,
        index=True,
    )
    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        ondelete="restrict",
        index=True,
        domain="[('template_id', '=', template_id)]",
    )
    visit_id = fields.Many2one(
        comodel_name="cs.journey.visit",
        string="Current visit",
        ondelete="set null",
        index="btree_not_null",
    )
    started_on = fields.Date(string="Started on", required=True)
    ended_on = fields.Date(string="Ended on")
    paused_on = fields.Date(string="Paused on")
    reason = fields.Char(help="Why it was paused or cancelled.")
    next_check_on = fields.Date(
        help="The day on which the nightly action has something to do here."
    )
    last_moved_at = fields.Datetime(
        string="Last moved",
        help="What two people who conclude tasks at once collide on.",
    )
    planned_stage_ids = fields.One2many(
        comodel_name="cs.journey.stage", inverse_name="journey_id", string="Stages"
    )
    visit_ids = fields.One2many(
        comodel_name="cs.journey.visit", inverse_name="journey_id", string="Visits"
    )
    task_ids = fields.One2many(
        comodel_name="cs.task", inverse_name="journey_id", string="Tasks"
    )
    progress = fields.Float(
        string="Progress (%)",
        compute="_compute_progress",
        digits=(5, 1),
        help="Share of the tasks of the current visit that are settled.",
    )
    waits_for_decision = fields.Boolean(
        compute="_compute_waits_for_decision",
        compute_sudo=True,
        help="Its stage was repeated so often that a person must decide.",
    )
    open_task_count = fields.Integer(string="Open tasks", compute="_compute_progress")

    _one_lifecycle = models.UniqueIndex(
        "(account_id) WHERE kind = 'lifecycle' AND state IN ('running', 'paused')",
        "This customer has a lifecycle journey already.",
    )
    _once_at_a_time = models.UniqueIndex(
        "(account_id, template_id) WHERE state IN ('running', 'paused')",
        "This customer is on that journey already.",
    )
    _to_check_idx = models.Index("(next_check_on) WHERE state = 'running'")

    @api.depends("template_id", "account_id")
    def _compute_display_name(self):
        for journey in self:
            names = (journey.template_id.display_name, journey.account_id.display_name)
            journey.display_name = " – ".join(name or "" for name in names)

    @api.depends("task_ids.state", "visit_id")
    def _compute_progress(self):
        groups = self.env["cs.task"]._read_group(
            domain=[
                ("visit_id", "in", self.visit_id.ids),
                ("state", "!=", "cancelled"),
            ],
            groupby=["visit_id", "state"],
            aggregates=["__count"],
        )
        counts = {}
        for visit, state, count in groups:
            counts.setdefault(visit, {})[state] = count
        for journey in self:
            by_state = counts.get(journey.visit_id, {})
            total = sum(by_state.values())
            settled = by_state.get("done", 0) + by_state.get("skipped", 0)
            journey.progress = 100.0 * settled / total if total else 0.0
            journey.open_task_count = by_state.get("open", 0)

    @api.depends("visit_id.repeat_number", "state")
    def _compute_waits_for_decision(self):
        for journey in self:
            asks = journey.visit_id._waits_for_decision()
            journey.waits_for_decision = asks and journey.state == "running"

    def _check_may_move(self):
        """Raise unless the user may write the customers of these journeys."""
        self.check_access("read")
        self.account_id.check_access("write")

    @api.model
    def _check_reason(self, reason):
        """Return the reason without surrounding blanks; raise when there is none."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why: the reason stays in the history."))
        return reason

    def _check_state(self, *states):
        """Raise unless all these journeys are in one of the states."""
        for journey in self:
            if journey.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(journey)s: this is not possible while it is %(state)s.",
                        journey=journey.display_name,
                        state=labels[journey.state].lower(),
                    )
                )

    def action_open_tasks(self):
        """Open the tasks of this journey, grouped by stage."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_success.cs_task_action"
        )
        action["domain"] = [("journey_id", "=", self.id)]
        action["context"] = {"search_default_group_stage": 1}
        return action
