from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CsPlanDraftLine(models.TransientModel):
    """One step of a plan that is being made: an action, or a training."""

    _name = "cs.plan.draft.line"
    _description = "Step of a Plan's Draft"
    _order = "sequence, id"

    draft_id = fields.Many2one(
        comodel_name="cs.plan.draft", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    chosen = fields.Boolean(string="In the plan", default=True)
    action_id = fields.Many2one(comodel_name="cs.diagnostic.action")
    topic_id = fields.Many2one(comodel_name="cs.training.topic")
    name = fields.Char(string="What to do", compute="_compute_name")
    kind = fields.Selection(
        selection=[("action", "Action"), ("training", "Training")],
        compute="_compute_name",
    )
    impact = fields.Integer(related="action_id.impact")
    effort = fields.Integer(related="action_id.effort")
    priority = fields.Float(related="action_id.priority")
    module = fields.Char(related="action_id.module")
    why = fields.Html(related="action_id.why")
    finding_ids = fields.Many2many(
        comodel_name="cs.diagnostic.answer", string="Called for by"
    )
    by_journey = fields.Boolean(related="action_id.by_journey")
    responsible = fields.Selection(
        selection=[
            ("csm", "The customer's CSM"),
            ("user", "A fixed person"),
            ("customer", "The customer"),
        ],
        required=True,
        default="csm",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assigned to",
        domain="[('share', '=', False)]",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Person at the customer"
    )
    date_open = fields.Date(string="Begins on")
    date_deadline = fields.Date(string="Deadline", required=True)

    @api.depends("action_id", "topic_id")
    def _compute_name(self):
        for line in self:
            line.name = line._source().name
            line.kind = "training" if line.topic_id else "action"

    @api.onchange("responsible")
    def _onchange_responsible(self):
        account = self.draft_id.account_id
        values = self.env["cs.task"]._prepare_responsible_values(
            self.responsible, account, self.user_id or self.env.user
        )
        self.user_id = values["user_id"]
        self.partner_id = values["partner_id"]

    def _source(self):
        return self.action_id or self.topic_id

    def _check_order(self, earlier):
        """Raise when this is due before a step that it waits for."""
        for line in earlier:
            if self.date_deadline < line.date_deadline:
                raise UserError(
                    self.env._(
                        "%(step)s comes after %(earlier)s, so it cannot be due before "
                        "%(date)s.",
                        step=self.name,
                        earlier=line.name,
                        date=format_date(self.env, line.date_deadline),
                    )
                )
