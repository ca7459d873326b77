from odoo import api, fields, models


class CsPlanDraft(models.TransientModel):
    """The plan before it is made: which actions, by whom, until when."""

    _name = "cs.plan.draft"
    _description = "Draft of a Plan"

    diagnostic_id = fields.Many2one(
        comodel_name="cs.diagnostic", required=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="diagnostic_id.account_id", related_sudo=False)
    company_id = fields.Many2one(related="diagnostic_id.company_id", related_sudo=False)
    level = fields.Selection(related="diagnostic_id.level", related_sudo=False)
    score = fields.Float(related="diagnostic_id.score", related_sudo=False)
    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        compute="_compute_name",
        store=True,
        readonly=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    journey_template_id = fields.Many2one(
        related="diagnostic_id.template_id.journey_template_id"
    )
    has_journey = fields.Boolean(compute="_compute_has_journey")
    start_journey = fields.Boolean(
        string="Start the journey",
        help="It leads the customer through the steps that follow the plan.",
    )
    line_ids = fields.One2many(
        comodel_name="cs.plan.draft.line",
        inverse_name="draft_id",
        string="Steps",
    )

    @api.depends("diagnostic_id")
    def _compute_name(self):
        for draft in self:
            values = draft.diagnostic_id._prepare_plan()
            draft.name = values["name"]
            draft.user_id = values["user_id"]

    @api.depends("diagnostic_id")
    def _compute_has_journey(self):
        for draft in self:
            draft.has_journey = draft.diagnostic_id._has_journey()

    @api.model_create_multi
    def create(self, vals_list):
        """Propose what the answers call for."""
        drafts = super().create(vals_list)
        for draft in drafts:
            draft._propose()
        return drafts

    def _propose(self):
        diagnostic = self.diagnostic_id
        actions = diagnostic.proposed_actions()
        steps = diagnostic._plan_steps(actions, self.has_journey)
        ranks = {action: rank for rank, action in enumerate(actions)}
        steps.sort(key=lambda step: ranks.get(step["source"], len(ranks)))
        self.line_ids = [
            fields.Command.create(self._prepare_line(step, rank))
            for rank, step in enumerate(steps)
        ]

    def _prepare_line(self, step, rank):
        source = step["source"]
        is_action = source._name == "cs.diagnostic.action"
        return {
            "sequence": rank,
            "action_id": source.id if is_action else False,
            "topic_id": False if is_action else source.id,
            "finding_ids": step["answers"].ids,
            "responsible": step["responsible"],
            "user_id": step["user_id"],
            "partner_id": step["partner_id"],
            "date_open": step["date_open"],
            "date_deadline": step["date_deadline"],
        }

    def action_create_plan(self):
        """Make the plan of the chosen steps.

        :return: the action that opens it
        :raise UserError: nothing is chosen, or something ends before what it waits for
        """
        self.ensure_one()
        plan = self.diagnostic_id._create_plan(
            self._chosen_steps(),
            start_journey=self.start_journey,
            name=self.name,
            user_id=self.user_id.id,
        )
        return {
            "type": "ir.actions.act_window",
            "name": plan.name,
            "res_model": "cs.plan",
            "res_id": plan.id,
            "view_mode": "form",
        }

    def _chosen_steps(self):
        """Return the steps as they were chosen and changed here."""
        lines = self.line_ids.filtered("chosen")
        by_source = {line._source(): line for line in lines}
        actions = lines.action_id
        steps = self.diagnostic_id._plan_steps(
            actions, self.has_journey or self.start_journey
        )
        chosen = [step for step in steps if step["source"] in by_source]
        for step in chosen:
            line = by_source[step["source"]]
            step["before"] = [one for one in step["before"] if one in by_source]
            line._check_order([by_source[one] for one in step["before"]])
            step |= {
                "date_deadline": line.date_deadline,
                "date_open": min(step["date_open"], line.date_deadline),
                "responsible": line.responsible,
                "user_id": line.user_id.id,
                "partner_id": line.partner_id.id,
            }
        return chosen
