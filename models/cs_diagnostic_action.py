from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CsDiagnosticAction(models.Model):
    """What to do about a finding: a task as the plan will have it, and what it brings.

    How it is done stands in the instructions of the task.
    """

    _name = "cs.diagnostic.action"
    _description = "Diagnostic Action"
    _inherit = ["cs.task.blueprint"]
    _order = "sequence, id"

    template_id = fields.Many2one(
        comodel_name="cs.diagnostic.template",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    why = fields.Html(
        translate=True, help="What the customer gains by it, in the customer's words."
    )
    impact = fields.Integer(
        default=3, required=True, aggregator=False, help="1 (little) to 5 (much)."
    )
    effort = fields.Integer(
        default=3, required=True, aggregator=False, help="1 (little) to 5 (much)."
    )
    priority = fields.Float(
        string="Impact ÷ effort",
        compute="_compute_priority",
        digits=(4, 2),
        help="Plans propose the highest first.",
    )
    module = fields.Char(
        string="Module to release",
        translate=True,
        help="What has to be released to the customer before it can begin.",
    )
    topic_ids = fields.Many2many(
        comodel_name="cs.training.topic",
        relation="cs_diagnostic_action_topic_rel",
        string="Trainings",
        help="Held when the action is done.",
    )
    after_ids = fields.Many2many(
        comodel_name="cs.diagnostic.action",
        relation="cs_diagnostic_action_after_rel",
        column1="action_id",
        column2="before_id",
        copy=False,
        string="Comes after",
        domain="[('template_id', '=', template_id), ('id', '!=', id)]",
        help="Actions that have to be settled before this one begins.",
    )
    waits_for_findings = fields.Boolean(
        string="Waits for the findings",
        help="Begins only when every finding that closes the gate is settled.",
    )
    stage_id = fields.Many2one(
        comodel_name="cs.journey.template.stage",
        string="Stage of the journey",
        ondelete="set null",
        index="btree_not_null",
        help="The step of the journey that it belongs to.",
    )
    journey_task_ids = fields.Many2many(
        comodel_name="cs.journey.template.task",
        relation="cs_diagnostic_action_journey_rel",
        string="Tasks of the journey",
        help="What the journey asks for in general: a plan takes its place.",
    )
    by_journey = fields.Boolean(
        string="Done by the journey",
        help="The journey has its own tasks for it: a plan that starts the journey, "
        "or finds it running, leaves this action to it.",
    )
    partly_question_ids = fields.Many2many(
        comodel_name="cs.diagnostic.question",
        relation="cs_diagnostic_question_partly_rel",
        copy=False,
        string="Called for by partly",
        domain="[('template_id', '=', template_id)]",
    )
    not_done_question_ids = fields.Many2many(
        comodel_name="cs.diagnostic.question",
        relation="cs_diagnostic_question_not_done_rel",
        copy=False,
        string="Called for by not done",
        domain="[('template_id', '=', template_id)]",
    )

    _impact_range = models.Constraint(
        "CHECK (impact BETWEEN 1 AND 5 AND effort BETWEEN 1 AND 5)",
        "Impact and effort go from 1 to 5.",
    )

    @api.depends("impact", "effort")
    def _compute_priority(self):
        for action in self:
            action.priority = action.impact / action.effort if action.effort else 0.0

    @api.constrains("after_ids")
    def _check_order_ends(self):
        if self._has_cycle("after_ids"):
            raise ValidationError(
                self.env._(
                    "These actions wait for each other in a circle, so none could "
                    "begin. Take one out of “Comes after”."
                )
            )
        for action in self:
            if action.after_ids.template_id - action.template_id:
                raise ValidationError(
                    self.env._(
                        "%(action)s can come after actions of its own template only.",
                        action=action.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: tasks that the user does not see come from the action too
        tasks = self.env["cs.task"].sudo()
        used = tasks.search([("action_id", "in", self.ids)]).action_id
        if used:
            raise UserError(
                self.env._(
                    "Plans were made with %(names)s, so it cannot be deleted. Archive "
                    "it: it will not be proposed any more.",
                    names=", ".join(used.mapped("name")),
                )
            )

    def _best_first(self):
        """Return these actions by impact ÷ effort; ties by their order."""
        return self.sorted(lambda one: (-one.priority, one.sequence, one.id))

    def _all_before(self):
        """Return all actions that have to be settled before this one begins."""
        before = self.after_ids
        while before.after_ids - before:
            before |= before.after_ids
        return before
